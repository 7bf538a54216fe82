package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.List;
import java.util.Optional;

/**
 * How an index gets its entries while others write its table. Whoever writes a row, from the moment
 * that the catalog names the index, writes its entry too; so only entries that are not there by
 * then are missing.
 *
 * <pre>
 *  run() of a view ─▶ some of it: lock rows and entries ─▶ missing() in the newest view ─▶ written
 * </pre>
 *
 * A run is sorted by its entries: what is written together lies together in the index. In the order
 * of the rows each of a thousand entries would change another page, on every replica.
 *
 * <p>Immutable; any thread.
 */
public interface IndexBuild {
  /** The table, and so the store table of its rows. */
  int table();

  /** The store table of the entries. */
  int index();

  /**
   * A row and its entry.
   *
   * @param key the key of the row
   * @param entry the key of its entry
   */
  record Indexed(RowKey key, RowKey entry) {}

  /**
   * Some rows that follow each other.
   *
   * @param rows in the order of their entries
   * @param last the key of the last row; empty behind the end of the table
   */
  record Run(List<Indexed> rows, Optional<RowKey> last) {}

  /**
   * The rows behind a key.
   *
   * @param after the key behind which they begin
   * @param bytesMax what the run may take in memory, but for one row
   * @param check called every so often, to throw when nobody waits for the index any more
   */
  Run run(ReadView view, Optional<RowKey> after, long bytesMax, Runnable check);

  /**
   * The entries that rows have none of.
   *
   * @param newest shows all that was written before {@code rows} and their entries were locked
   * @throws SqlFailure {@link State#UNIQUE_VIOLATION} when two rows have the same
   */
  List<StoreChange> missing(ReadView newest, List<Indexed> rows);
}
