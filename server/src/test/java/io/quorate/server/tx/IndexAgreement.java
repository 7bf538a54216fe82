package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.IndexCodec;
import io.quorate.sql.codec.TableCodec;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares indexes with what they would be if they were built now. */
final class IndexAgreement {
  private IndexAgreement() {}

  /** Every row has its entry, and every entry its row; of an index in the making the latter. */
  static void check(ReadView view, TableDef table) {
    TableCodec codec = new TableCodec(table);
    for (IndexCodec index : codec.indexes()) {
      assertThat(entries(view, index.definition().id()).entrySet())
          .as("%s at %s", index.definition(), view.revision())
          .isEqualTo(rebuilt(view, codec, index));
    }
    IndexCodec building = codec.building();
    if (building != null) {
      assertThat(rebuilt(view, codec, building))
          .as("%s at %s", building.definition(), view.revision())
          .containsAll(entries(view, building.definition().id()).entrySet());
    }
  }

  /** As a set, for nothing says yet that no two rows have the same key. */
  private static Set<Map.Entry<RowKey, Row>> rebuilt(
      ReadView view, TableCodec codec, IndexCodec index) {
    Set<Map.Entry<RowKey, Row>> entries = new HashSet<>();
    entries(view, codec.definition().id())
        .forEach(
            (key, row) -> {
              @Nullable Object[] values = codec.rows().decode(row);
              entries.add(Map.entry(index.entryKey(values, key), index.entryValue(key)));
            });
    return entries;
  }

  static Map<RowKey, Row> entries(ReadView view, int store) {
    Map<RowKey, Row> entries = new TreeMap<>();
    ReadView.RowCursor cursor = view.scan(store, Optional.empty(), Optional.empty());
    while (cursor.next()) {
      entries.put(cursor.key(), cursor.row());
    }
    return entries;
  }
}
