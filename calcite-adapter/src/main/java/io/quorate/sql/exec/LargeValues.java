package io.quorate.sql.exec;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Lob;
import io.quorate.sql.store.LobKeys;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The large values of the rows that one statement removes and adds: what lies in the store has one
 * row that it belongs to, and the register says so. A value that goes on in the same table keeps
 * its chunks; one that another row has is copied, within what a statement may write. One thread's
 * own.
 */
final class LargeValues {
  /** Where the statement's changes go. */
  interface Target {
    void put(int store, RowKey key, @Nullable Row seen, @Nullable Row value);
  }

  private final TableDef table;
  private final int[] columns;
  private final ReadView view;
  private final RandomGenerator random;
  private final Target target;

  /** Of rows that go, and that no row has taken up yet. */
  private final Set<Long> going = new LinkedHashSet<>();

  /** Staged values that a row has. */
  private final Set<Long> taken = new HashSet<>();

  LargeValues(TableDef table, ExecutionContext context, Target target) {
    this.table = table;
    this.columns = columns(table);
    this.view = context.view();
    this.random = context.random();
    this.target = target;
  }

  private static int[] columns(TableDef table) {
    int[] found = new int[table.columns().size()];
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      if (table.columns().get(i).type().name().isLarge()) {
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** A row goes. */
  void remove(@Nullable Object[] row) {
    for (int column : columns) {
      if (row[column] instanceof Lob lob && lob.isStored()) {
        going.add(lob.id());
      }
    }
  }

  /** A row comes: what it holds of large values is put into the store and replaced by its name. */
  void add(@Nullable Object[] row) {
    for (int column : columns) {
      if (row[column] instanceof Lob lob) {
        row[column] = placed(lob);
      }
    }
  }

  private Lob placed(Lob lob) {
    if (!lob.isStored()) {
      return lob.byteCount() <= LobKeys.INLINE_BYTES_MAX ? lob : chunked(lob);
    }
    if (going.remove(lob.id())) {
      return lob;
    }
    RowKey staged = LobKeys.staged(lob.id());
    Row progress = view.find(LobKeys.REGISTER, staged).orElse(null);
    if (progress == null || !taken.add(lob.id())) {
      return copied(lob);
    }
    LobKeys.Staged state = LobKeys.Staged.decode(progress);
    if (!state.whole() || state.byteCount() != lob.byteCount()) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          "a large value of "
              + lob.byteCount()
              + " bytes has come as far as "
              + state.byteCount()
              + ": it must be sent as a whole before the statement");
    }
    target.put(LobKeys.REGISTER, staged, progress, null);
    target.put(LobKeys.REGISTER, LobKeys.live(table.id(), lob.id()), null, LobKeys.PRESENT);
    return lob;
  }

  private Lob chunked(Lob lob) {
    long id = newId();
    byte[] bytes = lob.unsafeBytes();
    for (int from = 0, number = 0; from < bytes.length; from += LobKeys.CHUNK_BYTES, number++) {
      int to = Math.min(bytes.length, from + LobKeys.CHUNK_BYTES);
      Row chunk = Row.wrap(Arrays.copyOfRange(bytes, from, to));
      target.put(LobKeys.CHUNKS, LobKeys.chunk(id, number), null, chunk);
    }
    return owned(lob, id);
  }

  private Lob copied(Lob lob) {
    long id = newId();
    long found = 0;
    for (int number = 0; found < lob.byteCount(); number++) {
      Row chunk =
          view.find(LobKeys.CHUNKS, LobKeys.chunk(lob.id(), number))
              .orElseThrow(
                  () ->
                      new SqlFailure(
                          State.INVALID_PARAMETER,
                          "a large value is not there (any more): send it again"));
      found += chunk.unsafeBytes().length;
      target.put(LobKeys.CHUNKS, LobKeys.chunk(id, number), null, chunk);
    }
    return owned(lob, id);
  }

  private Lob owned(Lob lob, long id) {
    target.put(LobKeys.REGISTER, LobKeys.live(table.id(), id), null, LobKeys.PRESENT);
    return Lob.stored(lob.isText(), id, lob.byteCount(), lob.charCount());
  }

  /** One that no value has; drawn, so that those who draw need not know of each other. */
  private long newId() {
    while (true) {
      long id = random.nextLong() & Long.MAX_VALUE;
      if (view.find(LobKeys.CHUNKS, LobKeys.chunk(id, 0)).isEmpty()) {
        return id;
      }
    }
  }

  /** All rows have gone and come: what no row has any more is left to who cleans up. */
  void end() {
    for (long id : going) {
      RowKey live = LobKeys.live(table.id(), id);
      Row seen =
          view.find(LobKeys.REGISTER, live)
              .orElseThrow(
                  () ->
                      new SqlFailure(
                          State.INTERNAL_ERROR, "a large value of a row is not in the register"));
      target.put(LobKeys.REGISTER, live, seen, null);
      target.put(LobKeys.REGISTER, LobKeys.dead(id), null, LobKeys.PRESENT);
    }
    going.clear();
  }
}
