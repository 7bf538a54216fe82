package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.NewTable;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.statistics.AnalyzedTable;
import io.quorate.sql.statistics.StatisticsCodec;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StoredStatisticsTest {
  private static final Instant ANALYZED = Instant.parse("2026-11-22T10:00:00Z");
  private static final Catalog CATALOG = catalog();

  private final StoredStatistics statistics =
      new StoredStatistics(() -> new OneTable(100, analyzed(80)));

  private static Catalog catalog() {
    ColumnDef column = new ColumnDef("A", SqlType.of(SqlType.Name.INTEGER), true, null);
    NewTable table =
        new NewTable(Catalog.DEFAULT_SCHEMA, "T", List.of(column), List.of(), List.of());
    return Definitions.createTable(Catalog.empty(), table).after();
  }

  private static TableDef table() {
    return CATALOG.find(Catalog.DEFAULT_SCHEMA, "T").orElseThrow();
  }

  private static AnalyzedTable analyzed(long rowCount) {
    return new AnalyzedTable(1, ANALYZED.toEpochMilli(), rowCount, rowCount, List.of());
  }

  private boolean isOutOfDate(long rowCount, @Nullable AnalyzedTable known, Duration later) {
    return !statistics
        .outOfDate(new OneTable(rowCount, known), CATALOG, ANALYZED.plus(later))
        .isEmpty();
  }

  @Test
  void a_table_is_due_when_a_fifth_and_fifty_of_its_rows_have_come_or_gone() {
    assertThat(isOutOfDate(50, null, Duration.ZERO)).isFalse();
    assertThat(isOutOfDate(51, null, Duration.ZERO)).isTrue();
    assertThat(isOutOfDate(1250, analyzed(1000), Duration.ZERO)).isFalse();
    assertThat(isOutOfDate(1251, analyzed(1000), Duration.ZERO)).isTrue();
    assertThat(isOutOfDate(750, analyzed(1000), Duration.ZERO)).isFalse();
    assertThat(isOutOfDate(749, analyzed(1000), Duration.ZERO)).isTrue();
  }

  @Test
  void a_table_that_was_analyzed_is_due_after_a_day_whatever_its_count_says() {
    assertThat(isOutOfDate(1000, analyzed(1000), Duration.ofDays(1))).isFalse();
    assertThat(isOutOfDate(1000, analyzed(1000), Duration.ofDays(1).plusMillis(1))).isTrue();
    assertThat(isOutOfDate(10, null, Duration.ofDays(2))).isFalse();
  }

  @Test
  void a_replica_that_shows_no_rows_knows_nothing_and_says_so() {
    assertThat(statistics.rowCount(table())).isEqualTo(100);
    assertThat(statistics.find(table())).contains(analyzed(80));
    StoredStatistics loading =
        new StoredStatistics(
            () -> {
              throw new QuorateException(ErrorCode.REPLICA_LAGGING, "loading");
            });
    assertThat(loading.rowCount(table())).isPositive();
    assertThat(loading.find(table())).isEmpty();
  }

  /** A view of as many rows as are said, and of what ANALYZE has found. */
  private record OneTable(long rows, @Nullable AnalyzedTable known) implements ReadView {
    @Override
    public long revision() {
      return 1;
    }

    @Override
    public Optional<Row> find(int table, RowKey key) {
      return table == Catalog.STATISTICS_TABLE
          ? Optional.ofNullable(known).map(StatisticsCodec::encode)
          : Optional.empty();
    }

    @Override
    public RowCursor scan(int table, Optional<RowKey> from, Optional<RowKey> to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RowCursor scanBackward(int table, Optional<RowKey> from, Optional<RowKey> to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long rowCount(int table) {
      return rows;
    }

    @Override
    public void close() {}
  }
}
