package io.quorate.server.tx;

import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.RequestId;
import io.quorate.server.tx.Evaluation.Evaluated;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One statement that is a transaction of its own, evaluated once and proposed, on a thread that
 * must not wait: what finds a lock taken, or its view outdated, is left to {@link AutocommitWrite}.
 */
final class ImmediateWrite {
  /** Some ten microseconds of copying. */
  private static final int BYTES_MAX = 64 << 10;

  private final Transactions transactions;
  private final Leadership leadership;
  private final Evaluation statement;
  private final LockTable.Owner owner = new LockTable.Owner();

  ImmediateWrite(Transactions transactions, Leadership leadership, Evaluation statement) {
    this.transactions = transactions;
    this.leadership = leadership;
    this.statement = statement;
  }

  /** What will come of it; null when nothing was proposed, whatever the reason. */
  @Nullable CompletableFuture<Written> propose(Request request, RequestId id) {
    ReadView open = transactions.newestViewNow();
    if (open == null) {
      return null;
    }
    CompletableFuture<Written> proposed = null;
    try (ReadView view = open) {
      proposed = propose(request, id, view);
    } finally {
      if (proposed == null) {
        leadership.locks().release(owner);
      }
    }
    return proposed == null
        ? null
        : proposed.whenComplete((written, problem) -> LockEnd.of(leadership, owner, problem));
  }

  private @Nullable CompletableFuture<Written> propose(
      Request request, RequestId id, ReadView view) {
    SequenceDraws draws = new SequenceDraws(leadership.sequences(), view);
    Evaluated evaluated = statement.evaluate(view, draws);
    List<StoreChange> changes = evaluated.changes().changes();
    List<Integer> definitions = draws.definitions(evaluated.changes().tables());
    if (WriteBuffer.bytes(changes) > Math.min(BYTES_MAX, transactions.writeSetBytesMax())
        || !lock(evaluated.changes(), definitions)
        || !stands(evaluated, definitions, view)) {
      return null;
    }
    List<Long> counts = List.of(evaluated.changes().updateCount());
    return changes.isEmpty() && draws.areReserved()
        ? CompletableFuture.completedFuture(new Written(counts, view.revision()))
        : transactions
            .pipeline()
            .proposeNow(
                request, id, leadership.epoch(), draws.with(writes(evaluated), view), counts);
  }

  private boolean lock(Plan.Changes changes, List<Integer> definitions) {
    List<LockName> shared = Conflicts.definitions(definitions);
    List<LockName> exclusive = Conflicts.keys(changes.changes());
    if (!changes.keys().isEmpty()) {
      shared = both(shared, Conflicts.references(changes.keys(), false));
      exclusive = both(exclusive, Conflicts.references(changes.keys(), true));
    }
    return leadership.locks().tryAcquire(owner, shared, exclusive);
  }

  private static List<LockName> both(List<LockName> first, List<LockName> second) {
    List<LockName> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Whether the newest view, now that all is locked, shows what the statement saw. */
  private boolean stands(Evaluated evaluated, List<Integer> definitions, ReadView view) {
    if (!transactions.isOutdated(view)) {
      return true;
    }
    ReadView open = transactions.newestViewNow();
    if (open == null) {
      return false;
    }
    try (ReadView newest = open) {
      return Conflicts.sameDefinitions(
              evaluated.catalog(), transactions.catalogs().of(newest), definitions)
          && Conflicts.find(evaluated.changes().changes(), newest).isEmpty()
          && Conflicts.findUnbound(evaluated.changes().keys(), view, newest).isEmpty();
    }
  }

  private static WriteSet writes(Evaluated evaluated) {
    WriteSet.Builder writes =
        WriteSet.newBuilder().setUpdateCount(evaluated.changes().updateCount());
    for (StoreChange change : evaluated.changes().changes()) {
      if (!Objects.equals(change.seen(), change.value())) {
        writes.addChanges(WriteBuffer.change(change.table(), change.key(), change.value()));
      }
    }
    return writes.build();
  }
}
