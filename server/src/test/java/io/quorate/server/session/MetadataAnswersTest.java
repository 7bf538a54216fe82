package io.quorate.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.wire.MetadataCall.Call;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.ForeignKeyDef;
import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.SystemTables;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class MetadataAnswersTest {
  private static final Catalog CATALOG = catalog();
  private final MetadataAnswers answers =
      new MetadataAnswers(
          new TreeMap<>(
              Map.of(
                  "SYSTEM",
                  List.of(
                      new SystemTables.Definition(
                          "NODES",
                          List.of(
                              ResultColumn.computed("NAME", SqlType.of(SqlType.Name.VARCHAR))))))));

  @ParameterizedTest
  @EnumSource(Call.class)
  void every_row_has_the_columns_of_its_call(Call call) {
    assertThat(MetadataAnswers.columns(call)).isNotEmpty();
    for (@Nullable Object[] row : ask(call)) {
      List<ResultColumn> columns = MetadataAnswers.columns(call);
      assertThat(row).hasSameSizeAs(columns);
      for (int i = 0; i < row.length; i++) {
        if (row[i] == null) {
          assertThat(columns.get(i).nullable()).as(columns.get(i).label()).isTrue();
        } else {
          assertThat(row[i]).isInstanceOf(columns.get(i).type().name().valueClass());
        }
      }
    }
  }

  @Test
  void tables_come_by_type_schema_and_name() {
    assertThat(column(ask(Call.TABLES, null, null, "%", null), 2))
        .containsExactly("NODES", "A_LOG", "ORDERS", "T", "KV");
    assertThat(column(ask(Call.TABLES, null, "PUBLIC", "%", "TABLE,VIEW"), 2))
        .containsExactly("ORDERS", "T");
    assertThat(column(ask(Call.TABLES, null, "S%", "%", "SYSTEM TABLE"), 1))
        .containsExactly("SYSTEM");
    assertThat(ask(Call.TABLES, "OTHER", null, "%", null)).isEmpty();
    assertThat(ask(Call.TABLES, "QUORATE", null, "%", "VIEW")).isEmpty();
  }

  @Test
  void schemas_hold_the_systems_too() {
    assertThat(column(ask(Call.SCHEMAS, null, null), 0))
        .containsExactly("AUDIT", "PUBLIC", "SYSTEM");
  }

  @Test
  void a_column_says_its_type_size_and_default() {
    List<@Nullable Object[]> rows = ask(Call.COLUMNS, null, "PUBLIC", "ORDERS", "%");

    assertThat(column(rows, 3)).containsExactly("REGION", "ID", "PRICE", "NOTE", "AT");
    assertThat(column(rows, 4))
        .containsExactly(Types.CHAR, Types.BIGINT, Types.DECIMAL, Types.VARCHAR, Types.TIMESTAMP);
    assertThat(column(rows, 6)).containsExactly(2, 19, 12, Integer.MAX_VALUE, 29);
    assertThat(column(rows, 8)).containsExactly(null, 0, 2, null, 9);
    assertThat(column(rows, 12)).containsExactly(null, null, "0.00", null, null);
    assertThat(column(rows, 15)).containsExactly(8, null, null, Integer.MAX_VALUE, null);
    assertThat(column(rows, 16)).containsExactly(1, 2, 3, 4, 5);
    assertThat(column(rows, 17)).containsExactly("NO", "NO", "YES", "YES", "YES");
    assertThat(column(rows, 22)).containsExactly("NO", "YES", "NO", "NO", "NO");
  }

  @Test
  void a_primary_key_is_sorted_by_column_and_numbered_by_position() {
    List<@Nullable Object[]> rows = ask(Call.PRIMARY_KEYS, null, "PUBLIC", "ORDERS");

    assertThat(column(rows, 3)).containsExactly("ID", "REGION");
    assertThat(column(rows, 4)).containsExactly((short) 2, (short) 1);
    assertThat(column(rows, 5)).containsOnly("PK_ORDERS");
  }

  @Test
  void a_hidden_key_is_never_shown() {
    assertThat(ask(Call.PRIMARY_KEYS, null, "PUBLIC", "T")).isEmpty();
    assertThat(ask(Call.INDEX_INFO, null, "PUBLIC", "T", "false", "true")).isEmpty();
    assertThat(column(ask(Call.COLUMNS, null, "PUBLIC", "T", null), 3)).containsExactly("X");
  }

  @Test
  void foreign_keys_are_told_from_both_sides_with_their_rules() {
    List<@Nullable Object[]> imported = ask(Call.IMPORTED_KEYS, null, "AUDIT", "A_LOG");

    assertThat(column(imported, 2)).containsExactly("A_LOG", "ORDERS", "ORDERS");
    assertThat(column(imported, 3)).containsExactly("ID", "ID", "REGION");
    assertThat(column(imported, 7)).containsExactly("ID", "ID", "REGION");
    assertThat(column(imported, 8)).containsExactly((short) 1, (short) 1, (short) 2);
    short setDefault = (short) DatabaseMetaData.importedKeySetDefault;
    short setNull = (short) DatabaseMetaData.importedKeySetNull;
    assertThat(column(imported, 9)).containsExactly(setDefault, setNull, setNull);
    short restrict = (short) DatabaseMetaData.importedKeyRestrict;
    short cascade = (short) DatabaseMetaData.importedKeyCascade;
    assertThat(column(imported, 10)).containsExactly(restrict, cascade, cascade);
    assertThat(column(imported, 11)).containsExactly("OWN", "F", "F");
    assertThat(column(imported, 12)).containsExactly("PK_A_LOG", "PK_ORDERS", "PK_ORDERS");
    assertThat(column(imported, 13))
        .containsOnly((short) DatabaseMetaData.importedKeyNotDeferrable);

    assertThat(ask(Call.IMPORTED_KEYS, null, null, "ORDERS")).isEmpty();
    assertThat(column(ask(Call.EXPORTED_KEYS, null, null, "ORDERS"), 6))
        .containsExactly("A_LOG", "A_LOG");
    assertThat(ask(Call.EXPORTED_KEYS, "OTHER", null, "ORDERS")).isEmpty();
    String our = "QUORATE";
    assertThat(ask(Call.CROSS_REFERENCE, null, null, "ORDERS", our, "AUDIT", "A_LOG")).hasSize(2);
    assertThat(ask(Call.CROSS_REFERENCE, null, null, "A_LOG", our, "AUDIT", "A_LOG")).hasSize(1);
    assertThat(ask(Call.CROSS_REFERENCE, our, null, "A_LOG", our, null, "ORDERS")).isEmpty();
    assertThat(ask(Call.CROSS_REFERENCE, null, null, "ORDERS", "X", null, "A_LOG")).isEmpty();
  }

  @Test
  void unique_indexes_come_first_and_alone_when_asked_for() {
    assertThat(column(ask(Call.INDEX_INFO, null, "PUBLIC", "ORDERS", "false", "true"), 5))
        .containsExactly("PK_ORDERS", "PK_ORDERS", "U_AT", "I_PRICE");
    assertThat(column(ask(Call.INDEX_INFO, null, "PUBLIC", "ORDERS", "true", "true"), 5))
        .containsExactly("PK_ORDERS", "PK_ORDERS", "U_AT");
  }

  @Test
  void types_come_by_their_number() {
    assertThat(column(ask(Call.TYPE_INFO), 1).stream().map(Integer.class::cast).toList())
        .isSorted()
        .contains(Types.VARCHAR, Types.DECIMAL)
        .doesNotContain(Types.NULL);
  }

  @ParameterizedTest
  @CsvSource({
    "%, ORDERS, true",
    "%, '', true",
    "'', '', true",
    "'', A, false",
    "ORD%, ORDERS, true",
    "%DER%, ORDERS, true",
    "O_DERS, ORDERS, true",
    "O_ERS, ORDERS, false",
    "orders, ORDERS, false",
    "A\\_LOG, A_LOG, true",
    "A\\_LOG, AXLOG, false",
    "A\\%, A%, true",
    "A\\%, AB, false",
    "%\\_%, A_LOG, true",
    "%\\_%, ALOG, false",
    "A\\\\B, A\\B, true",
    "%a%a%a%b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, false",
    "A\\, A\\, true"
  })
  void patterns_follow_jdbc(String pattern, String text, boolean matches) {
    assertThat(new LikePattern(pattern).matches(text)).isEqualTo(matches);
  }

  private List<@Nullable Object[]> ask(Call call, @Nullable String... arguments) {
    return answers.answer(CATALOG, new MetadataQuery(call, Arrays.asList(arguments))).rows();
  }

  private static List<@Nullable Object> column(List<@Nullable Object[]> rows, int index) {
    List<@Nullable Object> values = new ArrayList<>();
    rows.forEach(row -> values.add(row[index]));
    return values;
  }

  private static Catalog catalog() {
    SqlType bigint = SqlType.of(SqlType.Name.BIGINT);
    TableDef orders =
        new TableDef(
            16,
            "PUBLIC",
            "ORDERS",
            List.of(
                new ColumnDef("REGION", new SqlType(SqlType.Name.CHAR, 2, 0), false, null),
                new ColumnDef("ID", bigint, false, null, new IdentityDef(99, true, 1, 1)),
                new ColumnDef("PRICE", new SqlType(SqlType.Name.DECIMAL, 12, 2), true, "0.00"),
                new ColumnDef("NOTE", SqlType.of(SqlType.Name.VARCHAR), true, null),
                new ColumnDef("AT", SqlType.of(SqlType.Name.TIMESTAMP), true, null)),
            List.of(0, 1),
            "PK_ORDERS",
            List.of(
                new IndexDef(17, "I_PRICE", List.of(2), false, false),
                new IndexDef(18, "U_AT", List.of(4), true, true)));
    TableDef keyless =
        new TableDef(
            19,
            "PUBLIC",
            "T",
            List.of(
                new ColumnDef("X", bigint, true, null),
                new ColumnDef(TableDef.HIDDEN_KEY, SqlType.of(SqlType.Name.UUID), false, null)),
            List.of(1),
            "PK_T",
            List.of());
    TreeMap<String, SortedMap<String, TableDef>> tables = new TreeMap<>();
    tables.put("PUBLIC", new TreeMap<>(Map.of("ORDERS", orders, "T", keyless)));
    tables.put("AUDIT", new TreeMap<>(Map.of("A_LOG", log())));
    return new Catalog(3, 22, new TreeSet<>(List.of("PUBLIC", "AUDIT")), tables);
  }

  /** Refers to the orders, and to itself. */
  private static TableDef log() {
    return new TableDef(
        20,
        "AUDIT",
        "A_LOG",
        List.of(
            new ColumnDef("ID", SqlType.of(SqlType.Name.BIGINT), false, null),
            new ColumnDef("REGION", new SqlType(SqlType.Name.CHAR, 2, 0), true, null)),
        List.of(0),
        "PK_A_LOG",
        List.of(new IndexDef(21, "F_INDEX", List.of(0, 1), false, true)),
        List.of(),
        List.of(
            new ForeignKeyDef(
                "F",
                List.of(0, 1),
                16,
                List.of(1, 0),
                false,
                ForeignKeyDef.Action.CASCADE,
                ForeignKeyDef.Action.SET_NULL),
            new ForeignKeyDef(
                "OWN",
                List.of(0),
                20,
                List.of(0),
                true,
                ForeignKeyDef.Action.RESTRICT,
                ForeignKeyDef.Action.SET_DEFAULT)));
  }
}
