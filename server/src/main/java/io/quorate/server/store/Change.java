package io.quorate.server.store;

import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * One row put or deleted.
 *
 * @param row null to delete
 */
public record Change(int table, RowKey key, @Nullable Row row) implements ChangeSet {

  @Override
  public void writeTo(RowWriter writer) {
    if (row == null) {
      writer.delete(table, key.unsafeBytes());
    } else {
      writer.put(table, key.unsafeBytes(), row.unsafeBytes());
    }
  }
}
