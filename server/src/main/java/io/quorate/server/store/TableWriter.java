package io.quorate.server.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.h2.mvstore.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Changes the tables of an open file, and keeps the hash of their rows. Guarded by the engine's
 * applier lock.
 *
 * <p>The map hands out the row that it replaces, so that the hash needs no look of its own.
 */
final class TableWriter implements RowWriter {
  private final MvFile file;
  private final RowMixer mixer = new RowMixer();

  /** Of the rows of each table, by its slot. */
  private final List<RowSum> sums = new ArrayList<>();

  private final RowSum all = new RowSum();
  private Tables tables;

  TableWriter(MvFile file) {
    this.file = file;
    this.tables = file.openTables();
    for (int slot = 0; slot < tables.count(); slot++) {
      sums.add(new RowSum());
    }
  }

  @Override
  public void put(int table, byte[] key, byte[] row) {
    int slot = tables.slotOf(table);
    if (slot == Tables.ABSENT) {
      tables = tables.with(table, file.openTable(table));
      sums.add(new RowSum());
      slot = tables.count() - 1;
    }
    gone(slot, key, tables.map(slot).put(key, row));
    come(slot, key, row);
  }

  private void come(int slot, byte[] key, byte[] row) {
    mixer.mix(tables.id(slot), key, row);
    sums.get(slot).add(mixer);
    all.add(mixer);
  }

  private void gone(int slot, byte[] key, byte @Nullable [] row) {
    if (row != null) {
      mixer.mix(tables.id(slot), key, row);
      sums.get(slot).subtract(mixer);
      all.subtract(mixer);
    }
  }

  @Override
  public void delete(int table, byte[] key) {
    int slot = tables.slotOf(table);
    if (slot != Tables.ABSENT) {
      gone(slot, key, tables.map(slot).remove(key));
    }
  }

  @Override
  public void clear(int table) {
    int slot = tables.slotOf(table);
    if (slot != Tables.ABSENT) {
      clearSlot(slot);
    }
  }

  private void clearSlot(int slot) {
    tables.map(slot).clear();
    all.subtract(sums.get(slot).hash());
    sums.set(slot, new RowSum());
  }

  void clearAll() {
    for (int slot = 0; slot < tables.count(); slot++) {
      clearSlot(slot);
    }
  }

  /** Of all rows as they are now, if what was changed here is all that has changed them. */
  StateHash hash() {
    return all.hash();
  }

  /** The tables' roots as they are now. */
  Roots roots(long revision, StateMarks marks) {
    return new Roots(revision, file.version(), tables, hash(), marks);
  }

  /** Id and hash of each table, in no order. */
  byte[] hashes() {
    ByteBuffer encoded = ByteBuffer.allocate(sums.size() * (Integer.BYTES + 2 * Long.BYTES));
    for (int slot = 0; slot < sums.size(); slot++) {
      StateHash hash = sums.get(slot).hash();
      encoded.putInt(tables.id(slot)).putLong(hash.high()).putLong(hash.low());
    }
    return encoded.array();
  }

  /** Goes on with what {@link #hashes} made. */
  void restoreHashes(byte[] encoded) {
    ByteBuffer hashes = ByteBuffer.wrap(encoded);
    for (int slot = 0; slot < sums.size(); slot++) {
      int known = hashes.hasRemaining() ? tables.slotOf(hashes.getInt()) : Tables.ABSENT;
      if (known == Tables.ABSENT || hashes.remaining() < 2 * Long.BYTES) {
        throw new StoreDamagedException("the hashes of the tables cannot be read");
      }
      StateHash hash = new StateHash(hashes.getLong(), hashes.getLong());
      sums.get(known).add(hash);
      all.add(hash);
    }
  }

  /** The same for a file of a version that kept none; reads all rows. */
  void computeHashes() {
    for (int slot = 0; slot < sums.size(); slot++) {
      Cursor<byte[], byte[]> rows = tables.map(slot).cursor(null);
      while (rows.hasNext()) {
        byte[] key = rows.next();
        come(slot, key, rows.getValue());
      }
    }
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
