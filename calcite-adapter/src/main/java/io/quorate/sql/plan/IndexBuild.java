package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.List;
import java.util.Optional;

/**
 * How an index gets its entries while others write its table. Whoever writes a row, from the moment
 * that the catalog names the index, writes its entry too; so only rows that have not changed since
 * need one.
 *
 * <pre>
 *  rows() of a view ─▶ lock them and their entries ─▶ missing() in the newest view ─▶ written
 * </pre>
 *
 * Immutable; any thread.
 */
public interface IndexBuild {
  /** The table, and so the store table of its rows. */
  int table();

  /** The store table of the entries. */
  int index();

  /**
   * A row as it lies in the store.
   *
   * @param entry the key of its entry
   */
  record Indexed(RowKey key, Row row, RowKey entry) {}

  /**
   * Some rows, in the order of their keys; none at the end.
   *
   * @param after the key behind which they begin
   */
  List<Indexed> rows(ReadView view, Optional<RowKey> after);

  /**
   * The entries of rows that are as they were and have none.
   *
   * @param newest shows all that was written before {@code rows} and their entries were locked
   * @throws SqlFailure {@link State#UNIQUE_VIOLATION} when two rows have the same
   */
  List<StoreChange> missing(ReadView newest, List<Indexed> rows);
}
