package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Evaluation.Evaluated;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.ReferencedKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One write that is a transaction of its own: evaluated again and again, with the locks kept, until
 * what it saw stands. Confined to the statement's thread; its locks go when the log has answered,
 * on whatever thread that is.
 */
final class AutocommitWrite {
  /** The second attempt has its keys locked; more come only when each finds other keys. */
  static final int ATTEMPTS_MAX = 16;

  private final Transactions transactions;
  private final Leadership leadership;
  private final List<? extends Evaluation> statements;
  private final Control control;
  private final LockTable.Owner owner = new LockTable.Owner();

  AutocommitWrite(
      Transactions transactions,
      Leadership leadership,
      List<? extends Evaluation> statements,
      Control control) {
    this.transactions = transactions;
    this.leadership = leadership;
    this.statements = statements;
    this.control = control;
  }

  CompletableFuture<Written> evaluateAndPropose(CommitPipeline.Proposal proposal) {
    return LockEnd.after(leadership, owner, () -> attempt(proposal));
  }

  private CompletableFuture<Written> attempt(CommitPipeline.Proposal proposal) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      control.check();
      try (ReadView view = transactions.newestView()) {
        Batch batch = evaluate(view);
        leadership.locks().acquire(owner, batch.definitions(), LockTable.Mode.SHARED, control);
        leadership.locks().acquire(owner, batch.keys(), LockTable.Mode.EXCLUSIVE, control);
        Conflicts.lock(batch.referenced, leadership.locks(), owner, control);
        if (stands(batch, view)) {
          return batch.buffer.isEmpty() && batch.draws.areReserved()
              ? CompletableFuture.completedFuture(new Written(batch.counts, view.revision()))
              : proposal.propose(
                  leadership.epoch(),
                  batch.draws.with(batch.buffer.toWriteSet(batch.sum()), view),
                  batch.counts);
        }
      }
    }
    throw new QuorateException(
        ErrorCode.WRITE_CONFLICT,
        "others changed what the statement reads each of the " + ATTEMPTS_MAX + " times it ran");
  }

  private Batch evaluate(ReadView view) {
    Batch batch =
        new Batch(
            new WriteBuffer(transactions.writeSetBytesMax()),
            new SequenceDraws(leadership.sequences(), view));
    for (Evaluation statement : statements) {
      control.cancel().check();
      Evaluated evaluated = statement.evaluate(batch.buffer.over(view), batch.draws);
      batch.add(evaluated);
    }
    return batch;
  }

  /** Whether the newest view, now that all is locked, shows what the statements saw. */
  private boolean stands(Batch batch, ReadView view) {
    if (!transactions.isOutdated(view)) {
      return true;
    }
    try (ReadView newest = transactions.newestView()) {
      Catalog now = transactions.catalogs().of(newest);
      for (Evaluated evaluated : batch.evaluated) {
        List<Integer> ids = batch.draws.definitions(evaluated.changes().tables());
        if (!Conflicts.sameDefinitions(evaluated.catalog(), now, ids)) {
          return false;
        }
      }
      return Conflicts.find(batch.seen, newest).isEmpty()
          && Conflicts.findUnbound(batch.referenced, view, newest).isEmpty();
    }
  }

  /** The statements' changes together. */
  private static final class Batch {
    final WriteBuffer buffer;
    final SequenceDraws draws;
    final List<Evaluated> evaluated = new ArrayList<>();
    final List<Long> counts = new ArrayList<>();

    /** The first change of each key: what it saw is what stands outside. */
    final List<StoreChange> seen = new ArrayList<>();

    final List<ReferencedKey> referenced = new ArrayList<>();

    Batch(WriteBuffer buffer, SequenceDraws draws) {
      this.buffer = buffer;
      this.draws = draws;
    }

    void add(Evaluated one) {
      for (StoreChange change : one.changes().changes()) {
        if (!buffer.contains(change.table(), change.key())) {
          seen.add(change);
        }
      }
      referenced.addAll(one.changes().keys());
      buffer.add(one.changes().changes());
      buffer.endStatement();
      counts.add(one.changes().updateCount());
      Evaluated last = evaluated.isEmpty() ? null : evaluated.get(evaluated.size() - 1);
      if (last == null || !last.changes().tables().equals(one.changes().tables())) {
        evaluated.add(one);
      }
    }

    long sum() {
      return counts.stream().mapToLong(Long::longValue).sum();
    }

    List<LockName> definitions() {
      List<Integer> tables =
          evaluated.stream().flatMap(one -> one.changes().tables().stream()).toList();
      return Conflicts.definitions(draws.definitions(tables));
    }

    List<LockName> keys() {
      return Conflicts.keys(seen);
    }
  }
}
