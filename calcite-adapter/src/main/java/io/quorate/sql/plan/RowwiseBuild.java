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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The building of one index. Immutable. */
final class RowwiseBuild implements IndexBuild {
  /** They are locked together, for as long as it takes to write their entries. */
  private static final int ROWS_MAX = 1_000;

  private static final int BYTES_MAX = 1 << 20;

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
  public List<Indexed> rows(ReadView view, Optional<RowKey> after) {
    List<Indexed> rows = new ArrayList<>();
    long bytes = 0;
    ReadView.RowCursor cursor =
        view.scan(table.id(), after.map(RowwiseBuild::next), Optional.empty());
    while (rows.size() < ROWS_MAX && bytes < BYTES_MAX && cursor.next()) {
      RowKey key = cursor.key();
      Row row = cursor.row();
      rows.add(new Indexed(key, row, entries.key(key, row)));
      bytes += row.unsafeBytes().length;
    }
    return rows;
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
      if (!newest.find(table.id(), each.key()).equals(Optional.of(each.row()))) {
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
        throw entries.duplicate(each.row());
      }
    }
    return missing;
  }
}
