package io.quorate.sql.exec;

import io.quorate.sql.catalog.TableDef;
import org.jspecify.annotations.Nullable;

/** Is told of the rows that a statement puts, and of what it returns of them. */
public interface InsertedRows {
  InsertedRows IGNORED = (table, values) -> {};

  /**
   * A row that an INSERT puts, or changes as it is there already.
   *
   * @param values of all columns in the table's order, hidden ones too; not to be changed
   */
  void row(TableDef table, @Nullable Object[] values);

  /** A row as an UPDATE leaves it, or as it was before a DELETE. */
  default void changed(TableDef table, @Nullable Object[] values) {}

  /** What RETURNING tells of a row. */
  default void returned(@Nullable Object[] values) {}
}
