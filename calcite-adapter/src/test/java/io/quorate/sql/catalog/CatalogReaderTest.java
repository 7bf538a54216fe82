package io.quorate.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.NewTable.NewKey;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import io.quorate.sql.store.TreeMapView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CatalogReaderTest {
  private final TreeMapView store = new TreeMapView();
  private final CatalogReader reader = new CatalogReader();

  private Catalog apply(Catalog before, CatalogEdit edit) {
    store.apply(CatalogEdit.changes(store, before, edit.after()));
    return edit.after();
  }

  private static NewTable table(String name) {
    return new NewTable(
        Catalog.DEFAULT_SCHEMA,
        name,
        List.of(new ColumnDef("A", SqlType.of(Name.INTEGER), true, null)),
        List.of(new NewKey(null, true, List.of("A"))));
  }

  @Test
  void an_empty_store_has_the_empty_catalog() {
    assertThat(reader.read(store)).isEqualTo(Catalog.empty());
  }

  @Test
  void what_ddl_wrote_is_read() {
    Catalog catalog = apply(Catalog.empty(), Definitions.createTable(Catalog.empty(), table("T")));
    assertThat(reader.read(store)).isEqualTo(catalog);
    catalog = apply(catalog, Definitions.createTable(catalog, table("U")));
    assertThat(reader.read(store)).isEqualTo(catalog);
    catalog = apply(catalog, Definitions.createSchema(catalog, "APP"));
    assertThat(reader.read(store)).isEqualTo(catalog);
    NewIndex index = new NewIndex("I", Catalog.DEFAULT_SCHEMA, "T", List.of("A"), true);
    catalog = apply(catalog, Definitions.createIndex(catalog, index));
    assertThat(reader.read(store)).isEqualTo(catalog);
    catalog = apply(catalog, Definitions.dropTable(catalog, Catalog.DEFAULT_SCHEMA, "T", false));
    assertThat(reader.read(store)).isEqualTo(catalog);
    catalog = apply(catalog, Definitions.dropTable(catalog, Catalog.DEFAULT_SCHEMA, "U", false));
    assertThat(reader.read(store)).isEqualTo(catalog);
    assertThat(store.rowCount(Catalog.STORE_TABLE)).isEqualTo(1);
  }

  @Test
  void only_what_a_statement_changes_is_written() {
    Catalog catalog = apply(Catalog.empty(), Definitions.createTable(Catalog.empty(), table("T")));
    Catalog next = Definitions.createTable(catalog, table("U")).after();
    assertThat(CatalogEdit.changes(store, catalog, next))
        .extracting(StoreChange::key)
        .containsExactly(CatalogCodec.headKey(), CatalogCodec.tableKey(17));
  }

  @Test
  void an_unchanged_catalog_costs_one_look_and_an_old_view_has_its_own() {
    Catalog first = apply(Catalog.empty(), Definitions.createTable(Catalog.empty(), table("T")));
    OneLook old = new OneLook(store.find(Catalog.STORE_TABLE, CatalogCodec.headKey()));
    Catalog read = reader.read(store);
    Catalog second = apply(first, Definitions.createTable(first, table("U")));
    assertThat(reader.read(store)).isEqualTo(second);
    assertThat(reader.read(old)).isSameAs(read);
    assertThat(old.looks).isEqualTo(1);
    for (Catalog catalog = second; catalog.version() < 8; ) {
      catalog = apply(catalog, Definitions.createSchema(catalog, "S" + catalog.version()));
      assertThat(reader.read(store)).isEqualTo(catalog);
      assertThat(reader.read(store)).isSameAs(reader.read(store));
    }
  }

  /** A view that answers for the head only. */
  private static final class OneLook implements ReadView {
    private final Optional<Row> head;
    private int looks;

    OneLook(Optional<Row> head) {
      this.head = head;
    }

    @Override
    public long revision() {
      return 1;
    }

    @Override
    public Optional<Row> find(int table, RowKey key) {
      looks++;
      return head;
    }

    @Override
    public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
      throw new AssertionError("scanned");
    }

    @Override
    public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
      throw new AssertionError("scanned");
    }

    @Override
    public long rowCount(int table) {
      throw new AssertionError("counted");
    }

    @Override
    public void close() {}
  }
}
