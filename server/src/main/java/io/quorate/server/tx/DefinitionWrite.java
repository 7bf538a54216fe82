package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One DDL statement: alone on the catalog and on its tables. Confined to the statement's thread;
 * its locks go when the log has answered, on whatever thread that is.
 *
 * <p>What a DDL statement prepares lies in store tables that no catalog names until its last write.
 * One that ends before leaves rows behind, and its ids are given out again; so each DDL statement
 * first clears the store tables behind the ids in use.
 */
final class DefinitionWrite {
  /** Finding its tables, and finding them locked; more only when those it needs change. */
  private static final int ATTEMPTS_MAX = 8;

  /** Ids behind the catalog's that are looked at: a table and its indexes are far fewer. */
  private static final int ORPHANS_SOUGHT = 256;

  private final Transactions transactions;
  private final Leadership leadership;
  private final Redefining statement;
  private final Control control;
  private final LockTable.Owner owner = new LockTable.Owner();

  DefinitionWrite(
      Transactions transactions, Leadership leadership, Redefining statement, Control control) {
    this.transactions = transactions;
    this.leadership = leadership;
    this.statement = statement;
    this.control = control;
  }

  CompletableFuture<Written> evaluateAndPropose(CommitPipeline.Proposal proposal) {
    return LockEnd.after(leadership, owner, () -> attempt(proposal));
  }

  private CompletableFuture<Written> attempt(CommitPipeline.Proposal proposal) {
    lock(List.of(Catalog.STORE_TABLE));
    Set<Integer> locked = new HashSet<>();
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      control.check();
      try (ReadView view = transactions.newestView()) {
        Plan.Redefinition redefinition = statement.evaluate(view);
        if (locked.containsAll(redefinition.tables())) {
          return write(redefinition, view, proposal);
        }
        lock(redefinition.tables());
        locked.addAll(redefinition.tables());
      }
    }
    throw new QuorateException(
        ErrorCode.WRITE_CONFLICT, "the tables that the statement is about change all the time");
  }

  private void lock(List<Integer> tables) {
    leadership
        .locks()
        .acquire(owner, Conflicts.definitions(tables), LockTable.Mode.EXCLUSIVE, control);
  }

  private CompletableFuture<Written> write(
      Plan.Redefinition redefinition, ReadView view, CommitPipeline.Proposal proposal) {
    if (redefinition.changes().isEmpty()) {
      return CompletableFuture.completedFuture(new Written(List.of(0L), view.revision()));
    }
    List<Integer> cleared = new ArrayList<>(orphans(view));
    while (redefinition.preparation().hasNext()) {
      control.check();
      prepare(cleared, redefinition.preparation().next());
      cleared.clear();
    }
    cleared.addAll(redefinition.clearedTables());
    return proposal.propose(
        leadership.epoch(), writeSet(cleared, redefinition.changes()), List.of(0L));
  }

  private List<Integer> orphans(ReadView view) {
    int next = transactions.catalogs().of(view).nextId();
    List<Integer> orphans = new ArrayList<>();
    for (int table = next; table < next + ORPHANS_SOUGHT; table++) {
      if (view.rowCount(table) > 0) {
        orphans.add(table);
      }
    }
    return orphans;
  }

  private void prepare(List<Integer> cleared, List<StoreChange> batch) {
    WriteSet writes = writeSet(cleared, batch);
    try {
      var unused =
          transactions
              .pipeline()
              .once(
                  Request.UNNAMED,
                  leadership.epoch(),
                  control,
                  proposal -> proposal.propose(leadership.epoch(), writes, List.of(0L)));
    } catch (QuorateException e) {
      if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
        throw e;
      }
      // Only nameless rows are in doubt: the statement itself certainly had no effect.
      throw new QuorateException(
          ErrorCode.CANCELLED, "the definition was given up while its rows were prepared", e);
    }
  }

  private static WriteSet writeSet(List<Integer> cleared, List<StoreChange> changes) {
    WriteSet.Builder writes = WriteSet.newBuilder().setUpdateCount(0).addAllClearedTables(cleared);
    for (StoreChange change : changes) {
      writes.addChanges(WriteBuffer.change(change.table(), change.key(), change.value()));
    }
    return writes.build();
  }
}
