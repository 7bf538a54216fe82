package io.quorate.sql.exec;

import io.quorate.sql.catalog.TableDef;
import org.jspecify.annotations.Nullable;

/** Is told of the rows that an INSERT puts. */
public interface InsertedRows {
  InsertedRows IGNORED = (table, values) -> {};

  /**
   * A row.
   *
   * @param values of all columns in the table's order, hidden ones too; not to be changed
   */
  void row(TableDef table, @Nullable Object[] values);
}
