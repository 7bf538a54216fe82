package io.quorate.sql.plan;

import io.quorate.sql.plan.RandomTables.Column;
import io.quorate.sql.plan.RandomTables.Kind;
import io.quorate.sql.plan.RandomTables.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes random statements on one table with literals wherever they may stand, right ones and wrong
 * ones, and each of them again with others.
 */
final class RandomStatement {
  private static final List<String> WHOLE =
      List.of("0", "1", "2", "3", "7", "007", "2147483647", "2147483648", "9007199254740993");
  private static final List<String> LONG =
      List.of("999999999999999999", "9223372036854775807", "99999999999999999999");
  private static final List<String> DECIMAL =
      List.of("1.5", "0.00", "1.05", "2.25", "3.0", "999999.99", "0.005", "1.", ".5", "00.50");
  private static final List<String> TEXT =
      List.of(
          "''",
          "'a'",
          "'a '",
          "'ab'",
          "'A'",
          "'abc'",
          "'b'",
          "'it''s'",
          "''''",
          "'é'",
          "'\uFFFD'",
          "'\uD83D\uDE00'",
          "'longer than any column'",
          "'a          '",
          "'1'",
          "'-1.50'",
          "'2024-02-29'",
          "'2024-02-29 12:00:00.001'",
          "'01:02:03'",
          "'true'",
          "'00000000-0000-0000-0000-000000000000'",
          "'-- no comment'",
          "'\u0000'");
  private static final List<String> OTHER = List.of("1.5E0", "1e400", "X'00'", "TRUE", "NULL", "?");
  private static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");

  /** What stands in a hole: another one of the same list each time. */
  private record Hole(List<String> literals, String before) {}

  private final SplittableRandom random;
  private final Table table;

  /** Text and holes. */
  private final List<Object> parts = new ArrayList<>();

