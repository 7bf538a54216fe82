package io.quorate.server.store;

import com.google.protobuf.ByteString;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What a store should hold, in maps of Java, with each revision's content kept. */
final class Model {
  private static final String ENTRY = "last";

  private final Map<Long, TreeMap<Integer, TreeMap<RowKey, Row>>> history = new TreeMap<>();
  private TreeMap<Integer, TreeMap<RowKey, Row>> content = new TreeMap<>();
  private long revision;

  Model() {
    history.put(0L, new TreeMap<>());
  }

  long revision() {
    return revision;
  }

  /** The state that a replica would keep: it names the revision it was written at. */
  CheckpointedState state(MvEngine[] engine) {
    return entries ->
        entries.put(
            ENTRY,
            ByteString.copyFrom(
                ByteBuffer.allocate(Long.BYTES).putLong(engine[0].appliedRevision()).array()));
  }

  /** Applies one random write set to the store and to this. */
  void step(RandomGenerator random, MvEngine engine, int keys, int rowBytes) {
    long next = revision + 1 + random.nextInt(3);
    List<Change> changes = new ArrayList<>();
    TreeMap<Integer, TreeMap<RowKey, Row>> changed = new TreeMap<>();
    content.forEach((table, rows) -> changed.put(table, new TreeMap<>(rows)));
    int count = 1 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      int table = 1 + random.nextInt(5) * 7;
      RowKey key = key(random.nextInt(keys));
      TreeMap<RowKey, Row> rows = changed.computeIfAbsent(table, unused -> new TreeMap<>());
      if (random.nextInt(4) == 0) {
        changes.add(new Change(table, key, null));
        rows.remove(key);
      } else {
        byte[] bytes = new byte[random.nextInt(rowBytes)];
        random.nextBytes(bytes);
        Row row = Row.wrap(bytes);
        changes.add(new Change(table, key, row));
        rows.put(key, row);
      }
    }
    engine.apply(next, changes);
    content = changed;
    revision = next;
    history.put(next, changed);
  }

  /** Deletes nine of ten rows, in the store and in this. */
  void clear(RandomGenerator random, MvEngine engine) {
    List<Change> changes = new ArrayList<>();
    TreeMap<Integer, TreeMap<RowKey, Row>> left = new TreeMap<>();
    content.forEach(
        (table, rows) -> {
          TreeMap<RowKey, Row> kept = new TreeMap<>(rows);
          for (RowKey key : rows.keySet()) {
            if (random.nextInt(10) > 0) {
              changes.add(new Change(table, key, null));
              kept.remove(key);
            }
          }
          left.put(table, kept);
        });
    engine.apply(revision + 1, changes);
    content = left;
    revision++;
    history.put(revision, left);
  }

  /** Goes back to a revision that the store has kept. */
  void rewind(long to) {
    TreeMap<Integer, TreeMap<RowKey, Row>> rows = history.get(to);
    if (rows == null) {
      throw new AssertionError("no command was applied at revision " + to);
    }
    content = rows;
    revision = to;
  }

  static RowKey key(int number) {
    return RowKey.wrap(ByteBuffer.allocate(4).putInt(number * 0x01010101).array());
  }

  /** Throws unless the view shows exactly this model at the view's revision. */
  void requireEqual(ReadView view) {
    TreeMap<Integer, TreeMap<RowKey, Row>> expected = history.get(view.revision());
    if (expected == null) {
      throw new AssertionError("no command was applied at revision " + view.revision());
    }
    if (view instanceof StoreView stored) {
      stored.requireSound();
    }
    for (int table = 0; table < 40; table++) {
      TreeMap<RowKey, Row> rows = expected.getOrDefault(table, new TreeMap<>());
      Map<RowKey, Row> found = rows(view, table);
      if (!found.equals(rows) || view.rowCount(table) != rows.size()) {
        throw new AssertionError(
            "table "
                + table
                + " differs at revision "
                + view.revision()
                + ": "
                + found.size()
                + " rows, "
                + rows.size()
                + " expected");
      }
    }
  }

  static Map<RowKey, Row> rows(ReadView view, int table) {
    TreeMap<RowKey, Row> found = new TreeMap<>();
    ReadView.RowCursor cursor = view.scan(table, Optional.empty(), Optional.empty());
    while (cursor.next()) {
      found.put(cursor.key(), cursor.row());
    }
    return found;
  }

  /** Throws unless the replica's entry was written at the revision the store stands at. */
  static void requireStateOf(long revision, MvEngine engine) {
    Optional<ByteString> entry = engine.systemEntry(ENTRY);
    long written = entry.map(bytes -> bytes.asReadOnlyByteBuffer().getLong()).orElse(0L);
    if (written != revision) {
      throw new AssertionError("the state is of revision " + written + ", not " + revision);
    }
  }
}
