package io.quorate.sql.plan;

import io.quorate.sql.plan.RandomTables.Column;
import io.quorate.sql.plan.RandomTables.Kind;
import io.quorate.sql.plan.RandomTables.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes random conditions that cannot fail. The parameters are in the order of their marks. */
final class RandomPredicate {
  private static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");
  private static final List<String> PATTERNS =
      List.of("%", "a%", "%b", "_", "a_", "%a%", "a!%", "!_b", "", "é", "A%b");

  /** A column by the name of its table in the query. */
  record Ref(String alias, Column column) {
    String sql() {
      return alias + "." + column.name();
    }

    Kind kind() {
      return column.kind();
    }
  }

  /** A condition, or what else is written so. */
  record Written(String sql, List<@Nullable Object> parameters) {}

  private final SplittableRandom random;
  private final List<Table> tables;
  private final StringBuilder text = new StringBuilder();
  private final List<@Nullable Object> parameters = new ArrayList<>();
  private int subQueries;

  /** Within CASE, where the validator does not tell the types of parameters in lists. */
  private int cases;

  /**
   * @param subQueries how many there may be
   */
  RandomPredicate(SplittableRandom random, List<Table> tables, int subQueries) {
    this.random = random;
    this.tables = tables;
    this.subQueries = subQueries;
  }

  static List<Ref> columns(String alias, Table table) {
    return table.columns().stream().map(column -> new Ref(alias, column)).toList();
  }

  Written written(List<Ref> scope, int depth) {
    condition(scope, depth);
    return new Written(text.toString(), parameters);
  }

  /** Equality of a column of each side where there is one to be had. */
  Written joining(List<Ref> left, List<Ref> right) {
    Ref one = pick(left);
    List<Ref> like = right.stream().filter(ref -> ref.kind().isLike(one.kind())).toList();
    if (like.isEmpty() || random.nextInt(8) == 0) {
      List<Ref> both = new ArrayList<>(left);
      both.addAll(right);
      return written(both, 1);
    }
    put(one.sql()).put(random.nextInt(6) == 0 ? comparison() : " = ").put(pick(like).sql());
    if (random.nextInt(3) == 0) {
      List<Ref> both = new ArrayList<>(left);
      both.addAll(right);
      put(" AND ").condition(both, 0);
    }
    return new Written(text.toString(), parameters);
  }

  private RandomPredicate put(String sql) {
    text.append(sql);
    return this;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private String comparison() {
    return " " + pick(COMPARISONS) + " ";
  }

  private String not() {
    return random.nextInt(3) == 0 ? "NOT " : "";
  }

  private void condition(List<Ref> scope, int depth) {
    if (subQueries > 0 && random.nextInt(4) == 0) {
      subQueries--;
      subQuery(scope);
      return;
    }
    if (depth == 0) {
      atom(scope, pick(scope));
      return;
    }
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> chain(scope, depth, " AND ");
      case 3, 4 -> chain(scope, depth, " OR ");
      case 5 -> inBrackets("NOT (", scope, depth, ")");
      case 6 ->
          inBrackets(
              "(",
              scope,
              depth,
              ") IS " + not() + pick(List.of("TRUE", "FALSE", "UNKNOWN", "NULL")));
      case 7 -> {
        cases++;
        inBrackets("CASE WHEN ", scope, depth, " THEN ");
        condition(scope, depth - 1);
        if (random.nextBoolean()) {
          put(" ELSE ").condition(scope, 0);
        }
        put(" END");
        cases--;
      }
      default -> atom(scope, pick(scope));
    }
  }

