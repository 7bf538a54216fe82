package io.quorate.sql.plan;

import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The entries of a new index for the rows that are there already, while nobody writes.
 *
 * <p>They are written in runs that are sorted by their keys, for the reason that {@link IndexBuild}
 * gives.
 *
 * <p>Of a unique index all keys are compared before the first batch. For that, a hash of each key
 * is kept, which is far less than the keys; only where two agree are the keys themselves read
 * again.
 */
final class IndexFill extends RowBatches {
  /** Of what the statement may take in memory; the hashes of a unique index come before. */
  private static final int RUN_SHARE = 4;

  private static final long RUN_BYTES_MAX = 64 << 20;

  /** What an entry of a run takes beside its bytes: four objects, and its place. */
  private static final int ENTRY_BYTES = 120;

  private final ExecutionContext context;
  private final int table;
  private final IndexEntries entries;
  private Iterator<StoreChange> run = Collections.emptyIterator();

  /**
   * @param table as it will be
   * @param index one of its indexes
   */
  IndexFill(ExecutionContext context, TableDef table, IndexDef index) {
    super(context, table.id());
    this.context = context;
    this.table = table.id();
    TableCodec codec = new TableCodec(table);
    this.entries =
        new IndexEntries(table, codec.rows(), codec.indexes().get(table.indexes().indexOf(index)));
  }

  @Override
  void check() {
    if (entries.index().unique()) {
      checkUnique();
    }
  }

  @Override
  List<StoreChange> changes(TableRows rows) {
    RowKey entry = entries.key(rows.key(), rows.row());
    return List.of(new StoreChange(entries.index().id(), entry, null, entries.value(rows.key())));
  }

  @Override
  List<StoreChange> batch(TableRows from) {
    if (!run.hasNext()) {
      run = run(from);
    }
    ChangeBatch batch = new ChangeBatch();
    while (!batch.isFull() && run.hasNext()) {
      batch.add(run.next());
    }
    return batch.changes();
  }

  private Iterator<StoreChange> run(TableRows from) {
    long bytesMax = Math.min(context.memoryBytesMax() / RUN_SHARE, RUN_BYTES_MAX);
    List<StoreChange> made = new ArrayList<>();
    long bytes = 0;
    while (bytes < bytesMax && from.next()) {
      for (StoreChange change : changes(from)) {
        made.add(change);
        bytes += change.key().unsafeBytes().length + from.key().unsafeBytes().length + ENTRY_BYTES;
      }
    }
    made.sort(Comparator.comparing(StoreChange::key));
    return made.iterator();
  }

  /**
   * Compares all keys.
   *
   * @throws SqlFailure {@link State#UNIQUE_VIOLATION} when two rows have the same
   */
  void checkUnique() {
    KeyHashes hashes =
        new KeyHashes(context.view().rowCount(table), context.memoryBytesMax(), context.random());
    TableRows rows = rows();
    while (rows.next()) {
      if (entries.hasNull(rows.row())) {
        continue;
      }
      RowKey entry = entries.key(rows.key(), rows.row());
      if (!hashes.add(entry) && isBefore(rows.key(), entry)) {
        throw entries.duplicate(rows.row());
      }
    }
  }

  /** Whether a row before {@code end} has the entry; asked only where hashes agree. */
  private boolean isBefore(RowKey end, RowKey entry) {
    TableRows rows = new TableRows(context, table, Optional.of(end));
    while (rows.next()) {
      if (entries.key(rows.key(), rows.row()).equals(entry)) {
        return true;
      }
    }
    return false;
  }
}
