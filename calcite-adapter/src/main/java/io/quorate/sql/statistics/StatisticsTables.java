package io.quorate.sql.statistics;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.catalog.VirtualTable;
import io.quorate.sql.codec.KeyCodec;
import io.quorate.sql.statistics.ColumnStatistics.Common;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** SYSTEM.TABLE_STATISTICS and SYSTEM.COLUMN_STATISTICS: what the planner knows. Stateless. */
public final class StatisticsTables {
  private static final VirtualTable TABLES =
      new VirtualTable(
          Catalog.SYSTEM_SCHEMA,
          "TABLE_STATISTICS",
          List.of(
              column("TABLE_SCHEMA", Name.VARCHAR, false),
              column("TABLE_NAME", Name.VARCHAR, false),
              column("ROW_COUNT", Name.BIGINT, false),
              new ColumnDef("ANALYZED_AT", new SqlType(Name.TIMESTAMP, 3, 0), true, null),
              column("ANALYZED_ROW_COUNT", Name.BIGINT, true),
              column("SAMPLED_ROWS", Name.BIGINT, true)));

  private static final VirtualTable COLUMNS =
      new VirtualTable(
          Catalog.SYSTEM_SCHEMA,
          "COLUMN_STATISTICS",
          List.of(
              column("TABLE_SCHEMA", Name.VARCHAR, false),
              column("TABLE_NAME", Name.VARCHAR, false),
              column("COLUMN_NAME", Name.VARCHAR, false),
              column("NULL_SHARE", Name.DOUBLE, false),
              column("DISTINCT_COUNT", Name.BIGINT, false),
              column("MIN_VALUE", Name.VARCHAR, true),
              column("MAX_VALUE", Name.VARCHAR, true),
              column("MOST_COMMON_VALUES", Name.VARCHAR, true),
              column("MOST_COMMON_SHARES", Name.VARCHAR, true),
              column("HISTOGRAM_BOUNDS", Name.VARCHAR, true)));

  private StatisticsTables() {}

  private static ColumnDef column(String name, Name type, boolean nullable) {
    return new ColumnDef(name, SqlType.of(type), nullable, null);
  }

  /** Both tables. */
  public static List<VirtualTable> definitions() {
    return List.of(TABLES, COLUMNS);
  }

  /** The rows of one of them, as a view shows them. */
  public static List<@Nullable Object[]> rows(String name, ReadView view, Catalog catalog) {
    StatisticsReader reader = new StatisticsReader();
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (var inside : catalog.tables().values()) {
      for (TableDef table : inside.values()) {
        Optional<AnalyzedTable> analyzed = reader.find(view, table.id());
        if (name.equals(TABLES.name())) {
          rows.add(tableRow(table, view.rowCount(table.id()), analyzed));
        } else {
          analyzed.ifPresent(known -> addColumnRows(rows, table, known));
        }
      }
    }
    return rows;
  }

  private static @Nullable Object[] tableRow(
      TableDef table, long rowCount, Optional<AnalyzedTable> analyzed) {
    Optional<AnalyzedTable> whole = analyzed.filter(known -> known.analyzedMillis() > 0);
    return new @Nullable Object[] {
      table.schema(),
      table.name(),
      rowCount,
      whole.map(known -> time(known.analyzedMillis())).orElse(null),
      whole.map(AnalyzedTable::rowCount).orElse(null),
      whole.map(AnalyzedTable::sampled).orElse(null)
    };
  }

  private static LocalDateTime time(long millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  private static void addColumnRows(
      List<@Nullable Object[]> rows, TableDef table, AnalyzedTable analyzed) {
    for (ColumnDef column : table.visibleColumns()) {
      Optional<ColumnStatistics> found = analyzed.find(column);
      if (found.isPresent()) {
        rows.add(columnRow(table, column, found.get()));
      }
    }
  }

  private static @Nullable Object[] columnRow(
      TableDef table, ColumnDef column, ColumnStatistics known) {
    return new @Nullable Object[] {
      table.schema(),
      table.name(),
      column.name(),
      known.nullShare(),
      Math.round(known.distinct()),
      known.min().map(key -> text(column, key)).orElse(null),
      known.max().map(key -> text(column, key)).orElse(null),
      list(known.common().stream().map(each -> text(column, each.value())).toList()),
      list(known.common().stream().map(StatisticsTables::share).toList()),
      list(known.bounds().stream().map(key -> text(column, key)).toList())
    };
  }

  private static String share(Common common) {
    return String.format(Locale.ROOT, "%.6f", common.share());
  }

  private static String text(ColumnDef column, RowKey key) {
    Object value = new KeyCodec(List.of(column.type())).decode(key)[0];
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }

  private static @Nullable String list(List<String> values) {
    return values.isEmpty() ? null : values.stream().collect(Collectors.joining(", ", "{", "}"));
  }
}
