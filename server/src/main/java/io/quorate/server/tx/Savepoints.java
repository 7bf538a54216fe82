package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.store.RowKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The savepoints of a transaction, the latest last, and behind each what stood in its buffer before
 * the transaction wrote it again. A name that is set twice means the later one until that is gone.
 * Confined to the transaction.
 */
public final class Savepoints {
  /** About 2 MB without any changes. */
  static final int SAVEPOINTS_MAX = 10_000;

  /** As many as any other name of SQL has. */
  static final int NAME_CHARS_MAX = 128;

  private final Consumer<Undo> undoing;
  private final List<Level> levels = new ArrayList<>();
  private long bytes;

  /** For a transaction that only reads: there is nothing to undo. */
  public Savepoints() {
    this(undo -> {});
  }

  /**
   * @param undoing puts back one entry
   */
  Savepoints(Consumer<Undo> undoing) {
    this.undoing = undoing;
  }

  /**
   * One entry of the buffer as it was.
   *
   * @param before null when there was none
   */
  record Undo(int table, RowKey key, WriteBuffer.@Nullable Entry before) {
    long bytes() {
      return WriteBuffer.size(key, before) + key.unsafeBytes().length + 64;
    }
  }

  private record Place(int table, RowKey key) {}

  private static final class Level {
    final String name;

    /** The first change of each key since the savepoint tells what stood there. */
    final Map<Place, Undo> undo = new LinkedHashMap<>();

    long bytes;

    Level(String name) {
      this.name = name;
    }

    void note(Undo step) {
      if (undo.putIfAbsent(new Place(step.table(), step.key()), step) == null) {
        bytes += step.bytes();
      }
    }
  }

  public void apply(SavepointStep step, String name) {
    switch (step) {
      case SET -> set(name);
      case RELEASE -> release(require(name));
      case ROLLBACK_TO -> rollbackTo(require(name));
    }
    bytes = levels.stream().mapToLong(level -> level.bytes).sum();
  }

  private void set(String name) {
    if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER,
          "a savepoint has a name of 1 to " + NAME_CHARS_MAX + " characters");
    }
    if (levels.size() >= SAVEPOINTS_MAX) {
      throw new QuorateException(
          ErrorCode.LIMIT_EXCEEDED,
          "a transaction has at most " + SAVEPOINTS_MAX + " savepoints: are they released?");
    }
    levels.add(new Level(name));
  }

  private int require(String name) {
    for (int i = levels.size() - 1; i >= 0; i--) {
      if (levels.get(i).name.equals(name)) {
        return i;
      }
    }
    throw notFound(name);
  }

  public static QuorateException notFound(String name) {
    return new QuorateException(
        ErrorCode.SAVEPOINT_NOT_FOUND, "there is no savepoint \"" + name + "\"");
  }

  /** What was done behind them is behind the one before them now. */
  private void release(int index) {
    List<Level> released = levels.subList(index, levels.size());
    if (index > 0) {
      Level before = levels.get(index - 1);
      released.forEach(level -> level.undo.values().forEach(before::note));
    }
    released.clear();
  }

  private void rollbackTo(int index) {
    Level back = new Level(levels.get(index).name);
    List<Level> undone = levels.subList(index, levels.size());
    for (int i = undone.size() - 1; i >= 0; i--) {
      undone.get(i).undo.values().forEach(undoing);
    }
    undone.clear();
    levels.add(back);
  }

  /** What is kept to be undone, roughly. */
  long bytes() {
    return bytes;
  }

  /** How much more would be kept if this entry were replaced now. */
  long cost(Undo step) {
    if (levels.isEmpty()
        || levels.get(levels.size() - 1).undo.containsKey(new Place(step.table(), step.key()))) {
      return 0;
    }
    return step.bytes();
  }

  /** A statement stays: what it replaced may have to be put back. */
  void note(List<Undo> statement) {
    if (!levels.isEmpty()) {
      Level last = levels.get(levels.size() - 1);
      long before = last.bytes;
      statement.forEach(last::note);
      bytes += last.bytes - before;
    }
  }
}
