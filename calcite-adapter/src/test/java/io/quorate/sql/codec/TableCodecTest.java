package io.quorate.sql.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import io.quorate.sql.store.TreeMapView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableCodecTest {
  private static final TableDef TABLE =
      new TableDef(
          20,
          "PUBLIC",
          "T",
          List.of(
              new ColumnDef("ID", SqlType.of(Name.INTEGER), false, null),
              new ColumnDef("A", SqlType.of(Name.VARCHAR), true, null),
              new ColumnDef("B", SqlType.of(Name.INTEGER), true, null)),
          List.of(0),
          "PK_T",
          List.of(
              new IndexDef(21, "I_A", List.of(1), false, false),
              new IndexDef(22, "U_B", List.of(2), true, true)));

  private final TableCodec codec = new TableCodec(TABLE);
  private final TreeMapView view = new TreeMapView();

  @Test
  void entries_of_indexes_lead_to_the_row() {
    view.apply(codec.changes(null, new Object[] {1, "x", 10}));
    RowKey key = codec.key(new Object[] {1, "x", 10});
    for (IndexCodec index : codec.indexes()) {
      RowKey entry = index.entryKey(new Object[] {1, "x", 10}, key);
      Row value = view.find(index.definition().id(), entry).orElseThrow();
      assertThat(index.primaryKey(entry, value)).isEqualTo(key);
    }
  }

  @Test
  void an_update_touches_only_the_indexes_whose_columns_change() {
    view.apply(codec.changes(null, new Object[] {1, "x", 10}));
    List<StoreChange> changes = change(1, new Object[] {1, "x", 11});
    assertThat(changes).extracting(StoreChange::table).containsExactly(20, 22, 22);
    view.apply(changes);
    assertThat(view.rowCount(22)).isEqualTo(1);
  }

  @Test
  void a_changed_key_moves_the_row_and_all_its_entries() {
    view.apply(codec.changes(null, new Object[] {1, "x", 10}));
    List<StoreChange> changes = change(1, new Object[] {2, "x", 10});
    assertThat(changes).extracting(StoreChange::table).containsExactly(20, 20, 21, 21, 22);
    view.apply(changes);
    view.apply(change(2, null));
    assertThat(view.rowCount(20) + view.rowCount(21) + view.rowCount(22)).isZero();
  }

  @Test
  void nulls_do_not_collide_in_a_unique_index() {
    view.apply(codec.changes(null, new @Nullable Object[] {1, "x", null}));
    view.apply(codec.changes(null, new @Nullable Object[] {2, "x", null}));
    assertThat(view.rowCount(22)).isEqualTo(2);
  }

  private List<StoreChange> change(int id, @Nullable Object @Nullable [] after) {
    Row before = view.find(20, codec.keys().encode(new Object[] {id})).orElseThrow();
    return codec.changes(before, after);
  }
}
