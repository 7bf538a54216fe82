package io.quorate.sql.codec;

import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one index. Immutable.
 *
 * <p>An entry's key is the index columns and then, unless the index is unique and none of the
 * columns is NULL, the primary key. The value of a unique index is the primary key, else one byte.
 */
public final class IndexCodec {
  private static final Row NO_VALUE = Row.wrap(new byte[] {0});

  private final IndexDef index;
  private final List<SqlType> types;
  private final KeyCodec columns;

  IndexCodec(TableDef table, IndexDef index) {
    this.index = index;
    this.types = index.columns().stream().map(i -> table.columns().get(i).type()).toList();
    this.columns = new KeyCodec(types, index.descending());
  }

  public IndexDef definition() {
    return index;
  }

  public List<SqlType> types() {
    return types;
  }

  /** Of the index columns alone; a full key of a unique index, a prefix of the others'. */
  public KeyCodec columns() {
    return columns;
  }

  /**
   * The key of the entry for {@code row}, all columns of the table, that lies under {@code key}.
   */
  public RowKey entryKey(@Nullable Object[] row, RowKey key) {
    @Nullable Object[] values = new @Nullable Object[types.size()];
    boolean withNull = false;
    for (int i = 0; i < values.length; i++) {
      values[i] = row[index.columns().get(i)];
      withNull |= values[i] == null;
    }
    byte[] prefix = columns.prefix(values, values.length);
    if (index.unique() && !withNull) {
      return RowKey.wrap(prefix);
    }
    byte[] primary = key.unsafeBytes();
    byte[] entry = Arrays.copyOf(prefix, prefix.length + primary.length);
    System.arraycopy(primary, 0, entry, prefix.length, primary.length);
    return RowKey.wrap(entry);
  }

  public Row entryValue(RowKey key) {
    return index.unique() ? Row.wrap(key.unsafeBytes()) : NO_VALUE;
  }

  /** The primary key that an entry points to. */
  public RowKey primaryKey(RowKey entry, Row value) {
    if (index.unique()) {
      return RowKey.wrap(value.unsafeBytes());
    }
    byte[] bytes = entry.unsafeBytes();
    return RowKey.wrap(Arrays.copyOfRange(bytes, columns.length(bytes), bytes.length));
  }
}