  RandomStatement(SplittableRandom random, Table table) {
    this.random = random;
    this.table = table;
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> insert();
      case 3, 4 -> update();
      case 5 -> delete();
      default -> select();
    }
  }

  /** The statement with literals that are drawn now. */
  String next() {
    StringBuilder sql = new StringBuilder();
    for (Object part : parts) {
      sql.append(part instanceof Hole hole ? hole.before + pick(hole.literals) : part);
    }
    return sql.toString();
  }

  /** Enough of them for any of the statements. */
  List<@Nullable Object> parameters() {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      values.add(random.nextInt(8) == 0 ? null : random.nextInt(4));
    }
    return values;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private RandomStatement put(String text) {
    parts.add(text);
    return this;
  }

  private void select() {
    put(random.nextInt(50) == 0 ? "SELECT DISTINCT " : "SELECT ");
    boolean grouped = random.nextInt(40) == 0;
    int items = 1 + random.nextInt(3);
    for (int i = 0; i < items; i++) {
      put(i == 0 ? "" : ", ");
      if (grouped) {
        put(pick(List.of("COUNT(*)", "MIN(ID)", "MAX(C1)", "SUM(C1 + 1)")));
      } else {
        item();
      }
    }
    boolean alias = random.nextBoolean();
    put(" FROM " + table.name() + (alias ? " AS A" : ""));
    where();
    if (!grouped && random.nextInt(3) == 0) {
      put(" ORDER BY " + pick(List.of("1", "1 DESC", "ID", "C1, ID")));
    }
    if (random.nextInt(5) == 0) {
      put(" LIMIT ");
      parts.add(new Hole(WHOLE.subList(0, 5), ""));
    }
  }

  private void item() {
    Column column = pick(table.columns());
    switch (random.nextInt(5)) {
      case 0 -> hole(column.kind());
      case 1 -> {
        put("ID + ");
        hole(Kind.INTEGER);
      }
      case 2 -> {
        put("COALESCE(" + column.name() + ", ");
        hole(column.kind());
        put(")");
      }
      default -> put(column.name());
    }
  }

  private void where() {
    if (random.nextInt(10) != 0) {
      put(" WHERE ");
      condition(random.nextInt(3));
    }
  }

  private void condition(int depth) {
    if (depth == 0) {
      atom(pick(table.columns()));
      return;
    }
    put(random.nextInt(6) == 0 ? "NOT (" : "(");
    condition(depth - 1);
    put(random.nextInt(3) == 0 ? " OR " : " AND ");
    condition(depth - 1);
    put(")");
  }

  private void atom(Column column) {
    String name = column.name();
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> {
        put(name + " " + (random.nextBoolean() ? "=" : pick(COMPARISONS)) + " ");
        hole(column.kind());
      }
      case 4 -> {
        hole(column.kind());
        put(" " + pick(COMPARISONS) + " " + name);
      }
      case 5, 6 -> {
        put(name + (random.nextInt(4) == 0 ? " NOT BETWEEN " : " BETWEEN "));
        put(random.nextInt(6) == 0 ? "SYMMETRIC " : "");
        hole(column.kind());
        put(" AND ");
        hole(column.kind());
      }
      case 7, 8 -> {
        put(name + (random.nextInt(4) == 0 ? " NOT IN (" : " IN ("));
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
          put(i == 0 ? "" : ", ");
          hole(column.kind());
        }
        put(")");
      }
      case 9 -> put(name + " IS NOT NULL");
      case 10 -> {
        put("MOD(ID, 3) = ");
        hole(Kind.INTEGER);
      }
      default -> {
        put("CAST(" + name + " AS VARCHAR(9)) LIKE ");
        hole(Kind.VARCHAR);
      }
    }
  }

  /** Mostly a literal with which a column of the kind goes together. */
  private void hole(Kind kind) {
    int form = random.nextInt(14);
    if (form == 0) {
      parts.add(new Hole(pick(List.of(WHOLE, LONG, DECIMAL, TEXT)), ""));
    } else if (form == 1) {
      put(pick(OTHER));
    } else if (form == 2 && !kind.isNumber()) {
      put(kind.literal(kind.value(random)));
    } else if (kind.isNumber()) {
      String minus = random.nextInt(5) == 0 ? "-" : "";
      parts.add(new Hole(random.nextInt(4) == 0 ? DECIMAL : WHOLE, minus));
    } else {
      parts.add(new Hole(TEXT, ""));
    }
  }

  private void insert() {
    List<Column> columns = new ArrayList<>(table.columns());
    boolean named = random.nextBoolean();
    put("INSERT INTO " + table.name());
    if (named) {
      put(columns.stream().map(Column::name).collect(Collectors.joining(", ", " (", ")")));
    }
    put(" VALUES ");
    int rows = random.nextInt(3) == 0 ? 2 : 1;
    for (int i = 0; i < rows; i++) {
      put(i == 0 ? "(" : ", (");
      for (int c = 0; c < columns.size(); c++) {
        put(c == 0 ? "" : ", ");
        value(columns.get(c));
      }
      put(")");
    }
    if (random.nextInt(6) == 0) {
      put(" ON CONFLICT DO NOTHING");
    }
    returning();
  }

  private void value(Column column) {
    switch (random.nextInt(9)) {
      case 0 -> put(pick(List.of("NULL", "DEFAULT")));
      case 1 -> {
        put(column.kind().isNumber() ? "1 + " : "");
        hole(column.kind());
      }
      default -> hole(column.kind());
    }
  }

  private void returning() {
    if (random.nextInt(8) == 0) {
      put(" RETURNING ID, C1 + ");
      hole(Kind.INTEGER);
    }
  }

  private void update() {
    put("UPDATE " + table.name() + " SET ");
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      Column column = table.columns().get(1 + i);
      put((i == 0 ? "" : ", ") + column.name() + " = ");
      if (random.nextInt(4) == 0 && column.kind().isNumber()) {
        put(column.name() + " + ");
      }
      value(column);
    }
    where();
    returning();
  }

  private void delete() {
    put("DELETE FROM " + table.name());
    where();
    returning();
  }
}
