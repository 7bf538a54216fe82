package io.quorate.server.store;

import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;

/** Changes the tables of an open file. Guarded by the engine's applier lock. */
final class TableWriter implements RowWriter {
  private final MvFile file;
  private Tables tables;

  TableWriter(MvFile file) {
    this.file = file;
    this.tables = file.openTables();
  }

  @Override
  public void put(int table, byte[] key, byte[] row) {
    int slot = tables.slotOf(table);
    if (slot == Tables.ABSENT) {
      tables = tables.with(table, file.openTable(table));
      slot = tables.count() - 1;
    }
    tables.map(slot).put(key, row);
  }

  @Override
  public void delete(int table, byte[] key) {
    int slot = tables.slotOf(table);
    if (slot != Tables.ABSENT) {
      tables.map(slot).remove(key);
    }
  }

  @Override
  public void clear(int table) {
    int slot = tables.slotOf(table);
    if (slot != Tables.ABSENT) {
      tables.map(slot).clear();
    }
  }

  void clearAll() {
    for (int slot = 0; slot < tables.count(); slot++) {
      tables.map(slot).clear();
    }
  }

  /** The tables' roots as they are now. */
  Roots roots(long revision) {
    return new Roots(revision, file.version(), tables);
  }

  /** Id and row count of each table, by id: MVStore would take a lost root for an empty table. */
  byte[] rowCounts() {
    SortedMap<Integer, Long> counts = new TreeMap<>();
    for (int slot = 0; slot < tables.count(); slot++) {
      counts.put(tables.id(slot), tables.map(slot).sizeAsLong());
    }
    ByteBuffer encoded = ByteBuffer.allocate(counts.size() * (Integer.BYTES + Long.BYTES));
    counts.forEach((id, count) -> encoded.putInt(id).putLong(count));
    return encoded.array();
  }
}
