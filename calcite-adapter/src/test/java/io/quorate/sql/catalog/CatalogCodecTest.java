package io.quorate.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quorate.sql.catalog.NewTable.NewKey;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.store.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CatalogCodecTest {
  /** A catalog with something of everything. */
  private static final Catalog CATALOG = catalog();

  private static final CheckDef ID_CHECK = new CheckDef("Orders_ID_CHECK", "id > 0");

  private static final String HEAD =
      // format, version, next id, two schemas
      "01 0000000000000003 00000013 00000002 00000003 415050 00000006 5055424c4943";

  private static final String ORDERS =
      "01 00000010 00000003 415050 00000006 4f7264657273"
          // ID BIGINT NOT NULL; PRICE DECIMAL(10, 2) DEFAULT 0; Straße VARCHAR
          + "00000003"
          + "00000002 4944 05 ffffffff 00000000 00"
          + "00000005 5052494345 06 0000000a 00000002 03 00000001 30"
          + "00000007 53747261c39f65 0a ffffffff 00000000 01"
          // its key, and a constraint and an index
          + "00000001 00000000 00000009 4f72646572735f504b"
          + "00000002"
          + "00000011 00000001 55 03 00000002 00000002 00000001"
          + "00000012 00000001 49 00 00000001 00000001";

  /** ORDERS with two checks; what it lacks is written as ever. */
  private static final String ORDERS_WITH_CHECKS =
      "02"
          + ORDERS.substring(2)
          + "00000001 01 00000002"
          + "0000000f 4f72646572735f49445f434845434b 00000006 6964203e2030"
          + "00000001 43 0000000f 2253747261c39f6522203c3e202727";

  private static Catalog catalog() {
    Catalog catalog = Definitions.createSchema(Catalog.empty(), "APP").after();
    catalog =
        Definitions.createTable(
                catalog,
                new NewTable(
                    "APP",
                    "Orders",
                    List.of(
                        new ColumnDef("ID", SqlType.of(Name.BIGINT), true, null),
                        new ColumnDef("PRICE", new SqlType(Name.DECIMAL, 10, 2), true, "0"),
                        new ColumnDef("Straße", SqlType.of(Name.VARCHAR), true, null)),
                    List.of(
                        new NewKey("Orders_PK", true, List.of("ID")),
                        new NewKey("U", false, List.of("Straße", "PRICE")))))
            .after();
    return Definitions.createIndex(
            catalog, new NewIndex("I", "APP", "Orders", List.of("PRICE"), false))
        .after();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static TableDef orders() {
    return CATALOG.find("APP", "Orders").orElseThrow();
  }

  @Test
  void the_bytes_of_a_catalog_never_change() {
    assertThat(CatalogCodec.encodeHead(CATALOG)).isEqualTo(Row.wrap(bytes(HEAD)));
    assertThat(CatalogCodec.encodeTable(orders())).isEqualTo(Row.wrap(bytes(ORDERS)));
    assertThat(CatalogCodec.headKey()).hasToString("00");
    assertThat(CatalogCodec.tableKey(orders().id())).hasToString("0100000010");
  }

  @Test
  void the_bytes_of_a_user_never_change() {
    UserDef alice = new UserDef("ALICE", "v$w", 0x0102030405L);
    UserDef bob = new UserDef("Bób", null, -1);
    Row first = Row.wrap(bytes("01 00000005 414c494345 01 00000003 762477 0000000102030405"));
    Row second = Row.wrap(bytes("01 00000004 42c3b362 00 ffffffffffffffff"));
    Row secret = Row.wrap(bytes("01 00000002 7878"));
    assertThat(CatalogCodec.encodeUser(alice)).isEqualTo(first);
    assertThat(CatalogCodec.encodeUser(bob)).isEqualTo(second);
    assertThat(CatalogCodec.encodeSecret("xx")).isEqualTo(secret);
    UserDef carol = new UserDef("C", "v", 1, false);
    Row restricted = Row.wrap(bytes("01 00000001 43 03 00000001 76 0000000000000001"));
    assertThat(CatalogCodec.encodeUser(carol)).isEqualTo(restricted);
    assertThat(CatalogCodec.decodeUser(restricted)).isEqualTo(carol);
    assertThat(CatalogCodec.secretKey()).hasToString("02");
    assertThat(CatalogCodec.userKey("Bób")).hasToString("0342c3b362");
    Users users = CatalogCodec.decodeUsers(Optional.of(secret), List.of(first, second), List.of());
    assertThat(users.byName().values()).containsExactly(alice, bob);
    assertThat(users.secret()).isEqualTo("xx");
    assertThat(users.toString()).doesNotContain("v$w").doesNotContain("xx");
  }

  @Test
  void a_damaged_user_is_refused() {
    Row user = Row.wrap(bytes("01 00000001 41 00 0000000000000001"));
    assertThatIllegalStateException()
        .isThrownBy(() -> CatalogCodec.decodeUsers(Optional.empty(), List.of(user), List.of()));
    Optional<Row> secret = Optional.of(CatalogCodec.encodeSecret("x"));
    for (String hex :
        List.of(
            "02 00000001 41 00 0000000000000001",
            "01 00000001 41 04 0000000000000001",
            "01 00000001 41 00 00000000000001",
            "01 00000001 41 00 000000000000000100",
            "01 00000001 41 01 0000000000000001")) {
      assertThatIllegalStateException()
          .describedAs(hex)
          .isThrownBy(
              () -> CatalogCodec.decodeUsers(secret, List.of(Row.wrap(bytes(hex))), List.of()));
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> CatalogCodec.decodeUsers(secret, List.of(user, user), List.of()));
  }

  @Test
  void the_bytes_of_an_identity_column_never_change() {
    TableDef table =
        Definitions.createTable(
                Catalog.empty(),
                new NewTable(
                    "PUBLIC",
                    "T",
                    List.of(
                        new ColumnDef("A", SqlType.of(Name.INTEGER), true, null),
                        new ColumnDef(
                            "N", SqlType.of(Name.BIGINT), true, null, IdentityDef.of(true, 7, -2))),
                    List.of(new NewKey("K", true, List.of("A")))))
            .after()
            .find("PUBLIC", "T")
            .orElseThrow();
    String hex =
        "01 00000010 00000006 5055424c4943 00000001 54"
            + "00000002"
            + "00000001 41 04 ffffffff 00000000 00"
            + "00000001 4e 05 ffffffff 00000000 04 00000011 01 0000000000000007 fffffffffffffffe"
            + "00000001 00000000 00000001 4b"
            + "00000000";
    assertThat(CatalogCodec.encodeTable(table)).isEqualTo(Row.wrap(bytes(hex)));
    assertThat(CatalogCodec.decodeTable(Row.wrap(bytes(hex)))).isEqualTo(table);
    for (String damage : List.of("00000011 02", "00000000 01", "00000011 01 00")) {
      Row damaged = Row.wrap(bytes(hex.replace("00000011 01", damage)));
      assertThatIllegalStateException()
          .describedAs(damage)
          .isThrownBy(() -> CatalogCodec.decodeTable(damaged));
    }
  }

  @Test
  void a_catalog_is_read_back_as_it_was() {
    assertThat(CatalogCodec.decode(Row.wrap(bytes(HEAD)), List.of(Row.wrap(bytes(ORDERS)))))
        .isEqualTo(CATALOG);
  }

  @Test
  void checks_are_read_back_and_a_table_without_them_has_the_bytes_it_had() {
    TableDef table = withChecks(List.of(ID_CHECK, new CheckDef("C", "\"Straße\" <> ''")));
    Row row = Row.wrap(bytes(ORDERS_WITH_CHECKS));
    assertThat(CatalogCodec.encodeTable(table)).isEqualTo(row);
    assertThat(CatalogCodec.decodeTable(row)).isEqualTo(table);
    assertThat(CatalogCodec.encodeTable(withChecks(List.of()))).isEqualTo(Row.wrap(bytes(ORDERS)));
    assertThat(CatalogCodec.decodeTable(Row.wrap(bytes(ORDERS))).checks()).isEmpty();
  }

  private static TableDef withChecks(List<CheckDef> checks) {
    TableDef table = orders();
    return new TableDef(
        table.id(),
        table.schema(),
        table.name(),
        table.columns(),
        table.primaryKey(),
        table.primaryKeyName(),
        table.indexes(),
        checks);
  }

  @Test
  void the_bytes_of_a_foreign_key_never_change() {
    TableDef table =
        new TableDef(
            20,
            "S",
            "T",
            List.of(
                new ColumnDef("A", SqlType.of(Name.INTEGER), true, null),
                new ColumnDef("B", SqlType.of(Name.INTEGER), true, null)),
            List.of(0),
            "K",
            List.of(),
            List.of(new CheckDef("C", "1")),
            List.of(
                new ForeignKeyDef(
                    "F",
                    List.of(1, 0),
                    18,
                    List.of(3, 2),
                    true,
                    ForeignKeyDef.Action.CASCADE,
                    ForeignKeyDef.Action.SET_DEFAULT)));
    String hex =
        "02 00000014 00000001 53 00000001 54"
            + "00000002"
            + "00000001 41 04 ffffffff 00000000 01"
            + "00000001 42 04 ffffffff 00000000 01"
            + "00000001 00000000 00000001 4b"
            + "00000000"
            + "00000002"
            + "01 00000001 00000001 43 00000001 31"
            + "02 00000001 00000001 46 00000002 00000001 00000000"
            + "00000012 00000003 00000002 01 02 04";
    assertThat(CatalogCodec.encodeTable(table)).isEqualTo(Row.wrap(bytes(hex)));
    assertThat(CatalogCodec.decodeTable(Row.wrap(bytes(hex)))).isEqualTo(table);
    assertCutsAreRefused(bytes(hex));
    String layout = "03 00000002 00000000 00000002 00000003 00000000";
    Row all =
        Row.wrap(
            bytes(
                hex.replace(
                        "00000002" + "01 00000001 00000001 43",
                        "00000003" + "01 00000001 00000001 43")
                    + layout));
    TableDef grown = withLayout(table, new RowLayout(List.of(0, 2), 3, new TreeMap<>()));
    assertThat(CatalogCodec.encodeTable(grown)).isEqualTo(all);
    assertThat(CatalogCodec.decodeTable(all)).isEqualTo(grown);
    for (String damage :
        List.of(
            "00000012 00000003 00000002 02 02 04",
            "00000012 00000003 00000002 01 05 04",
            "0000000f 00000003 00000002 01 02 04")) {
      Row damaged = Row.wrap(bytes(hex.replace("00000012 00000003 00000002 01 02 04", damage)));
      assertThatIllegalStateException()
          .describedAs(damage)
          .isThrownBy(() -> CatalogCodec.decodeTable(damaged))
          .withMessageStartingWith("damaged catalog");
    }
  }

  @Test
  void a_foreign_key_to_no_unique_key_of_a_table_is_refused() {
    Catalog catalog = Definitions.createTable(Catalog.empty(), keyed("P", List.of())).after();
    Row head =
        CatalogCodec.encodeHead(
            Definitions.createTable(catalog, keyed("C", List.of(toP()))).after());
    Catalog whole = Definitions.createTable(catalog, keyed("C", List.of(toP()))).after();
    Row parent = CatalogCodec.encodeTable(whole.find("PUBLIC", "P").orElseThrow());
    Row child = CatalogCodec.encodeTable(whole.find("PUBLIC", "C").orElseThrow());
    assertThat(CatalogCodec.decode(head, List.of(parent, child))).isEqualTo(whole);
    assertThatIllegalStateException()
        .isThrownBy(() -> CatalogCodec.decode(head, List.of(child)))
        .withMessage("damaged catalog: foreign key C_A_FKEY");
  }

  private static NewTable keyed(String name, List<NewTable.NewForeignKey> foreignKeys) {
    return new NewTable(
        "PUBLIC",
        name,
        List.of(new ColumnDef("A", SqlType.of(Name.INTEGER), true, null)),
        List.of(new NewKey(null, true, List.of("A"))),
        List.of(),
        foreignKeys);
  }

  private static NewTable.NewForeignKey toP() {
    return new NewTable.NewForeignKey(
        null,
        List.of("A"),
        null,
        "P",
        List.of(),
        false,
        ForeignKeyDef.Action.NO_ACTION,
        ForeignKeyDef.Action.NO_ACTION);
  }

  @Test
  void damaged_checks_are_refused() {
    for (String hex :
        List.of(
            "03" + ORDERS_WITH_CHECKS.substring(2),
            "01" + ORDERS_WITH_CHECKS.substring(2),
            "02" + ORDERS.substring(2) + "00000000",
            "02" + ORDERS.substring(2) + "ffffffff",
            "02" + ORDERS.substring(2) + "00000001 01 00000000",
            "02" + ORDERS.substring(2) + "00000001 7f 00000001",
            ORDERS_WITH_CHECKS.replace("00000001 01 00000002", "00000002 01 00000002")
                + "01 00000001 00000001 43 00000001 43",
            ORDERS_WITH_CHECKS + "00")) {
      assertThatIllegalStateException()
          .describedAs(hex)
          .isThrownBy(() -> CatalogCodec.decodeTable(Row.wrap(bytes(hex))))
          .withMessageStartingWith("damaged catalog");
    }
  }

  @Test
  void the_bytes_of_a_descending_index_never_change() {
    TableDef table =
        orders()
            .withIndexes(
                List.of(
                    orders().indexes().get(0),
                    new IndexDef(18, "I", List.of(1, 0), false, false, Set.of(0))));
    String end = "00000012 00000001 49 00 00000001 00000001";
    String hex =
        ORDERS.replace(end, "00000012 00000001 49 04 00000002 00000001 00000000 00000001 00000000");
    assertThat(CatalogCodec.encodeTable(table)).isEqualTo(Row.wrap(bytes(hex)));
    assertThat(CatalogCodec.decodeTable(Row.wrap(bytes(hex)))).isEqualTo(table);
    assertCutsAreRefused(bytes(hex));
    for (String damage :
        List.of(
            "00000012 00000001 49 04 00000001 00000001 00000001 00000001",
            "00000012 00000001 49 04 00000001 00000001 00000000",
            "00000012 00000001 49 04 00000002 00000001 00000000 00000002 00000001 00000000")) {
      assertThatIllegalStateException()
          .describedAs(damage)
          .isThrownBy(() -> CatalogCodec.decodeTable(Row.wrap(bytes(ORDERS.replace(end, damage)))));
    }
  }

  @Test
  void the_bytes_of_a_generated_column_never_change() {
    TableDef table = orders();
    ColumnDef generated = new ColumnDef("G", SqlType.of(Name.INTEGER), true, null, null, "ID + 1");
    List<ColumnDef> columns = new ArrayList<>(table.columns().subList(0, 2));
    columns.add(generated);
    TableDef with =
        new TableDef(
            table.id(),
            table.schema(),
            table.name(),
            columns,
            table.primaryKey(),
            table.primaryKeyName(),
            table.indexes());
    String hex =
        ORDERS.replace(
            "00000007 53747261c39f65 0a ffffffff 00000000 01",
            "00000001 47 04 ffffffff 00000000 09 00000006 4944202b2031");
    assertThat(CatalogCodec.encodeTable(with)).isEqualTo(Row.wrap(bytes(hex)));
    assertThat(CatalogCodec.decodeTable(Row.wrap(bytes(hex)))).isEqualTo(with);
    assertCutsAreRefused(bytes(hex));
  }

  /** ORDERS once a column had gone and another one had come, with a missing value. */
  private static final String LAYOUT =
      "00000001 03 00000003 00000000 00000002 00000004 00000005"
          + "00000001 00000004 00000002 6869";

  private static TableDef withLayout(RowLayout layout) {
    return withLayout(orders(), layout);
  }

  private static TableDef withLayout(TableDef table, RowLayout layout) {
    return new TableDef(
        table.id(),
        table.schema(),
        table.name(),
        table.columns(),
        table.primaryKey(),
        table.primaryKeyName(),
        table.indexes(),
        table.checks(),
        table.foreignKeys(),
        layout,
        table.building());
  }

  @Test
  void the_bytes_of_an_index_that_is_being_built_never_change() {
    TableDef table = orders().plusBuilding(new IndexDef(40, "IB", List.of(1), true, false));
    String part = "00000001 04 00000028 00000002 4942 01 00000001 00000001";
    Row row = Row.wrap(bytes("02" + ORDERS.substring(2) + part));
    assertThat(CatalogCodec.encodeTable(table)).isEqualTo(row);
    assertThat(CatalogCodec.decodeTable(row)).isEqualTo(table);
    assertThat(CatalogCodec.encodeTable(table.minusBuilding())).isEqualTo(Row.wrap(bytes(ORDERS)));
    assertCutsAreRefused(row.unsafeBytes());
  }

  @Test
  void the_bytes_of_a_layout_never_change() {
    RowLayout layout =
        new RowLayout(
            List.of(0, 2, 4),
            5,
            new TreeMap<>(Map.of(4, Row.wrap("hi".getBytes(StandardCharsets.US_ASCII)))));
    Row row = Row.wrap(bytes("02" + ORDERS.substring(2) + LAYOUT));
    assertThat(CatalogCodec.encodeTable(withLayout(layout))).isEqualTo(row);
    assertThat(CatalogCodec.decodeTable(row)).isEqualTo(withLayout(layout));
    assertThat(CatalogCodec.encodeTable(withLayout(RowLayout.dense(3))))
        .isEqualTo(Row.wrap(bytes(ORDERS)));
    assertCutsAreRefused(row.unsafeBytes());
  }

  @Test
  void a_damaged_layout_is_refused() {
    String part = "00000001 03 ";
    for (String hex :
        List.of(
            part + "00000003 00000000 00000001 00000002 00000003 00000000",
            part + "00000002 00000000 00000002 00000005 00000000",
            part + "00000003 00000000 00000002 00000002 00000005 00000000",
            part + "00000003 00000000 00000002 00000005 00000005 00000000",
            part + "00000003 00000000 00000002 00000004 00001001 00000000",
            part + "00000003 00000000 00000002 00000004 00000005 00000001 00000003 00000000",
            part
                + "00000003 00000000 00000002 00000004 00000005 00000002"
                + "00000004 00000000 00000002 00000000",
            part + "00000003 00000000 00000002 00000004 00000005 00000001 00000004 00000001")) {
      assertThatIllegalStateException()
          .describedAs(hex)
          .isThrownBy(
              () -> CatalogCodec.decodeTable(Row.wrap(bytes("02" + ORDERS.substring(2) + hex))))
          .withMessageStartingWith("damaged catalog");
    }
  }

  @Test
  void every_type_is_read_back() {
    List<ColumnDef> columns = new ArrayList<>();
    for (Name name : Name.values()) {
      SqlType type =
          name == Name.ARRAY ? SqlType.array(SqlType.of(Name.DATE), 3) : SqlType.of(name);
      columns.add(new ColumnDef(name.name(), type, true, null));
    }
    TableDef table = new TableDef(20, "S", "T", columns, List.of(0), "K", List.of());
    assertThat(CatalogCodec.decodeTable(CatalogCodec.encodeTable(table))).isEqualTo(table);
  }

  @Test
  void a_row_cut_anywhere_or_too_long_is_refused() {
    assertCutsAreRefused(bytes(ORDERS));
    assertCutsAreRefused(bytes(ORDERS_WITH_CHECKS));
  }

  private static void assertCutsAreRefused(byte[] whole) {
    for (int length = 0; length < whole.length; length++) {
      Row cut = Row.wrap(Arrays.copyOf(whole, length));
      assertThatIllegalStateException()
          .describedAs("%s bytes", length)
          .isThrownBy(() -> CatalogCodec.decodeTable(cut))
          .withMessageStartingWith("damaged catalog");
    }
    Row longer = Row.wrap(Arrays.copyOf(whole, whole.length + 1));
    assertThatIllegalStateException().isThrownBy(() -> CatalogCodec.decodeTable(longer));
  }

  @Test
  void a_row_of_another_format_is_refused() {
    byte[] later = bytes(HEAD);
    later[0] = 2;
    assertThatIllegalStateException()
        .isThrownBy(() -> CatalogCodec.decode(Row.wrap(later), List.of()))
        .withMessage("damaged catalog: format 2");
  }

  @Test
  void a_changed_byte_is_refused_or_makes_another_definition() {
    byte[] whole = bytes(ORDERS);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) 0x80;
      try {
        assertThat(CatalogCodec.decodeTable(Row.wrap(changed))).isNotEqualTo(orders());
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageStartingWith("damaged catalog");
      }
    }
  }

  @Test
  void a_table_that_the_head_does_not_know_is_refused() {
    Row head = CatalogCodec.encodeHead(Catalog.empty());
    assertThatIllegalStateException()
        .isThrownBy(() -> CatalogCodec.decode(head, List.of(Row.wrap(bytes(ORDERS)))))
        .withMessage("damaged catalog: schema APP");
  }
}
