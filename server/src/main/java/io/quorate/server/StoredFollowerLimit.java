package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.admin.MembershipChanges;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.Replica;
import io.quorate.server.tx.ClusterSettings;
import io.quorate.server.tx.Control;
import io.quorate.server.tx.Transactions;
import io.quorate.sql.store.ReadView;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The limit as a replica has it, as a setting of the cluster. Thread-safe. */
final class StoredFollowerLimit implements FollowerLimit {
  private static final String NAME = "max_followers";

  private final Replica replica;
  private final AtomicReference<@Nullable Transactions> transactions = new AtomicReference<>();

  StoredFollowerLimit(Replica replica) {
    this.replica = replica;
  }

  /** From when on it can be set. */
  void writeBy(Transactions opened) {
    transactions.set(opened);
  }

  @Override
  public int get() {
    try (ReadView view = replica.readView()) {
      return ClusterSettings.find(view, NAME)
          .map(Integer::parseInt)
          .orElse(MembershipChanges.FOLLOWERS_MAX);
    }
  }

  @Override
  public boolean isNewest() {
    return replica.proposer().isReady();
  }

  @Override
  public void set(int followers, Control control) {
    Transactions writing = transactions.get();
    if (writing == null) {
      throw new QuorateException(ErrorCode.NO_LEADER, "this node is not open yet");
    }
    ClusterSettings.set(writing, NAME, Integer.toString(followers), control);
  }
}
