package io.quorate.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.NewTable.NewKey;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class DefinitionsTest {
  private static final String PUBLIC = Catalog.DEFAULT_SCHEMA;

  private static ColumnDef column(String name) {
    return new ColumnDef(name, SqlType.of(Name.INTEGER), true, null);
  }

  private static NewTable table(String name, List<ColumnDef> columns, NewKey... keys) {
    return new NewTable(PUBLIC, name, columns, Arrays.asList(keys));
  }

  private static NewKey primary(String... columns) {
    return new NewKey(null, true, Arrays.asList(columns));
  }

  private static NewKey unique(String... columns) {
    return new NewKey(null, false, Arrays.asList(columns));
  }

  private static NewIndex index(String name, String... columns) {
    return new NewIndex(name, PUBLIC, "T", Arrays.asList(columns), false);
  }

  private static Catalog withT() {
    return Definitions.createTable(
            Catalog.empty(),
            table("T", List.of(column("A"), column("B")), primary("A"), unique("B")))
        .after();
  }

  private static void assertFails(State state, String message, ThrowingCallable definition) {
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, definition);
    assertThat(failure).hasMessage(message);
    assertThat(failure.state()).isEqualTo(state);
  }

  @Test
  void a_new_table_has_ids_of_its_own_and_names_for_its_keys() {
    Catalog catalog = withT();
    assertThat(catalog.version()).isEqualTo(1);
    assertThat(catalog.nextId()).isEqualTo(Catalog.FIRST_ID + 2);
    assertThat(catalog.find(PUBLIC, "T"))
        .contains(
            new TableDef(
                16,
                PUBLIC,
                "T",
                List.of(new ColumnDef("A", SqlType.of(Name.INTEGER), false, null), column("B")),
                List.of(0),
                "T_PKEY",
                List.of(new IndexDef(17, "T_B_KEY", List.of(1), true, true))));
  }

  @Test
  void a_new_table_has_names_for_its_checks_that_nothing_else_of_the_schema_has() {
    NewTable.NewCheck ofColumn = new NewTable.NewCheck(null, "A", "a > 0");
    NewTable.NewCheck ofTable = new NewTable.NewCheck(null, null, "a > b");
    Catalog catalog = withChecks(withT(), "U", ofColumn, ofTable, ofColumn);
    assertThat(catalog.find(PUBLIC, "U").orElseThrow().checks())
        .containsExactly(
            new CheckDef("U_A_CHECK", "a > 0"),
            new CheckDef("U_CHECK", "a > b"),
            new CheckDef("U_A_CHECK1", "a > 0"));
    assertFails(
        State.OBJECT_EXISTS,
        "constraint or index \"PUBLIC.T_PKEY\" exists already",
        () -> withChecks(catalog, "V", new NewTable.NewCheck("T_PKEY", null, "a > b")));
    assertFails(
        State.OBJECT_EXISTS,
        "constraint or index \"PUBLIC.U_CHECK\" exists already",
        () ->
            Definitions.createTable(
                catalog,
                table("V", List.of(column("A")), new NewKey("U_CHECK", true, List.of("A")))));
    NewTable.NewCheck[] many = new NewTable.NewCheck[Definitions.CHECKS_MAX + 1];
    Arrays.fill(many, ofTable);
    assertFails(
        State.LIMIT_EXCEEDED,
        "table \"V\" would have 65 CHECK constraints, at most 64",
        () -> withChecks(catalog, "V", many));
  }

  private static Catalog withChecks(Catalog catalog, String name, NewTable.NewCheck... checks) {
    List<ColumnDef> columns = List.of(column("A"), column("B"));
    return Definitions.createTable(
            catalog, new NewTable(PUBLIC, name, columns, List.of(), Arrays.asList(checks)))
        .after();
  }

  @Test
  void a_table_without_a_key_gets_a_hidden_one() {
    CatalogEdit edit = Definitions.createTable(Catalog.empty(), table("T", List.of(column("A"))));
    TableDef table = edit.after().find(PUBLIC, "T").orElseThrow();
    assertThat(table.hasHiddenKey()).isTrue();
    assertThat(table.visibleColumns()).containsExactly(column("A"));
    assertThat(table.primaryKey()).containsExactly(1);
    assertThat(table.primaryKeyName()).isEmpty();
    assertThat(edit.tables()).isEmpty();
  }

  @Test
  void made_up_names_give_way() {
    Catalog catalog =
        Definitions.createTable(
                withT(),
                table("U", List.of(column("A")), new NewKey("X_A_KEY", true, List.of("A"))))
            .after();
    catalog =
        Definitions.createTable(catalog, table("X", List.of(column("A")), unique("A"), unique("A")))
            .after();
    assertThat(catalog.find(PUBLIC, "X").orElseThrow().indexes())
        .extracting(IndexDef::name)
        .containsExactly("X_A_KEY1", "X_A_KEY2");
  }

  @Test
  void a_dropped_table_leaves_nothing_and_its_ids_are_not_used_again() {
    CatalogEdit edit = Definitions.dropTable(withT(), PUBLIC, "T", false);
    assertThat(edit.clearedTables()).containsExactly(16, 17);
    assertThat(edit.tables()).containsExactly(16);
    assertThat(edit.after().tables()).isEqualTo(Catalog.empty().tables());
    assertThat(edit.after().nextId()).isEqualTo(18);
    assertThat(edit.after().version()).isEqualTo(2);
  }

  @Test
  void the_counter_of_an_identity_column_comes_and_goes_with_its_table() {
    ColumnDef identity =
        new ColumnDef("N", SqlType.of(Name.BIGINT), true, null, IdentityDef.of(false, 1, 1));
    Catalog made =
        Definitions.createTable(
                Catalog.empty(), table("T", List.of(column("A"), identity), unique("A")))
            .after();
    TableDef table = made.find(PUBLIC, "T").orElseThrow();
    assertThat(table.findIdentity()).hasValue(1);
    assertThat(table.columns().get(1))
        .isEqualTo(
            new ColumnDef(
                "N", SqlType.of(Name.BIGINT), false, null, new IdentityDef(18, false, 1, 1)));
    assertThat(made.nextId()).isEqualTo(19);
    assertThat(Definitions.dropTable(made, PUBLIC, "T", false).clearedTables())
        .containsExactly(16, 17, 18);
  }

  @Test
  void an_index_comes_and_goes() {
    CatalogEdit made = Definitions.createIndex(withT(), index("I", "B", "A"));
    assertThat(made.tables()).containsExactly(16);
    assertThat(made.after().find(PUBLIC, "T").orElseThrow().findIndex("I"))
        .contains(new IndexDef(18, "I", List.of(1, 0), false, false));
    CatalogEdit gone = Definitions.dropIndex(made.after(), PUBLIC, "I");
    assertThat(gone.clearedTables()).containsExactly(18);
    assertThat(gone.tables()).containsExactly(16);
    assertThat(gone.after().findTableOfIndex(PUBLIC, "I")).isEmpty();
    assertThat(gone.after().nextId()).isEqualTo(19);
  }

  @Test
  void a_schema_comes_and_goes_with_its_tables() {
    Catalog catalog = Definitions.createSchema(withT(), "APP").after();
    assertThat(catalog.schemas()).containsExactly("APP", PUBLIC);
    Catalog filled =
        Definitions.createTable(catalog, new NewTable("APP", "T", List.of(column("A")), List.of()))
            .after();
    assertFails(
        State.DEPENDENT_OBJECTS,
        "schema \"APP\" holds T; CASCADE drops that too",
        () -> Definitions.dropSchema(filled, "APP", false));
    CatalogEdit edit = Definitions.dropSchema(filled, "APP", true);
    assertThat(edit.after().schemas()).containsExactly(PUBLIC);
    assertThat(edit.after().tables()).containsOnlyKeys(PUBLIC, Catalog.SYSTEM_SCHEMA);
    assertThat(edit.clearedTables()).containsExactly(18);
  }

  @Test
  void what_is_there_cannot_be_made_again() {
    Catalog catalog = Definitions.createIndex(withT(), index("I", "B")).after();
    assertFails(
        State.TABLE_EXISTS,
        "table \"PUBLIC.T\" exists already",
        () -> Definitions.createTable(catalog, table("T", List.of(column("A")))));
    assertFails(
        State.OBJECT_EXISTS,
        "index \"PUBLIC.I\" exists already",
        () -> Definitions.createIndex(catalog, index("I", "A")));
    assertFails(
        State.OBJECT_EXISTS,
        "constraint or index \"PUBLIC.I\" exists already",
        () ->
            Definitions.createTable(
                catalog, table("V", List.of(column("A")), new NewKey("I", false, List.of("A")))));
    assertFails(
        State.SCHEMA_EXISTS,
        "schema \"PUBLIC\" exists already",
        () -> Definitions.createSchema(catalog, PUBLIC));
    assertFails(
        State.SCHEMA_EXISTS,
        "schema \"SYSTEM\" exists already",
        () -> Definitions.createSchema(catalog, "SYSTEM"));
  }

  @Test
  void what_is_not_there_is_named() {
    Catalog catalog = withT();
    assertFails(
        State.TABLE_NOT_FOUND,
        "table \"PUBLIC.X\" not found",
        () -> Definitions.dropTable(catalog, PUBLIC, "X", false));
    assertFails(
        State.SCHEMA_NOT_FOUND,
        "schema \"X\" not found",
        () -> Definitions.dropTable(catalog, "X", "T", false));
    assertFails(
        State.SCHEMA_NOT_FOUND,
        "schema \"X\" not found",
        () -> Definitions.dropSchema(catalog, "X", true));
    assertFails(
        State.OBJECT_NOT_FOUND,
        "index \"PUBLIC.X\" not found",
        () -> Definitions.dropIndex(catalog, PUBLIC, "X"));
    assertFails(
        State.COLUMN_NOT_FOUND,
        "column \"X\" of table \"T\" not found",
        () -> Definitions.createIndex(catalog, index("I", "X")));
    assertFails(
        State.COLUMN_NOT_FOUND,
        "column \"X\" of table \"V\" not found",
        () -> Definitions.createTable(catalog, table("V", List.of(column("A")), primary("X"))));
  }

  @Test
  void the_hidden_key_can_be_neither_named_nor_indexed() {
    assertFails(
        State.DUPLICATE_COLUMN,
        "the name $ROWID is the system's own",
        () -> Definitions.createTable(Catalog.empty(), table("T", List.of(column("$ROWID")))));
    Catalog catalog =
        Definitions.createTable(Catalog.empty(), table("T", List.of(column("A")))).after();
    assertFails(
        State.COLUMN_NOT_FOUND,
        "column \"$ROWID\" of table \"T\" not found",
        () -> Definitions.createIndex(catalog, index("I", "$ROWID")));
  }

  @Test
  void what_makes_no_sense_is_refused() {
    Catalog catalog = withT();
    assertFails(
        State.DUPLICATE_COLUMN,
        "column \"A\" is twice in table \"V\"",
        () -> Definitions.createTable(catalog, table("V", List.of(column("A"), column("A")))));
    assertFails(
        State.DUPLICATE_COLUMN,
        "column \"A\" is twice in a key",
        () -> Definitions.createIndex(catalog, index("I", "A", "A")));
    assertFails(
        State.SYNTAX_ERROR,
        "table \"V\" is given two primary keys",
        () ->
            Definitions.createTable(
                catalog, table("V", List.of(column("A")), primary("A"), primary("A"))));
    assertFails(
        State.NOT_SUPPORTED,
        "index \"PUBLIC.T_B_KEY\" belongs to a UNIQUE constraint of table T and cannot be dropped"
            + " alone; see ALTER TABLE … DROP CONSTRAINT",
        () -> Definitions.dropIndex(catalog, PUBLIC, "T_B_KEY"));
    assertFails(
        State.NOT_SUPPORTED,
        "schema SYSTEM is built in and cannot be changed",
        () ->
            Definitions.createTable(
                catalog, new NewTable("SYSTEM", "T", List.of(column("A")), List.of())));
    assertFails(
        State.NOT_SUPPORTED,
        "schema PUBLIC cannot be dropped",
        () -> Definitions.dropSchema(catalog, PUBLIC, true));
  }

  @Test
  void tables_have_bounds() {
    List<ColumnDef> columns =
        IntStream.rangeClosed(0, Definitions.COLUMNS_MAX).mapToObj(i -> column("C" + i)).toList();
    assertFails(
        State.LIMIT_EXCEEDED,
        "table \"T\" would have 1025 columns, at most 1024",
        () -> Definitions.createTable(Catalog.empty(), table("T", columns)));
    String[] names = IntStream.range(0, 33).mapToObj(i -> "C" + i).toArray(String[]::new);
    assertFails(
        State.LIMIT_EXCEEDED,
        "table \"T\" would have 33 columns in a key, at most 32",
        () ->
            Definitions.createTable(
                Catalog.empty(), table("T", columns.subList(0, 33), primary(names))));
  }

  @Test
  void the_catalog_given_stays_as_it_was() {
    Catalog catalog = withT();
    Catalog same = withT();
    Definitions.dropTable(catalog, PUBLIC, "T", false);
    Definitions.createIndex(catalog, index("I", "A"));
    Definitions.createSchema(catalog, "APP");
    assertThat(catalog).isEqualTo(same);
  }

  @Test
  void slots_are_used_up_until_the_table_is_truncated() {
    Catalog catalog =
        Definitions.createTable(
                Catalog.empty(), new NewTable("PUBLIC", "T", List.of(integer("A")), List.of()))
            .after();
    TableChange.AddColumn add =
        new TableChange.AddColumn(integer("B"), List.of(), List.of(), List.of(), false);
    TableChange drop = new TableChange.DropColumn("B", false, false);
    while (table(catalog).layout().nextSlot() < Definitions.SLOTS_MAX) {
      catalog = ColumnChanges.add(catalog, "PUBLIC", "T", add, null).after();
      catalog = TableChanges.alter(catalog, "PUBLIC", "T", drop, sql -> Set.of()).after();
    }
    TableDef full = table(catalog);
    assertThat(full.layout().slots()).containsExactly(0, 1);
    assertThat(CatalogCodec.decodeTable(CatalogCodec.encodeTable(full))).isEqualTo(full);
    Catalog last = catalog;
    assertThat(
            catchThrowableOfType(
                SqlFailure.class, () -> ColumnChanges.add(last, "PUBLIC", "T", add, null)))
        .hasMessageContaining("until it is truncated")
        .extracting(SqlFailure::state)
        .isEqualTo(State.LIMIT_EXCEEDED);
    catalog = TableChanges.truncate(catalog, "PUBLIC", "T").after();
    catalog = ColumnChanges.add(catalog, "PUBLIC", "T", add, null).after();
    assertThat(table(catalog).layout().slots()).containsExactly(0, 2, 1);
  }

  private static ColumnDef integer(String name) {
    return new ColumnDef(name, SqlType.of(Name.INTEGER), true, null);
  }

  private static TableDef table(Catalog catalog) {
    return catalog.find("PUBLIC", "T").orElseThrow();
  }
}
