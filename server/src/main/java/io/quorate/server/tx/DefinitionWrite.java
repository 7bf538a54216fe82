package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogEdit;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.plan.IndexBuild;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.StoreChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One DDL statement: alone on the catalog and on its tables. Confined to the statement's thread;
 * its locks go when the log has answered, on whatever thread that is.
 *
 * <p>What a DDL statement prepares lies in store tables that no catalog names until its last write.
 * One that ends before leaves rows behind, and its ids are given out again; so each DDL statement
 * first clears the store tables behind the ids in use.
 *
 * <p>An index that is filled while others write is named by the catalog before:
 *
 * <pre>
 *  writers keep out ─▶ the catalog has it as being built ─▶ writers keep it ─▶ filled ─▶ read
 *                                                                 └ fails ─▶ dropped, at the latest
 *                                                                   by the next DDL statement
 * </pre>
 */
final class DefinitionWrite {
  /** Finding its tables, and finding them locked; more only when those it needs change. */
  private static final int ATTEMPTS_MAX = 8;

  /** Ids behind the catalog's that are looked at: a table and its indexes are far fewer. */
  private static final int ORPHANS_SOUGHT = 256;

  /** For dropping an index whose building has failed, when the statement's own time may be over. */
  private static final Duration DROP_TIME = Duration.ofSeconds(20);

  private final Transactions transactions;
  private final Leadership leadership;
  private final Redefining statement;
  private final Control control;

  /** Of the catalog, to the end. */
  private final LockTable.Owner owner = new LockTable.Owner();

  /** Of the tables, whose writers wait. */
  private final LockTable.Owner tables = new LockTable.Owner();

  DefinitionWrite(
      Transactions transactions, Leadership leadership, Redefining statement, Control control) {
    this.transactions = transactions;
    this.leadership = leadership;
    this.statement = statement;
    this.control = control;
  }

  CompletableFuture<Written> evaluateAndPropose(CommitPipeline.Proposal proposal) {
    return LockEnd.after(
        leadership, owner, () -> LockEnd.after(leadership, tables, () -> attempt(proposal)));
  }

  private CompletableFuture<Written> attempt(CommitPipeline.Proposal proposal) {
    lock(owner, List.of(Catalog.STORE_TABLE), control);
    dropUnfinished(control);
    Set<Integer> locked = new HashSet<>();
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      control.check();
      Plan.Redefinition redefinition;
      Optional<IndexBuild> begun = Optional.empty();
      try (ReadView view = transactions.newestView()) {
        redefinition = statement.evaluate(view);
        if (locked.containsAll(redefinition.tables())) {
          begun = redefinition.build();
          if (begun.isEmpty()) {
            return write(redefinition, view, proposal);
          }
          prepare(orphans(view), redefinition.changes(), control);
        }
      }
      if (begun.isPresent()) {
        leadership.locks().release(tables);
        return build(begun.get(), proposal);
      }
      lock(tables, redefinition.tables(), control);
      locked.addAll(redefinition.tables());
    }
    throw new QuorateException(
        ErrorCode.WRITE_CONFLICT, "the tables that the statement is about change all the time");
  }

  private void lock(LockTable.Owner by, List<Integer> definitions, Control until) {
    leadership
        .locks()
        .acquire(by, Conflicts.definitions(definitions), LockTable.Mode.EXCLUSIVE, until);
  }

  private CompletableFuture<Written> write(
      Plan.Redefinition redefinition, ReadView view, CommitPipeline.Proposal proposal) {
    if (redefinition.changes().isEmpty()) {
      return CompletableFuture.completedFuture(new Written(List.of(0L), view.revision()));
    }
    List<Integer> cleared = new ArrayList<>(orphans(view));
    while (redefinition.preparation().hasNext()) {
      control.check();
      prepare(cleared, redefinition.preparation().next(), control);
      cleared.clear();
    }
    cleared.addAll(redefinition.clearedTables());
    return proposal.propose(
        leadership.epoch(), writeSet(cleared, redefinition.changes()), List.of(0L));
  }

  /** Nobody else defines anything meanwhile: the catalog is locked. */
  private CompletableFuture<Written> build(IndexBuild index, CommitPipeline.Proposal proposal) {
    try {
      new IndexBuilding(
              transactions,
              leadership,
              control,
              index,
              entries -> prepare(List.of(), entries, control))
          .run();
      return finish(index, proposal);
    } catch (RuntimeException | Error e) {
      try {
        dropUnfinished(
            new Control(Deadline.after(DROP_TIME, transactions::nanos), CancelFlag.NEVER));
      } catch (RuntimeException inTheWay) {
        e.addSuppressed(inTheWay);
      }
      throw e;
    }
  }

  private CompletableFuture<Written> finish(IndexBuild index, CommitPipeline.Proposal proposal) {
    try (ReadView view = transactions.newestView()) {
      Catalog catalog = transactions.catalogs().of(view);
      Catalog after = Definitions.finishIndex(catalog, index.table()).after();
      return proposal.propose(
          leadership.epoch(),
          writeSet(List.of(), CatalogEdit.changes(view, catalog, after)),
          List.of(0L));
    }
  }

  /** Whoever has the catalog locked builds no index, or no more: what is unfinished stays so. */
  private void dropUnfinished(Control until) {
    try (ReadView view = transactions.newestView()) {
      Catalog catalog = transactions.catalogs().of(view);
      Optional<CatalogEdit> rest = Definitions.withoutUnfinished(catalog);
      if (rest.isPresent()) {
        lock(tables, rest.get().tables(), until);
        prepare(
            rest.get().clearedTables(),
            CatalogEdit.changes(view, catalog, rest.get().after()),
            until);
        leadership.locks().release(tables);
      }
    }
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

  private void prepare(List<Integer> cleared, List<StoreChange> batch, Control until) {
    WriteSet writes = writeSet(cleared, batch);
    try {
      var unused =
          transactions
              .pipeline()
              .once(
                  Request.UNNAMED,
                  leadership.epoch(),
                  until,
                  proposal -> proposal.propose(leadership.epoch(), writes, List.of(0L)));
    } catch (QuorateException e) {
      if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
        throw e;
      }
      // Only what nobody reads is in doubt: the statement itself certainly had no effect.
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
