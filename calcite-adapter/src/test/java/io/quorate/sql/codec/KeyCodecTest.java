package io.quorate.sql.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.store.RowKey;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyCodecTest {
  static final List<SqlType> TYPES = RandomValues.TYPES;

  @ParameterizedTest
  @FieldSource("TYPES")
  void the_order_of_keys_is_the_order_of_values(SqlType type) {
    RandomValues values = new RandomValues(new SplittableRandom(7));
    KeyCodec codec = new KeyCodec(List.of(type));
    KeyCodec descending = new KeyCodec(List.of(type), Set.of(0));
    for (int i = 0; i < 5000; i++) {
      Object a = values.next(type);
      Object b = values.next(type);
      int order = codec.encode(new Object[] {a}).compareTo(codec.encode(new Object[] {b}));
      assertThat(Integer.signum(order))
          .as("%s and %s", a, b)
          .isEqualTo(Integer.signum(RandomValues.compare(type, a, b)));
      RowKey keyA = descending.encode(new Object[] {a});
      assertThat(Integer.signum(keyA.compareTo(descending.encode(new Object[] {b}))))
          .isEqualTo(-Integer.signum(order));
      assertThat(keyA).isGreaterThan(descending.encode(new @Nullable Object[] {null}));
    }
  }

  static Stream<Long> seeds() {
    return IntStream.range(0, 200).mapToObj(i -> 0x5EED_0000L + i);
  }

  @ParameterizedTest(name = "SEED={0}")
  @MethodSource("seeds")
  void composite_keys_keep_order_values_length_and_prefixes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RandomValues values = new RandomValues(random);
    List<SqlType> types =
        IntStream.range(0, 1 + random.nextInt(4))
            .mapToObj(i -> TYPES.get(random.nextInt(TYPES.size())))
            .toList();
    Set<Integer> descending =
        IntStream.range(0, types.size())
            .filter(i -> random.nextInt(3) == 0)
            .boxed()
            .collect(Collectors.toSet());
    KeyCodec codec = new KeyCodec(types, descending);
    @Nullable Object[] a = row(values, types, random);
    for (int i = 0; i < 50; i++) {
      @Nullable Object[] b = row(values, types, random);
      System.arraycopy(a, 0, b, 0, random.nextInt(types.size()));
      RowKey keyA = codec.encode(a);
      RowKey keyB = codec.encode(b);
      assertThat(Integer.signum(keyA.compareTo(keyB)))
          .isEqualTo(Integer.signum(compare(types, descending, a, b)));
      assertThat(compare(types, descending, codec.decode(keyB), b)).isZero();
      assertThat(codec.length(keyB.unsafeBytes())).isEqualTo(keyB.unsafeBytes().length);
      byte[] prefix = codec.prefix(b, 1);
      assertThat(keyB).isGreaterThanOrEqualTo(RowKey.wrap(prefix));
      assertThat(keyB).isLessThan(KeyCodec.after(prefix));
      boolean hasValue =
          keyB.compareTo(codec.valuesFrom(new byte[0], 0)) >= 0
              && keyB.compareTo(codec.valuesTo(new byte[0], 0)) < 0;
      assertThat(hasValue).isEqualTo(b[0] != null);
      a = b;
    }
  }

  private static @Nullable Object[] row(
      RandomValues values, List<SqlType> types, SplittableRandom random) {
    return types.stream().map(type -> random.nextInt(8) == 0 ? null : values.next(type)).toArray();
  }

  private static int compare(
      List<SqlType> types, Set<Integer> descending, @Nullable Object[] a, @Nullable Object[] b) {
    for (int i = 0; i < types.size(); i++) {
      Object x = a[i];
      Object y = b[i];
      int order =
          x == null || y == null
              ? Boolean.compare(x == null, y == null)
              : RandomValues.compare(types.get(i), x, y);
      if (order != 0) {
        return descending.contains(i) ? -order : order;
      }
    }
    return 0;
  }

  @Test
  void the_bytes_of_keys_stay_as_they_are() {
    KeyCodec codec =
        new KeyCodec(
            List.of(
                SqlType.of(Name.INTEGER),
                new SqlType(Name.DECIMAL, 15, 2),
                new SqlType(Name.VARCHAR, 10, 0),
                SqlType.of(Name.DATE),
                new SqlType(Name.TIMESTAMP, 9, 0),
                SqlType.of(Name.DOUBLE),
                SqlType.of(Name.BOOLEAN)));
    @Nullable Object[] values = {
      -2,
      new BigDecimal("-12.50"),
      "a\u0000é",
      LocalDate.of(1998, 9, 2),
      LocalDateTime.of(2026, 11, 22, 1, 2, 3, 4),
      1.5d,
      null
    };
    assertThat(codec.encode(values))
        .hasToString(
            "017ffffffe"
                + "01007ffdf2ccff"
                + "016100ffc3a90001"
                + "01800028e7"
                + "0180000000"
                + "6b023f0b00000004"
                + "01bff8000000000000"
                + "02");
  }
}
