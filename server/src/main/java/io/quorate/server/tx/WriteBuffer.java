package io.quorate.server.tx;

import com.google.protobuf.UnsafeByteOperations;
import io.quorate.driver.ErrorCode;
import io.quorate.server.format.RowChange;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Savepoints.Undo;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has written and nobody else sees yet. Bounded by what one entry of the log
 * holds. Confined to the transaction.
 */
final class WriteBuffer {
  /** Field tags, lengths and the table's number around one change. */
  private static final int CHANGE_OVERHEAD_BYTES = 24;

  private final int bytesMax;
  private final SortedMap<Integer, Table> tables = new TreeMap<>();
  private final List<Undo> undo = new ArrayList<>();
  private final Savepoints savepoints = new Savepoints(this::undo);
  private final AtomicInteger openViews = new AtomicInteger();

  /** Lasting views that were opened. */
  private long shown;

  private long bytes;

  /** What the savepoints will have to keep of the statement that runs. */
  private long undoBytes;

  WriteBuffer(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * An entry as it will be.
   *
   * @param seen what stands under the key outside of this transaction
   */
  record Entry(@Nullable Row seen, @Nullable Row value) {
    boolean changes() {
      return !Objects.equals(seen, value);
    }
  }

  private static final class Table {
    TreeMap<RowKey, Entry> entries = new TreeMap<>();

    /** What {@link WriteBuffer#shown} was when the map was made. */
    long madeAt;

    /** Rows more, or fewer, than outside. */
    long rowsMore;
  }

  /**
   * A table's entries as they were at one moment; not changed while the view is open that has them.
   *
   * @param rowsMore rows more, or fewer, than outside
   */
  record Shown(NavigableMap<RowKey, Entry> entries, long rowsMore) {}

  boolean isEmpty() {
    return tables.values().stream().allMatch(table -> table.entries.isEmpty());
  }

  /** Whether this transaction has written the key. */
  boolean contains(int table, RowKey key) {
    Table inside = tables.get(table);
    return inside != null && inside.entries.containsKey(key);
  }

  /** {@code base} with what is here on top, for as long as nothing is added. */
  ReadView over(ReadView base) {
    return new OverlayView(base, current(), () -> {});
  }

  /** {@code base} with what is here on top, and not what is added later. Closes {@code base}. */
  ReadView lastingOver(ReadView base) {
    shown++;
    openViews.incrementAndGet();
    return new OverlayView(base, current(), openViews::decrementAndGet);
  }

  private Map<Integer, Shown> current() {
    Map<Integer, Shown> all = new HashMap<>();
    tables.forEach((id, table) -> all.put(id, new Shown(table.entries, table.rowsMore)));
    return all;
  }

  /**
   * Takes over the changes of a statement.
   *
   * @throws QuorateException {@link ErrorCode#LIMIT_EXCEEDED}; {@link #undoStatement} then takes
   *     back what was added
   */
  void add(List<StoreChange> changes) {
    for (StoreChange change : changes) {
      add(change);
    }
  }

  private void add(StoreChange change) {
    Table table = tables.computeIfAbsent(change.table(), id -> new Table());
    own(table);
    Entry before = table.entries.get(change.key());
    Row seen = before == null ? change.seen() : before.seen();
    replace(table, change.key(), new Entry(seen, change.value()));
    Undo step = new Undo(change.table(), change.key(), before);
    undo.add(step);
    if (bytes > bytesMax) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED,
          "the transaction writes more than "
              + bytesMax
              + " bytes, which one entry of the log may hold: write less in one transaction");
    }
    undoBytes += savepoints.cost(step);
    if (savepoints.bytes() + undoBytes > bytesMax) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED,
          "the savepoints keep more than " + bytesMax + " bytes to be undone: release some");
    }
  }

  /** Leaves the entries to the views that show them, and goes on with a copy. */
  private void own(Table table) {
    if (table.madeAt < shown && openViews.get() > 0) {
      table.entries = new TreeMap<>(table.entries);
      table.madeAt = shown;
    }
  }

  private void replace(Table table, RowKey key, @Nullable Entry entry) {
    Entry before = entry == null ? table.entries.remove(key) : table.entries.put(key, entry);
    bytes += size(key, entry) - size(key, before);
    table.rowsMore += more(entry) - more(before);
  }

  static long size(RowKey key, @Nullable Entry entry) {
    if (entry == null) {
      return 0;
    }
    return size(key, entry.value());
  }

  private static long size(RowKey key, @Nullable Row value) {
    int valueBytes = value == null ? 0 : value.unsafeBytes().length;
    return (long) CHANGE_OVERHEAD_BYTES + key.unsafeBytes().length + valueBytes;
  }

  /** What the changes take of an entry of the log. */
  static long bytes(List<StoreChange> changes) {
    long bytes = 0;
    for (StoreChange change : changes) {
      bytes += size(change.key(), change.value());
    }
    return bytes;
  }

  private static int more(@Nullable Entry entry) {
    if (entry == null) {
      return 0;
    }
    return (entry.value() == null ? 0 : 1) - (entry.seen() == null ? 0 : 1);
  }

  /** The statement stays. */
  void endStatement() {
    savepoints.note(undo);
    undo.clear();
    undoBytes = 0;
  }

  /** Takes back what was added since the last statement's end. */
  void undoStatement() {
    for (int i = undo.size() - 1; i >= 0; i--) {
      undo(undo.get(i));
    }
    undo.clear();
    undoBytes = 0;
  }

  private void undo(Undo step) {
    Table table = Objects.requireNonNull(tables.get(step.table()));
    own(table);
    replace(table, step.key(), step.before());
  }

  /** Between two statements. */
  void savepoint(SavepointStep step, String name) {
    savepoints.apply(step, name);
  }

  /** Everything as one command, by table and key. */
  WriteSet toWriteSet(long updateCount) {
    WriteSet.Builder writes = WriteSet.newBuilder().setUpdateCount(updateCount);
    for (Map.Entry<Integer, Table> table : tables.entrySet()) {
      table
          .getValue()
          .entries
          .forEach(
              (key, entry) -> {
                if (entry.changes()) {
                  writes.addChanges(change(table.getKey(), key, entry.value()));
                }
              });
    }
    return writes.build();
  }

  /** One change as the log carries it; shares the bytes. */
  static RowChange change(int table, RowKey key, @Nullable Row value) {
    RowChange.Builder change =
        RowChange.newBuilder()
            .setTable(table)
            .setKey(UnsafeByteOperations.unsafeWrap(key.unsafeBytes()));
    return value == null
        ? change.setDelete(true).build()
        : change.setPut(UnsafeByteOperations.unsafeWrap(value.unsafeBytes())).build();
  }
}
