package io.quorate.server.admin;

import io.quorate.server.lang.Deadline;
import io.quorate.sql.lang.CancelFlag;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Changes that are written down, and end as the test says. */
public final class FakeChanges implements MembershipChanges {
  public final List<MembershipChange> made = new CopyOnWriteArrayList<>();

  /** Runs within each change, to block or to throw. */
  public volatile Consumer<MembershipChange> during = change -> {};

  @Override
  public int followersMax() {
    return 3;
  }

  @Override
  public void make(MembershipChange change, Deadline deadline, CancelFlag cancel) {
    during.accept(change);
    made.add(change);
  }
}
