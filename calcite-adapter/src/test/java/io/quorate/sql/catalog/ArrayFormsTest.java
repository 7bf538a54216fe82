package io.quorate.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.store.Row;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Types of arrays, and their bytes in the catalog. */
final class ArrayFormsTest {
  private static final SqlType INNER = SqlType.array(new SqlType(Name.DECIMAL, 5, 2), 7);
  private static final SqlType OUTER = SqlType.array(INNER, SqlType.UNBOUNDED);

  @Test
  void the_bytes_of_an_array_never_change() {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putType(OUTER);
    String hex = "17 ffffffff 00000000  17 00000007 00000000  06 00000005 00000002";
    assertThat(bytes.toRow()).isEqualTo(Row.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    assertThat(CatalogBytes.read(bytes.toRow()).takeWholeType()).isEqualTo(OUTER);
    assertThat(OUTER).hasToString("DECIMAL(5, 2) ARRAY[7] ARRAY");
  }

  @Test
  void a_table_with_arrays_is_read_as_it_was_written() {
    Catalog catalog = Definitions.createSchema(Catalog.empty(), "APP").after();
    List<ColumnDef> columns =
        List.of(
            new ColumnDef("A", OUTER, true, "ARRAY[]"),
            new ColumnDef("B", SqlType.of(Name.INTEGER), true, null));
    catalog =
        Definitions.createTable(catalog, new NewTable("APP", "T", columns, List.of())).after();
    TableDef table = catalog.find("APP", "T").orElseThrow();
    Row row = TableForm.encode(table);
    assertThat(TableForm.decode(row)).isEqualTo(table);
    byte[] bytes = row.unsafeBytes();
    for (int length = 0; length < bytes.length; length++) {
      Row cut = Row.wrap(Arrays.copyOf(bytes, length));
      assertThatIllegalStateException().isThrownBy(() -> TableForm.decode(cut));
    }
  }

  @Test
  void only_arrays_have_elements_and_not_too_deep() {
    assertThatIllegalArgumentException().isThrownBy(() -> SqlType.of(Name.ARRAY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SqlType(Name.INTEGER, 0, 0, SqlType.of(Name.INTEGER)));
    CatalogBytes bytes = new CatalogBytes();
    SqlType type = SqlType.of(Name.INTEGER);
    for (int i = 0; i < SqlType.ARRAY_DEPTH_MAX; i++) {
      type = SqlType.array(type, SqlType.UNBOUNDED);
    }
    SqlType deepest = type;
    assertThatIllegalArgumentException().isThrownBy(() -> SqlType.array(deepest, 1));
    bytes.putByte(Name.ARRAY.number());
    bytes.putInt(SqlType.UNBOUNDED);
    bytes.putInt(0);
    bytes.putType(deepest);
    assertThatIllegalStateException()
        .isThrownBy(() -> CatalogBytes.read(bytes.toRow()).takeWholeType());
  }
}
