package io.quorate.sql.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.statistics.ColumnStatistics.Common;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of statistics: old ones must be read as long as they may be there. */
final class StatisticsCodecTest {
  private static final AnalyzedTable TABLE =
      new AnalyzedTable(
          7,
          1_800_000_000_000L,
          1000,
          100,
          List.of(
              new ColumnStatistics(
                  "A",
                  Name.SMALLINT,
                  1000,
                  0.25,
                  12.5,
                  List.of(new Common(key("018005"), 0.5)),
                  List.of(key("018001"), key("018009"))),
              new ColumnStatistics("Ü", Name.VARCHAR, 1000, 1, 0, List.of(), List.of())));

  private static final String GOLDEN =
      "010000000000000007000001a3185c500000000000000003e80000000000000064" // head
          + "00000002" // columns
          + "00014103" // A, SMALLINT
          + "00000000000003e83fd00000000000004029000000000000"
          + "0000000100030180053fe0000000000000" // common
          + "0000000200030180010003018009" // bounds
          + "0002c39c0a" // Ü, VARCHAR
          + "00000000000003e83ff00000000000000000000000000000"
          + "0000000000000000";

  private static RowKey key(String hex) {
    return RowKey.wrap(HexFormat.of().parseHex(hex));
  }

  @Test
  void statistics_are_these_bytes_and_back() {
    assertThat(StatisticsCodec.encode(TABLE)).hasToString(GOLDEN);
    assertThat(StatisticsCodec.decode(StatisticsCodec.encode(TABLE))).contains(TABLE);
  }

  @Test
  void those_of_a_later_version_are_as_none() {
    byte[] bytes = StatisticsCodec.encode(TABLE).unsafeBytes().clone();
    bytes[0]++;
    assertThat(StatisticsCodec.decode(Row.wrap(bytes))).isEmpty();
  }

  @Test
  void cut_ones_are_damaged() {
    byte[] bytes = StatisticsCodec.encode(TABLE).unsafeBytes();
    for (int length = 1; length < bytes.length; length++) {
      Row cut = Row.wrap(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> StatisticsCodec.decode(cut))
          .as("the first " + length + " bytes")
          .isInstanceOf(UncheckedIOException.class);
    }
  }
}