  private void chain(List<Ref> scope, int depth, String with) {
    int count = 2 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      inBrackets(i == 0 ? "(" : with + "(", scope, depth, ")");
    }
  }

  private void inBrackets(String before, List<Ref> scope, int depth, String behind) {
    put(before).condition(scope, depth - 1);
    put(behind);
  }

  private void atom(List<Ref> scope, Ref ref) {
    switch (random.nextInt(14)) {
      case 0, 1 -> put(ref.sql()).put(comparison()).value(ref.kind());
      case 2 -> {
        put(ref.sql()).put(comparison());
        if (ref.kind().isExact()) {
          put(pick(List.of("1.5", "0.005", "2", "-0.5", "1.5E0", "9007199254740993")));
        } else {
          literal(ref.kind());
        }
      }
      case 3 -> value(ref.kind(), comparison() + ref.sql());
      case 4 -> put(ref.sql()).put(comparison()).put(like(scope, ref).sql());
      case 5 -> {
        put(ref.sql()).put(" " + not() + "BETWEEN ").value(ref.kind());
        put(" AND ").value(ref.kind());
      }
      case 6, 7 -> inList(ref);
      case 8 -> put(ref.sql()).put(" IS " + not() + "NULL");
      case 9 -> {
        put(ref.sql()).put(" IS " + not() + "DISTINCT FROM ");
        if (random.nextBoolean()) {
          put(like(scope, ref).sql());
        } else {
          value(ref.kind());
        }
      }
      case 10 -> rowValues(ref, pick(scope));
      case 11 -> choice(scope, ref.kind() == Kind.UUID ? scope.get(0) : ref);
      case 12 -> put(random.nextInt(4) == 0 ? "CAST(NULL AS BOOLEAN)" : ref.sql() + " IS NOT NULL");
      default -> ofKind(ref);
    }
  }

  private Ref like(List<Ref> scope, Ref ref) {
    return pick(scope.stream().filter(other -> other.kind().isLike(ref.kind())).toList());
  }

  private RandomPredicate value(Kind kind) {
    return value(kind, "");
  }

  private RandomPredicate value(Kind kind, String behind) {
    // A parameter that is compared with a CHAR is padded in compiled plans, and found nowhere.
    if (random.nextInt(3) == 0 && cases == 0 && kind != Kind.CHAR) {
      parameters.add(random.nextInt(10) == 0 ? null : kind.value(random));
      return put("?" + behind);
    }
    return literal(kind).put(behind);
  }

  private RandomPredicate literal(Kind kind) {
    if (random.nextInt(12) == 0) {
      return put("CAST(NULL AS " + kind.sql() + ")");
    }
    return put(kind.literal(kind.value(random)));
  }

  private void inList(Ref ref) {
    put(ref.sql()).put(" " + not() + "IN (").value(ref.kind());
    int more = random.nextInt(4);
    for (int i = 0; i < more; i++) {
      put(", ").value(ref.kind());
    }
    put(")");
  }

  private void rowValues(Ref one, Ref other) {
    put("(" + one.sql() + ", " + other.sql() + ") " + not() + "IN ((");
    literal(one.kind()).put(", ").literal(other.kind()).put("), (");
    literal(one.kind()).put(", ").literal(other.kind()).put("))");
  }

  private void choice(List<Ref> scope, Ref ref) {
    switch (random.nextInt(3)) {
      case 0 -> put("COALESCE(" + ref.sql() + ", ").literal(ref.kind()).put(")");
      case 1 -> put("NULLIF(" + ref.sql() + ", ").literal(ref.kind()).put(")");
      default -> {
        cases++;
        put("CASE WHEN ").condition(scope, 0);
        cases--;
        put(" THEN " + ref.sql() + " ELSE ").literal(ref.kind()).put(" END");
      }
    }
    if (random.nextInt(3) == 0) {
      put(" IS " + not() + "NULL");
    } else {
      put(comparison()).literal(ref.kind());
    }
  }

  private void ofKind(Ref ref) {
    String sql = ref.sql();
    switch (ref.kind()) {
      case SMALLINT, INTEGER -> {
        put(pick(List.of(sql + " + 1", "-" + sql, "ABS(" + sql + ")", "MOD(" + sql + ", 3)")));
        put(comparison()).value(Kind.INTEGER);
      }
      case BIGINT -> put("CAST(" + sql + " AS VARCHAR(20))" + comparison()).literal(Kind.VARCHAR);
      case DECIMAL ->
          put(pick(List.of(sql + " * 2", sql + " - 1.05", "CAST(" + sql + " AS INTEGER)")))
              .put(comparison())
              .literal(Kind.DECIMAL);
      case DOUBLE -> put(sql + " * 2E0" + comparison()).literal(Kind.DOUBLE);
      case VARCHAR, CHAR -> ofText(sql);
      case VARBINARY -> put("OCTET_LENGTH(" + sql + ")" + comparison()).literal(Kind.INTEGER);
      case DATE -> put("EXTRACT(DAY FROM " + sql + ") > 15");
      case TIME -> put("EXTRACT(HOUR FROM " + sql + ")" + comparison()).literal(Kind.INTEGER);
      case TIMESTAMP -> put("CAST(" + sql + " AS DATE)" + comparison()).literal(Kind.DATE);
      case BOOLEAN -> put(pick(List.of(sql, "NOT " + sql, sql + " IS NOT TRUE", sql + " = TRUE")));
      case UUID -> put("CAST(" + sql + " AS VARCHAR(36)) LIKE '%0000%'");
    }
  }

  private void ofText(String sql) {
    switch (random.nextInt(5)) {
      case 0 -> put("UPPER(" + sql + ")" + comparison()).literal(Kind.VARCHAR);
      case 1 -> put("CHAR_LENGTH(" + sql + ")" + comparison()).literal(Kind.INTEGER);
      case 2 -> put(sql + " || 'b'" + comparison()).literal(Kind.VARCHAR);
      default -> {
        put(sql + " " + not() + "LIKE '" + pick(PATTERNS) + "'");
        put(random.nextInt(3) == 0 ? " ESCAPE '!'" : "");
      }
    }
  }

  /** Of one table, its condition about that or about the row outside too. */
  private void subQuery(List<Ref> scope) {
    Table table = pick(tables);
    // What is outside can be named too, so it is not to be hidden.
    int longest = scope.stream().mapToInt(outer -> outer.alias().length()).max().orElse(0);
    String alias = "Q".repeat(1 + longest);
    List<Ref> inside = columns(alias, table);
    Ref ref = pick(scope);
    List<Ref> like = inside.stream().filter(other -> other.kind().isLike(ref.kind())).toList();
    Ref selected = like.isEmpty() ? pick(inside) : pick(like);
    List<Ref> seen = new ArrayList<>(inside);
    if (random.nextInt(2) == 0 && scope.stream().noneMatch(outer -> outer.alias().equals("Z"))) {
      seen.addAll(scope);
    }
    int form = random.nextInt(like.isEmpty() ? 3 : selected.kind() == Kind.BOOLEAN ? 6 : 8);
    switch (form) {
      case 0, 1 -> put(not() + "EXISTS (SELECT 1");
      case 2 -> put("(SELECT COUNT(" + pick(List.of("*", selected.sql())) + ")");
      case 3, 4, 5 -> put(ref.sql() + " " + not() + "IN (SELECT " + selected.sql());
      case 6 -> {
        put(ref.sql() + comparison() + "(SELECT ");
        put(pick(List.of("MIN", "MAX")) + "(" + selected.sql() + ")");
      }
      default -> {
        put(ref.sql() + comparison() + pick(List.of("SOME", "ALL", "ANY")));
        put(" (SELECT " + selected.sql());
      }
    }
    put(" FROM " + table.name() + " " + alias);
    if (random.nextInt(4) != 0) {
      put(" WHERE ").condition(seen, random.nextInt(2));
    }
    put(")");
    if (form == 2) {
      put(comparison()).literal(Kind.INTEGER);
    }
  }

  static String list(List<Ref> refs) {
    return refs.stream().map(Ref::sql).collect(Collectors.joining(", "));
  }
}
