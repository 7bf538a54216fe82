package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The building of one index. Immutable. */
final class RowwiseBuild implements IndexBuild {
  /** What a row of a run takes beside the bytes of its two keys: four objects, and its place. */
  private static final int ROW_BYTES = 120;

  private static final int ROWS_A_CHECK = 256;

  private final TableDef table;
  private final IndexEntries entries;

  /**
   * @param table with the index as the one that is being built
   */
  RowwiseBuild(TableDef table) {
    TableCodec codec = new TableCodec(table);
    IndexCodec building = Objects.requireNonNull(codec.building());
    this.table = table;
    this.entries = new IndexEntries(table, codec.rows(), building);
  }

  @Override
  public int table() {
    return table.id();
  }

  @Override
  public int index() {
    return entries.index().id();
  }

  @Override
  public Run run(ReadView view, Optional<RowKey> after, long bytesMax, Runnable check) {
    List<Indexed> rows = new ArrayList<>();
    long bytes = 0;
    ReadView.RowCursor cursor =
        view.scan(table.id(), after.map(RowwiseBuild::next), Optional.empty());
    while (bytes < bytesMax && cursor.next()) {
      if (rows.size() % ROWS_A_CHECK == 0) {
        check.run();
      }
      RowKey key = cursor.key();
      RowKey entry = entries.key(key, cursor.row());
      rows.add(new Indexed(key, entry));
      bytes += key.unsafeBytes().length + entry.unsafeBytes().length + ROW_BYTES;
    }
    Optional<RowKey> last =
        rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(rows.size() - 1).key());
    rows.sort(Comparator.comparing(Indexed::entry));
    return new Run(rows, last);
  }

  /** The smallest key behind another one. */
  private static RowKey next(RowKey key) {
    byte[] bytes = key.unsafeBytes();
    return RowKey.wrap(Arrays.copyOf(bytes, bytes.length + 1));
  }

  @Override
  public List<StoreChange> missing(ReadView newest, List<Indexed> rows) {
    List<StoreChange> missing = new ArrayList<>();
    Map<RowKey, Row> added = new HashMap<>();
    for (Indexed each : rows) {
      Row row = newest.find(table.id(), each.key()).orElse(null);
      if (row == null || !entries.key(each.key(), row).equals(each.entry())) {
        // Whoever deleted or changed it has seen to its entry.
        continue;
      }
      Row value = entries.value(each.key());
      Row there = added.get(each.entry());
      if (there == null) {
        there = newest.find(index(), each.entry()).orElse(null);
      }
      if (there == null) {
        added.put(each.entry(), value);
        missing.add(new StoreChange(index(), each.entry(), null, value));
      } else if (!there.equals(value)) {
        throw entries.duplicate(row);
      }
    }
    return missing;
  }
}
