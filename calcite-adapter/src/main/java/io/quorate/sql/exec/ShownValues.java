package io.quorate.sql.exec;

import io.quorate.sql.catalog.TableDef;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names and values in the messages of constraints, each of bounded length. */
public final class ShownValues {
  /** As many as tell a row from others; a condition may name a thousand. */
  private static final int COLUMNS_MAX = 8;

  private ShownValues() {}

  /** A table as messages name it. */
  public static String name(TableDef table) {
    return "\"" + table.schema() + "." + table.name() + "\"";
  }

  /**
   * Some columns and what they hold: {@code (A, B)=(1, NULL)}.
   *
   * @param value of the column with an ordinal
   */
  public static String of(
      TableDef table, List<Integer> columns, IntFunction<@Nullable Object> value) {
    List<Integer> first = columns.subList(0, Math.min(columns.size(), COLUMNS_MAX));
    String more = first.size() < columns.size() ? ", …" : "";
    String names =
        first.stream().map(i -> table.columns().get(i).name()).collect(Collectors.joining(", "));
    String values = first.stream().map(i -> text(value.apply(i))).collect(Collectors.joining(", "));
    return "(" + names + more + ")=(" + values + more + ")";
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof Period || value instanceof Duration || value instanceof OffsetDateTime) {
      return Conversion.toText(value);
    }
    return Conversion.shown(
        value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value);
  }
}
