package io.quorate.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.ForeignKeyDef.Action;
import io.quorate.sql.catalog.NewTable.NewCheck;
import io.quorate.sql.catalog.NewTable.NewForeignKey;
import io.quorate.sql.catalog.NewTable.NewKey;
import io.quorate.sql.catalog.SqlType.Name;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class InformationSchemaTest {
  private static final VirtualTable NODES =
      new VirtualTable(
          Catalog.SYSTEM_SCHEMA,
          "NODES",
          List.of(new ColumnDef("NAME", SqlType.of(Name.VARCHAR), false, null)));

  private final InformationSchema schema = new InformationSchema(catalog(), List.of(NODES));

  private static Catalog catalog() {
    List<ColumnDef> columns =
        List.of(
            new ColumnDef("A", SqlType.of(Name.BIGINT), true, null),
            new ColumnDef("B", new SqlType(Name.VARCHAR, 20, 0), true, "'x'"),
            new ColumnDef("C", new SqlType(Name.DECIMAL, 10, 2), true, null),
            new ColumnDef("D", SqlType.of(Name.TIMESTAMP), true, null));
    NewTable keyed =
        new NewTable(
            "PUBLIC",
            "T",
            columns,
            List.of(
                new NewKey("PK", true, List.of("B", "A")), new NewKey("U", false, List.of("C"))),
            List.of(new NewCheck(null, "A", "a > 0"), new NewCheck("CH", null, "c <> 1")));
    NewTable keyless = new NewTable("PUBLIC", "U", columns.subList(0, 1), List.of());
    NewTable referring =
        new NewTable(
            "PUBLIC",
            "V",
            columns,
            List.of(),
            List.of(),
            List.of(
                new NewForeignKey(
                    null,
                    List.of("A", "B"),
                    null,
                    "T",
                    List.of("A", "B"),
                    true,
                    Action.CASCADE,
                    Action.SET_NULL),
                new NewForeignKey(
                    "FK",
                    List.of("C"),
                    "PUBLIC",
                    "T",
                    List.of("C"),
                    false,
                    Action.RESTRICT,
                    Action.NO_ACTION)));
    Catalog catalog = Definitions.createTable(Catalog.empty(), keyed).after();
    catalog = Definitions.createTable(catalog, keyless).after();
    catalog = Definitions.createTable(catalog, referring).after();
    SequenceOptions.Said nothing = new SequenceOptions.Said(null, Map.of());
    catalog = Sequences.create(catalog, "PUBLIC", "S", nothing).after();
    List<ColumnDef> one = List.of(new ColumnDef("X", SqlType.of(Name.BIGINT), true, null));
    int table = catalog.find("PUBLIC", "U").orElseThrow().id();
    ViewDef view =
        new ViewDef(Views.NO_ID, "PUBLIC", "W", one, "SELECT A FROM U", "PUBLIC", List.of(table));
    catalog = Views.create(catalog, view, false).after();
    return Comments.set(
            catalog, new Comments.Subject(Comments.Kind.COLUMN, "PUBLIC", "T", "A"), "first")
        .after();
  }

  private List<@Nullable Object[]> rows(String table) {
    return schema.rows(table);
  }

  @Test
  void schemas_are_those_of_users_and_the_built_in_ones() {
    assertThat(rows("SCHEMATA"))
        .extracting(row -> row[1])
        .containsExactly("INFORMATION_SCHEMA", "PUBLIC", "SYSTEM");
  }

  @Test
  void tables_are_stored_or_answered() {
    assertThat(rows("TABLES"))
        .contains(
            new Object[] {"QUORATE", "PUBLIC", "T", "BASE TABLE", "YES"},
            new Object[] {"QUORATE", "PUBLIC", "U", "BASE TABLE", "YES"},
            new Object[] {"QUORATE", "INFORMATION_SCHEMA", "COLUMNS", "VIEW", "NO"},
            new Object[] {"QUORATE", "SYSTEM", "NODES", "VIEW", "NO"});
  }

  @Test
  void columns_say_their_types() {
    assertThat(rows("COLUMNS"))
        .contains(
            column("T", "A", 1, null, "NO", "BIGINT", null, 64, 2, 0, null, null, null, "BIGINT"),
            column(
                "T",
                "B",
                2,
                "'x'",
                "NO",
                "CHARACTER VARYING",
                20,
                null,
                null,
                null,
                null,
                null,
                null,
                "VARCHAR(20)"),
            column(
                "T",
                "C",
                3,
                null,
                "YES",
                "DECIMAL",
                null,
                10,
                10,
                2,
                null,
                null,
                null,
                "DECIMAL(10, 2)"),
            column(
                "T",
                "D",
                4,
                null,
                "YES",
                "TIMESTAMP",
                null,
                null,
                null,
                null,
                9,
                null,
                null,
                "TIMESTAMP"));
  }

  private static @Nullable Object[] column(@Nullable Object... facts) {
    List<@Nullable Object> row = new ArrayList<>(List.of("QUORATE", "PUBLIC"));
    row.addAll(Arrays.asList(facts));
    // no identity column, nor a generated one
    row.addAll(Arrays.asList("NO", null, null, null, "NEVER", null));
    return row.toArray();
  }

  @Test
  void a_generated_column_says_how_it_is_made() {
    NewTable table =
        new NewTable(
            "PUBLIC",
            "G",
            List.of(
                new ColumnDef("A", SqlType.of(Name.INTEGER), true, null),
                new ColumnDef("B", SqlType.of(Name.INTEGER), true, null, null, "a + 1")),
            List.of());
    Catalog catalog = Definitions.createTable(Catalog.empty(), table).after();
    assertThat(new InformationSchema(catalog, List.of()).rows("COLUMNS"))
        .filteredOn(row -> "G".equals(row[2]))
        .extracting(row -> row[row.length - 2] + " " + row[row.length - 1])
        .containsExactly("NEVER null", "ALWAYS a + 1");
  }

  @Test
  void a_hidden_key_is_not_shown() {
    assertThat(rows("COLUMNS")).noneMatch(row -> TableDef.HIDDEN_KEY.equals(row[3]));
    assertThat(rows("TABLE_CONSTRAINTS")).noneMatch(row -> "U".equals(row[5]));
  }

  @Test
  void constraints_and_their_columns_are_told() {
    assertThat(rows("TABLE_CONSTRAINTS"))
        .extracting(row -> row[2] + " " + row[6])
        .containsExactly(
            "PK PRIMARY KEY",
            "U UNIQUE",
            "T_A_CHECK CHECK",
            "CH CHECK",
            "V_A_B_FKEY FOREIGN KEY",
            "FK FOREIGN KEY",
            "KV_PKEY PRIMARY KEY");
    assertThat(rows("CHECK_CONSTRAINTS"))
        .containsExactly(
            new Object[] {"QUORATE", "PUBLIC", "T_A_CHECK", "a > 0"},
            new Object[] {"QUORATE", "PUBLIC", "CH", "c <> 1"});
    assertThat(rows("KEY_COLUMN_USAGE"))
        .extracting(row -> row[2] + " " + row[6] + " " + row[7] + " " + row[8])
        .containsExactly(
            "PK B 1 null",
            "PK A 2 null",
            "U C 1 null",
            "V_A_B_FKEY A 1 2",
            "V_A_B_FKEY B 2 1",
            "FK C 1 1",
            "KV_PKEY KEY 1 null");
  }

  @Test
  void foreign_keys_tell_what_they_refer_to_and_their_rules() {
    assertThat(rows("REFERENTIAL_CONSTRAINTS"))
        .containsExactly(
            new Object[] {
              "QUORATE",
              "PUBLIC",
              "V_A_B_FKEY",
              "QUORATE",
              "PUBLIC",
              "PK",
              "FULL",
              "SET NULL",
              "CASCADE"
            },
            new Object[] {
              "QUORATE", "PUBLIC", "FK", "QUORATE", "PUBLIC", "U", "NONE", "NO ACTION", "RESTRICT"
            });
  }

  @Test
  void every_row_is_as_wide_as_its_table() {
    for (VirtualTable table : InformationSchema.tables()) {
      assertThat(rows(table.name()))
          .isNotEmpty()
          .allMatch(row -> row.length == table.columns().size(), table.name());
    }
  }
}
