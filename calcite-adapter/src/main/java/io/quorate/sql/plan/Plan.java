package io.quorate.sql.plan;

import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.exec.StatementWrites;
import io.quorate.sql.store.ReferencedKey;
import io.quorate.sql.store.StoreChange;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A statement ready to run, once or often, by any thread. Immutable; belongs to the catalog that it
 * was made for.
 */
public sealed interface Plan {

  /** The types of the question marks, in order. */
  List<ResultColumn> parameters();

  /** Whether what is known of its tables has changed so that another plan may be better. */
  default boolean isStale() {
    return false;
  }

  /** Whether code was generated and compiled for it; else it is run as it is written down. */
  default boolean isGenerated() {
    return false;
  }

  /**
   * Whether it is as good as any for all values of its parameters: no statistics of columns have
   * had a word in it that might be another for other values.
   */
  default boolean suitsAllValues() {
    return false;
  }

  /** Reads; runs on any replica that is fresh enough for the session, unless it {@link #draws}. */
  non-sealed interface Query extends Plan {
    List<ResultColumn> columns();

    RowCursor open(ExecutionContext context);

    /** Whether it takes values of sequences, which only the leader gives. */
    default boolean draws() {
      return false;
    }

    /**
     * Whether it takes a few microseconds at most, whatever the tables hold: few rows that are
     * given, or one that is found by its key. Such a query may run where others wait behind it.
     */
    default boolean isShort() {
      return false;
    }
  }

  /** INSERT, UPDATE, DELETE: evaluated on the leader. */
  non-sealed interface Change extends Plan {
    /**
     * Works out what changes, without changing anything.
     *
     * @throws io.quorate.sql.lang.SqlFailure when a constraint forbids it
     */
    Changes evaluate(ExecutionContext context);

    /** The same, and tells of the rows that come newly; rows that change are not among them. */
    default Changes evaluate(ExecutionContext context, InsertedRows inserted) {
      return evaluate(context);
    }

    /** The columns of RETURNING, whose rows those are told who are told of rows; else none. */
    default List<ResultColumn> returning() {
      return List.of();
    }

    /** Whether it changes nothing but locks the rows that it reads: SELECT … FOR UPDATE. */
    default boolean onlyLocks() {
      return false;
    }

    /**
     * Whether it takes some microseconds at most, whatever the tables hold: a few rows that are
     * given, or one that is found by its key. It may run where others wait behind it.
     */
    default boolean isShort() {
      return false;
    }
  }

  /** DDL: evaluated on the leader, alone on the tables it names. */
  non-sealed interface Definition extends Plan {
    Redefinition evaluate(ExecutionContext context);
  }

  /** A word to the session or its transaction; touches no rows. */
  record Session(SessionCommand command) implements Plan {
    @Override
    public List<ResultColumn> parameters() {
      return command instanceof SessionCommand.ExplainRouting routing
          ? routing.explained().parameters()
          : List.of();
    }
  }

  /**
   * What a DML statement changes.
   *
   * @param updateCount rows of the table, not entries of the store
   * @param changes entries of the table and its indexes; at most one a key
   * @param tables ids of the tables written to, or bound to those by foreign keys, whose
   *     definitions must not change meanwhile
   * @param keys by which the rows that change are bound to others; at most one a key of the store
   */
  record Changes(
      long updateCount, List<StoreChange> changes, List<Integer> tables, List<ReferencedKey> keys) {
    public Changes {
      changes = List.copyOf(changes);
      tables = List.copyOf(tables);
      keys = List.copyOf(keys);
    }

    /** Changes of rows without foreign keys. */
    public Changes(long updateCount, List<StoreChange> changes, List<Integer> tables) {
      this(updateCount, changes, tables, List.of());
    }

    static Changes of(long updateCount, StatementWrites writes) {
      return new Changes(updateCount, writes.changes(), writes.tables(), writes.keys());
    }
  }

  /**
   * What a DDL statement changes.
   *
   * @param preparation entries that are written first, in batches small enough for an entry of the
   *     log, such as those of a new index; nobody sees them before the catalog names them
   * @param changes entries of the catalog; empty when nothing is to be done (IF EXISTS)
   * @param clearedTables store tables whose entries all go, those of a dropped table
   * @param tables ids of the tables whose writers must keep out meanwhile
   * @param build the index of {@code changes} that is built afterwards, while others write
   */
  record Redefinition(
      Iterator<List<StoreChange>> preparation,
      List<StoreChange> changes,
      List<Integer> clearedTables,
      List<Integer> tables,
      Optional<IndexBuild> build) {

    /** Without an index that is built afterwards. */
    public Redefinition(
        Iterator<List<StoreChange>> preparation,
        List<StoreChange> changes,
        List<Integer> clearedTables,
        List<Integer> tables) {
      this(preparation, changes, clearedTables, tables, Optional.empty());
    }

    Redefinition with(IndexBuild index) {
      return new Redefinition(preparation, changes, clearedTables, tables, Optional.of(index));
    }
  }
}
