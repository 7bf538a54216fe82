package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.LobKeys;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the large values that no row has, on the node that leads, by writes as any others:
 * replicas remove the same at the same place in the log, and views that were opened before go on
 * showing them.
 *
 * <pre>
 *  staged, and nothing comes for long ─▶ dead ─▶ some chunks a write ─▶ forgotten
 *  the table is gone ─▶ its values, some a write ─▶ dead
 * </pre>
 *
 * <p>How long nothing has come is this node's own measure, and begins anew with a leadership. What
 * a transaction has taken up is locked until that ends, and left alone.
 *
 * <p>One run at a time, for a while at most; one that fails in the middle leaves what is left
 * registered.
 */
public final class LobCleaner implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(LobCleaner.class);

  /** Chunks of one write: 4 MiB that the store gives up, of which the log carries the keys. */
  private static final int CHUNKS_AT_ONCE = 64;

  private static final int VALUES_AT_ONCE = 1_000;

  /** Writes of one run; what is left has to wait for the next. */
  private static final int WRITES_MAX = 200;

  private static final Duration WRITE_TIME = Duration.ofSeconds(10);

  private final Transactions transactions;
  private final Duration stagedIdle;

  /** What has come of staged values, and since when that is so; used by the one run. */
  private final Map<Long, Progress> progress = new HashMap<>();

  private record Progress(Row state, long sinceNanos) {}

  /**
   * @param stagedIdle how long a value waits for its next part, or for its statement
   */
  public LobCleaner(Transactions transactions, Duration stagedIdle) {
    this.transactions = transactions;
    this.stagedIdle = stagedIdle;
  }

  /** Removes what there is to be removed, or a part of it. Blocks as writes do. */
  @Override
  public void run() {
    int left = WRITES_MAX;
    left = giveUpStaged(left);
    left = giveUpTables(left);
    var unused = removeDead(left);
  }

  private int giveUpStaged(int writesMax) {
    int left = writesMax;
    long now = transactions.nanos();
    Map<Long, Row> staged = new HashMap<>();
    entries(LobKeys.Kind.STAGED).forEach((key, row) -> staged.put(LobKeys.id(key), row));
    progress.keySet().retainAll(staged.keySet());
    for (Map.Entry<Long, Row> each : staged.entrySet()) {
      long id = each.getKey();
      Progress known = progress.get(id);
      if (known == null || !known.state().equals(each.getValue())) {
        progress.put(id, new Progress(each.getValue(), now));
      } else if (left > 0 && now - known.sinceNanos() > stagedIdle.toNanos()) {
        left--;
        giveUp(id, each.getValue(), now);
      }
    }
    return left;
  }

  private void giveUp(long id, Row state, long now) {
    try {
      write(
          view -> {
            List<StoreChange> changes = new ArrayList<>();
            RowKey key = LobKeys.staged(id);
            Optional<Row> seen = view.find(LobKeys.REGISTER, key);
            if (seen.equals(Optional.of(state))) {
              changes.add(new StoreChange(LobKeys.REGISTER, key, state, null));
              changes.add(
                  new StoreChange(LobKeys.REGISTER, LobKeys.dead(id), null, LobKeys.PRESENT));
            }
            return changes;
          });
      log.atInfo().addKeyValue("value", id).log("large value without a statement given up");
    } catch (QuorateException e) {
      if (e.code() != ErrorCode.LOCK_TIMEOUT && e.code() != ErrorCode.WRITE_CONFLICT) {
        throw e;
      }
      progress.put(id, new Progress(state, now));
    }
  }

  private int giveUpTables(int writesMax) {
    int left = writesMax;
    for (RowKey gone : entries(LobKeys.Kind.TABLE_GONE).keySet()) {
      boolean more = true;
      while (more && left > 0) {
        left--;
        more = write(view -> ofTable(view, gone)) == 2 * VALUES_AT_ONCE;
      }
    }
    return left;
  }

  private static List<StoreChange> ofTable(ReadView view, RowKey gone) {
    int table = LobKeys.table(gone);
    List<StoreChange> changes = new ArrayList<>();
    ReadView.RowCursor values =
        view.scan(
            LobKeys.REGISTER,
            Optional.of(LobKeys.live(table, 0)),
            Optional.of(LobKeys.afterLive(table)));
    int count = 0;
    while (values.next()) {
      if (count++ == VALUES_AT_ONCE) {
        return changes;
      }
      RowKey dead = LobKeys.dead(LobKeys.id(values.key()));
      changes.add(new StoreChange(LobKeys.REGISTER, values.key(), values.row(), null));
      changes.add(new StoreChange(LobKeys.REGISTER, dead, null, LobKeys.PRESENT));
    }
    view.find(LobKeys.REGISTER, gone)
        .ifPresent(row -> changes.add(new StoreChange(LobKeys.REGISTER, gone, row, null)));
    return changes;
  }

  private int removeDead(int writesMax) {
    int left = writesMax;
    for (RowKey dead : entries(LobKeys.Kind.DEAD).keySet()) {
      boolean more = true;
      while (more && left > 0) {
        left--;
        more = write(view -> chunksOf(view, dead)) == CHUNKS_AT_ONCE;
      }
    }
    return left;
  }

  private static List<StoreChange> chunksOf(ReadView view, RowKey dead) {
    long id = LobKeys.id(dead);
    List<StoreChange> changes = new ArrayList<>();
    ReadView.RowCursor chunks =
        view.scan(
            LobKeys.CHUNKS,
            Optional.of(LobKeys.chunk(id, 0)),
            Optional.of(LobKeys.afterChunks(id)));
    while (chunks.next()) {
      changes.add(new StoreChange(LobKeys.CHUNKS, chunks.key(), chunks.row(), null));
      if (changes.size() == CHUNKS_AT_ONCE) {
        return changes;
      }
    }
    view.find(LobKeys.REGISTER, dead)
        .ifPresent(row -> changes.add(new StoreChange(LobKeys.REGISTER, dead, row, null)));
    return changes;
  }

  /** The first entries of a kind, in their order. */
  private Map<RowKey, Row> entries(LobKeys.Kind kind) {
    Map<RowKey, Row> entries = new java.util.TreeMap<>();
    try (ReadView view = transactions.newestView()) {
      ReadView.RowCursor all =
          view.scan(LobKeys.REGISTER, Optional.of(kind.from()), Optional.of(kind.to()));
      while (entries.size() < VALUES_AT_ONCE && all.next()) {
        entries.put(all.key(), all.row());
      }
    }
    return entries;
  }

  /** How many entries it has changed. */
  private int write(Function<ReadView, List<StoreChange>> changes) {
    int[] count = new int[1];
    Evaluation evaluation =
        transactions.ofSystem(
            view -> {
              List<StoreChange> made = changes.apply(view);
              count[0] = made.size();
              return new Plan.Changes(0, made, List.of());
            });
    Control control =
        new Control(Deadline.after(WRITE_TIME, transactions::nanos), CancelFlag.NEVER);
    var unused = transactions.write(List.of(evaluation), Request.UNNAMED, control);
    return count[0];
  }
}
