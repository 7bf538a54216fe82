package io.quorate.sql.plan;

import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.exec.ShownValues;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import org.jspecify.annotations.Nullable;

/** The entries that an index has for rows as they lie in the store. Immutable. */
final class IndexEntries {
  private final TableDef table;
  private final RowCodec rows;
  private final IndexCodec entries;

  IndexEntries(TableDef table, RowCodec rows, IndexCodec entries) {
    this.table = table;
    this.rows = rows;
    this.entries = entries;
  }

  IndexDef index() {
    return entries.definition();
  }

  RowKey key(RowKey key, Row row) {
    return entries.entryKey(indexed(row), key);
  }

  Row value(RowKey key) {
    return entries.entryValue(key);
  }

  /** Whether another row with the same may be there too. */
  boolean hasNull(Row row) {
    return index().columns().stream().anyMatch(column -> rows.value(row, column) == null);
  }

  /** Two rows have the same. */
  SqlFailure duplicate(Row row) {
    return new SqlFailure(
        State.UNIQUE_VIOLATION,
        "index \""
            + index().name()
            + "\" cannot be unique: rows of table "
            + ShownValues.name(table)
            + " have the same "
            + ShownValues.of(table, index().columns(), column -> rows.value(row, column)));
  }

  /** A row of which only the columns of the index are filled in. */
  private @Nullable Object[] indexed(Row row) {
    @Nullable Object[] values = new @Nullable Object[table.columns().size()];
    for (int column : index().columns()) {
      values[column] = rows.value(row, column);
    }
    return values;
  }
}
