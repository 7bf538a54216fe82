package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.plan.IndexBuild;
import io.quorate.sql.plan.IndexBuild.Indexed;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Fills an index while others write its table. Some rows at a time are locked with their entries,
 * so that nobody changes them while the entries are written that are missing; who wants one of
 * these rows waits for one write of the log. Confined to the statement's thread.
 */
final class IndexBuilding {
  /** Finding rows in the hands of those who wait for the entries, and the other way round. */
  private static final int ATTEMPTS_MAX = 16;

  /** Rows that are locked together, for as long as it takes to write their entries. */
  private static final int ROWS_LOCKED_MAX = 1_000;

  private static final int BYTES_WRITTEN_MAX = 1 << 20;

  /**
   * Bytes of a run, whose entries are written in their order: the larger, the fewer pages of the
   * index change with each write. Its part of the heap is that of the unsaved pages before they are
   * written.
   */
  private static final long RUN_BYTES_MAX =
      Math.max(1L << 20, Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 32));

  private final Transactions transactions;
  private final Leadership leadership;
  private final Control control;
  private final IndexBuild index;
  private final Consumer<List<StoreChange>> write;

  /**
   * @param write writes some entries and waits until they can be seen
   */
  IndexBuilding(
      Transactions transactions,
      Leadership leadership,
      Control control,
      IndexBuild index,
      Consumer<List<StoreChange>> write) {
    this.transactions = transactions;
    this.leadership = leadership;
    this.control = control;
    this.index = index;
    this.write = write;
  }

  /**
   * Fills it.
   *
   * @throws QuorateException {@link ErrorCode#LOCK_TIMEOUT} when another transaction holds a row
   *     for longer than the lock timeout
   */
  void run() {
    IndexBuild.Run run = next(Optional.empty());
    while (run.last().isPresent()) {
      List<Indexed> rest = run.rows();
      while (!rest.isEmpty()) {
        control.check();
        int count = together(rest);
        fill(rest.subList(0, count));
        rest = rest.subList(count, rest.size());
      }
      run = next(run.last());
    }
  }

  /** How many of the first rows become one entry of the log: one at least. */
  private static int together(List<Indexed> rows) {
    int count = 0;
    long bytes = 0;
    while (count < rows.size() && count < ROWS_LOCKED_MAX && bytes < BYTES_WRITTEN_MAX) {
      bytes += rows.get(count).entry().unsafeBytes().length;
      count++;
    }
    return count;
  }

  private IndexBuild.Run next(Optional<RowKey> after) {
    try (ReadView view = transactions.newestView()) {
      return index.run(view, after, RUN_BYTES_MAX, control::check);
    }
  }

  /**
   * Fills in the entries of some rows: of all together where nobody has one of them, else of fewer,
   * so that nobody waits for rows while their neighbour is waited for.
   */
  private void fill(List<Indexed> rows) {
    LockTable.Owner owner = new LockTable.Owner();
    try {
      if (leadership.locks().tryAcquire(owner, List.of(), names(rows))) {
        fillLocked(rows);
        return;
      }
    } finally {
      leadership.locks().release(owner);
    }
    if (rows.size() == 1) {
      await(rows);
    } else {
      int half = rows.size() / 2;
      fill(rows.subList(0, half));
      fill(rows.subList(half, rows.size()));
    }
  }

  private void await(List<Indexed> row) {
    for (int attempt = 1; ; attempt++) {
      LockTable.Owner owner = new LockTable.Owner();
      try {
        leadership.locks().acquire(owner, names(row), LockTable.Mode.EXCLUSIVE, control);
        fillLocked(row);
        return;
      } catch (QuorateException e) {
        if (e.code() != ErrorCode.WRITE_CONFLICT || attempt == ATTEMPTS_MAX) {
          throw e;
        }
      } finally {
        leadership.locks().release(owner);
      }
    }
  }

  private void fillLocked(List<Indexed> rows) {
    List<StoreChange> missing;
    try (ReadView newest = transactions.newestView()) {
      missing = index.missing(newest, rows);
    }
    if (!missing.isEmpty()) {
      write.accept(missing);
    }
  }

  private SortedSet<LockName> names(List<Indexed> rows) {
    SortedSet<LockName> names = new TreeSet<>();
    for (Indexed row : rows) {
      names.add(new LockName(index.table(), row.key()));
      names.add(new LockName(index.index(), row.entry()));
    }
    return names;
  }
}
