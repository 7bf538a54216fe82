package io.quorate.sql.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.RowLayout;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.Row;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowCodecTest {
  @Test
  void a_row_of_every_type_comes_back() {
    SplittableRandom random = new SplittableRandom(11);
    RandomValues values = new RandomValues(random);
    RowCodec codec = new RowCodec(RandomValues.TYPES);
    for (int i = 0; i < 2000; i++) {
      @Nullable Object[] row =
          RandomValues.TYPES.stream()
              .map(type -> random.nextInt(6) == 0 ? null : values.next(type))
              .toArray();
      Row bytes = codec.encode(row);
      assertThat(Arrays.deepEquals(codec.decode(bytes), row)).as(Arrays.deepToString(row)).isTrue();
      int column = random.nextInt(row.length);
      assertThat(Objects.deepEquals(codec.value(bytes, column), row[column])).isTrue();
    }
  }

  @Test
  void wide_rows_come_back() {
    List<SqlType> types = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      types.add(SqlType.of(Name.VARCHAR));
      values.add(i % 9 == 0 ? null : "x".repeat(i * 10));
    }
    RowCodec codec = new RowCodec(types);
    assertThat(codec.decode(codec.encode(values.toArray()))).isEqualTo(values.toArray());
  }

  private static TableDef table(RowLayout layout, SqlType... types) {
    List<ColumnDef> columns = new ArrayList<>();
    for (SqlType type : types) {
      columns.add(new ColumnDef("C" + columns.size(), type, true, null));
    }
    return new TableDef(
        20, "PUBLIC", "T", columns, List.of(0), "K", List.of(), List.of(), List.of(), layout, null);
  }

  @Test
  void a_column_that_came_later_has_its_missing_value_and_one_that_went_is_passed_over() {
    SqlType number = SqlType.of(Name.INTEGER);
    SqlType text = SqlType.of(Name.VARCHAR);
    Row old = new RowCodec(List.of(number, text)).encode(new Object[] {7, "x"});
    RowLayout layout =
        new RowLayout(
            List.of(0, 3, 2), 4, new TreeMap<>(Map.of(3, RowCodec.missing(text, "missing"))));
    RowCodec codec = RowCodec.of(table(layout, number, text, number));
    assertThat(codec.decode(old)).containsExactly(7, "missing", null);
    assertThat(codec.internal(old, 1)).isEqualTo("missing");
    Row written = codec.encode(new @Nullable Object[] {7, null, 9});
    assertThat(codec.decode(written)).containsExactly(7, null, 9);
    assertThat(written)
        .hasToString("01" + "0004" + "0a" + "0001" + "0001" + "0002" + "0002" + "0709");
  }

  @Test
  void missing_values_of_every_type_come_back() {
    RandomValues values = new RandomValues(new SplittableRandom(12));
    Row empty = new RowCodec(List.of()).encode(new Object[0]);
    for (SqlType type : RandomValues.TYPES) {
      Object value = values.next(type);
      RowLayout layout =
          new RowLayout(List.of(1), 2, new TreeMap<>(Map.of(1, RowCodec.missing(type, value))));
      Object read = RowCodec.of(table(layout, type)).value(empty, 0);
      assertThat(Objects.deepEquals(read, value)).as("%s", type).isTrue();
    }
  }

  @Test
  void internal_forms_are_those_of_generated_code() {
    RowCodec codec =
        new RowCodec(
            List.of(
                SqlType.of(Name.DATE),
                new SqlType(Name.TIME, 9, 0),
                new SqlType(Name.TIMESTAMP, 9, 0),
                SqlType.of(Name.DATE)));
    Row row =
        codec.encode(
            new @Nullable Object[] {
              LocalDate.of(1969, 12, 31),
              LocalTime.of(0, 0, 1, 2_900_000),
              LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_999),
              null
            });
    assertThat(codec.internal(row, 0)).isEqualTo(-1);
    assertThat(codec.internal(row, 1)).isEqualTo(1002);
    assertThat(codec.internal(row, 2)).isEqualTo(-1L);
    assertThat(codec.internal(row, 3)).isNull();
  }

  @Test
  void the_bytes_of_rows_stay_as_they_are() {
    RowCodec codec =
        new RowCodec(
            List.of(
                SqlType.of(Name.BIGINT),
                new SqlType(Name.DECIMAL, 15, 2),
                SqlType.of(Name.INTEGER),
                new SqlType(Name.VARCHAR, 10, 0),
                new SqlType(Name.TIMESTAMP, 6, 0)));
    Row row =
        codec.encode(
            new @Nullable Object[] {
              300L, new BigDecimal("-1.25"), null, "é", LocalDateTime.of(2026, 11, 22, 0, 0)
            });
    assertThat(row)
        .hasToString(
            "01"
                + "0005"
                + "04"
                + "0002"
                + "0004"
                + "0004"
                + "0006"
                + "000e"
                + "012c"
                + "0283"
                + "c3a9"
                + "000000006b023080");
  }
}
