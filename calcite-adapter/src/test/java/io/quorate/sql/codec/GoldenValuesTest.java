package io.quorate.sql.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.store.Lob;
import io.quorate.sql.store.RowKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes of values of every type, in rows and in keys of either order, as a file has them. What
 * stands there never changes: it lies on disks.
 */
class GoldenValuesTest {
  private static final String FILE = "values.golden";

  /** Type, value, in a row, in an ascending key, in a descending key. */
  private static final int FIELDS = 5;

  static List<String> lines() throws IOException {
    try (InputStream in = GoldenValuesTest.class.getResourceAsStream(FILE)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  private static SqlType type(String name) {
    return name.equals("DECIMAL")
        ? new SqlType(Name.DECIMAL, 38, 10)
        : SqlType.of(Name.valueOf(name));
  }

  private static @Nullable Object value(String text, SqlType type) {
    if (text.equals("NULL")) {
      return null;
    }
    return switch (type.name()) {
      case BINARY, VARBINARY -> HexFormat.of().parseHex(text);
      case CHAR, VARCHAR -> text.translateEscapes();
      default -> Conversion.convert(text, type);
    };
  }

  @ParameterizedTest
  @MethodSource("lines")
  void bytes_are_as_they_were(String line) {
    String[] fields = line.split("\\|", -1);
    assertThat(fields).hasSize(FIELDS);
    SqlType type = type(fields[0]);
    @Nullable Object[] values = {value(fields[1], type)};
    KeyCodec ascending = new KeyCodec(List.of(type));
    KeyCodec descending = new KeyCodec(List.of(type), Set.of(0));
    RowCodec rows = new RowCodec(List.of(type));
    List<String> now =
        List.of(
            fields[0],
            fields[1],
            rows.encode(values).toString(),
            ascending.encode(values).toString(),
            descending.encode(values).toString());
    assertThat(String.join("|", now)).isEqualTo(line);
    assertThat(Arrays.deepEquals(rows.decode(rows.encode(values)), values)).isTrue();
    for (KeyCodec keys : List.of(ascending, descending)) {
      RowKey key = keys.encode(values);
      assertThat(keys.encode(keys.decode(key))).isEqualTo(key);
      assertThat(keys.length(key.unsafeBytes())).isEqualTo(key.unsafeBytes().length);
    }
  }

  @Test
  void every_type_is_there_with_null_and_in_its_order() throws IOException {
    for (Name name : Name.values()) {
      List<RowKey> keys = new ArrayList<>();
      List<String> values = new ArrayList<>();
      for (String line : lines()) {
        String[] fields = line.split("\\|", -1);
        if (fields[0].equals(name.name())) {
          values.add(fields[1]);
          keys.add(RowKey.wrap(HexFormat.of().parseHex(fields[3])));
        }
      }
      if (name != Name.NULL && name.isIndexable()) {
        assertThat(values).as(name.name()).hasSizeGreaterThan(2).endsWith("NULL");
        assertThat(keys).as(name.name()).isSorted().doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void arrays_are_in_rows_as_they_were_and_in_no_key() {
    SqlType inner = SqlType.array(SqlType.of(Name.INTEGER), SqlType.UNBOUNDED);
    RowCodec rows = new RowCodec(List.of(SqlType.array(inner, SqlType.UNBOUNDED)));
    @Nullable Object[] values = {Arrays.asList(Arrays.asList(1, null), null, List.of())};
    String first = "0000000e" + "00000002" + "00000002" + "01" + "00000000";
    String row = "010001000021" + "00000003" + first + "00000000" + "00000005" + "00000000";
    assertThat(rows.encode(values)).hasToString(row);
    assertThat(rows.decode(rows.encode(values))).containsExactly(values);
  }

  @Test
  void json_is_in_rows_as_text_and_in_no_key() {
    RowCodec rows = new RowCodec(List.of(SqlType.of(Name.JSON)));
    @Nullable Object[] values = {"{\"a\": 1}"};
    assertThat(rows.encode(values)).hasToString("010001000008" + "7b2261223a20317d");
    assertThat(rows.decode(rows.encode(values))).containsExactly(values);
  }

  @Test
  void large_values_are_in_rows_as_they_were_and_in_no_key() {
    RowCodec rows = new RowCodec(List.of(SqlType.of(Name.BLOB), SqlType.of(Name.CLOB)));
    Lob bytes = Lob.ofBytes(new byte[] {1, 2});
    Lob text = Lob.stored(true, 0x1122, 0x3344, 0x3343);
    String row =
        "010002000003001c" + "000102" + "01000000000000112200000000000033440000000000003343";
    assertThat(rows.encode(new @Nullable Object[] {bytes, text})).hasToString(row);
    assertThat(rows.decode(rows.encode(new @Nullable Object[] {bytes, text})))
        .containsExactly(bytes, text);
  }
}
