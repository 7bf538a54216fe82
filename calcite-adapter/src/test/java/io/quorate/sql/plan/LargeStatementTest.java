package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements of a size that nobody writes by hand: an answer, or a failure that says so. */
@Timeout(120)
final class LargeStatementTest {
  private static final TestDatabase DB = new TestDatabase();
  private static final int MEGABYTE = 1 << 20;
  private static final Set<State> CLEAR =
      Set.of(State.SYNTAX_ERROR, State.LIMIT_EXCEEDED, State.OUT_OF_MEMORY);

  @BeforeAll
  static void fill() {
    DB.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(10), n BIGINT)");
    DB.execute("INSERT INTO t VALUES (3, 'a', 1), (6, 'b', 2), (7, 'c', NULL)");
    DB.execute(
        "CREATE TABLE wide (id INTEGER PRIMARY KEY, "
            + listed(500, ", ", i -> "c" + i + " INTEGER")
            + ")");
    DB.execute("INSERT INTO wide VALUES (1, " + listed(500, ", ", String::valueOf) + ")");
  }

  @AfterEach
  void others_go_on() {
    DB.cancel(() -> {});
    assertThat(DB.query("SELECT id FROM t WHERE id = 3")).isEqualTo(List.of(List.of(3)));
  }

  private static String listed(int count, String separator, IntFunction<String> each) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(separator));
  }

  private static Object[] threefold(int count) {
    return IntStream.range(0, count).mapToObj(i -> (Object) (i * 3)).toArray();
  }

  /** Such lists are neither planned nor compiled element by element. */
  @ParameterizedTest
  @ValueSource(ints = {90, 110, 10_000})
  void lists_are_looked_through(int count) {
    String list = "(" + listed(count, ", ", i -> String.valueOf(i * 3)) + ")";
    assertThat(DB.text("SELECT id FROM t WHERE id IN " + list + " ORDER BY id")).isEqualTo("3\n6");
    assertThat(DB.text("SELECT id FROM t WHERE id NOT IN " + list)).isEqualTo("7");
    assertThat(DB.text("SELECT id, n IN " + list + " FROM t ORDER BY id"))
        .isEqualTo("3|false\n6|false\n7|null");
    assertThat(
            DB.text(
                "SELECT COUNT(*), SUM(a.n) FROM t a JOIN t b ON a.id = b.id AND b.id IN "
                    + list
                    + " WHERE a.id + b.id IN "
                    + list))
        .isEqualTo("2|3");
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 110, 10_000})
  void lists_of_parameters_are_looked_through(int count) {
    String list = "(" + listed(count, ", ", i -> "?") + ")";
    Object[] given = threefold(count);
    assertThat(DB.text("SELECT id FROM t WHERE id IN " + list + " ORDER BY id", given))
        .isEqualTo("3\n6");
    assertThat(DB.text("SELECT id FROM t WHERE id NOT IN " + list, given)).isEqualTo("7");
    assertThat(
            DB.text(
                "SELECT COUNT(*) FROM t a JOIN t b ON a.id = b.id WHERE a.id + 0 IN " + list,
                given))
        .isEqualTo("2");
    given[0] = null;
    assertThat(DB.text("SELECT id FROM t WHERE id NOT IN " + list, given)).isEmpty();
    assertThat(DB.execute("UPDATE t SET name = 'z' WHERE id - 1 IN " + list, given)).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 110, 3_000})
  void lists_of_rows_are_looked_through(int count) {
    String list = "(" + listed(count, ", ", i -> "(?, " + i + ")") + ")";
    assertThat(
            DB.text("SELECT id FROM t WHERE (id, n) IN " + list + " ORDER BY 1", threefold(count)))
        .isEqualTo(count > 2 ? "3\n6" : "3");
    Object[] unknown = threefold(count);
    unknown[1] = null;
    assertThat(DB.text("SELECT id, (id, n) IN " + list + " FROM t ORDER BY id", unknown))
        .isEqualTo("3|null\n6|" + (count > 2) + "\n7|null");
  }

  @Test
  void lists_are_compared_as_single_values_are() {
    DB.execute("CREATE TABLE k (c CHAR(5), d DECIMAL(6, 2), f DOUBLE, ts TIMESTAMP, u UUID)");
    DB.execute(
        "INSERT INTO k VALUES ('ab', 1.50, 0.1, TIMESTAMP '2024-05-06 07:08:09',"
            + " CAST('01234567-89ab-cdef-0123-456789abcdef' AS UUID)), (NULL, NULL, NULL, NULL, NULL)");
    for (String test :
        List.of(
            "c; 'ab'; 'x%d'",
            "c; 'ab   '; 'y%d'",
            "d; 1.5; %d",
            "d; 1.5e0; %de0",
            "f; 0.1; %d",
            "ts; TIMESTAMP '2024-05-06 07:08:09'; TIMESTAMP '2024-05-06 07:08:09' + INTERVAL '%d' DAY",
            "u; CAST('01234567-89ab-cdef-0123-456789abcdef' AS UUID);"
                + " CAST('11234567-89ab-cdef-0123-456789ab' || '%d' AS UUID)")) {
      List<String> parts = Splitter.on(';').trimResults().splitToList(test);
      String few = "(" + parts.get(1) + ", " + other(parts.get(2), 7777) + ")";
      String many =
          "(" + parts.get(1) + ", " + listed(200, ", ", i -> other(parts.get(2), 1000 + i)) + ")";
      String query = "SELECT " + parts.get(0) + " IN %s FROM k ORDER BY 1";
      String counted = "SELECT COUNT(*) FROM k a JOIN k b ON a." + parts.get(0) + " IN %s";
      assertThat(DB.text(String.format(query, many)))
          .as(test)
          .isEqualTo(DB.text(String.format(query, few)));
      assertThat(DB.text(String.format(counted, many)))
          .as(test)
          .isEqualTo(DB.text(String.format(counted, few)));
    }
  }

  private static String other(String pattern, int number) {
    return pattern.replace("%d", String.valueOf(number));
  }

  @Test
  void a_check_may_have_a_list() {
    DB.execute(
        "CREATE TABLE checked (a INTEGER PRIMARY KEY, CHECK (a IN ("
            + listed(1_000, ", ", i -> String.valueOf(i * 3))
            + ")))");
    assertThat(DB.execute("INSERT INTO checked VALUES (3)")).isOne();
    assertThatThrownBy(() -> DB.execute("INSERT INTO checked VALUES (4)"))
        .isInstanceOfSatisfying(
            SqlFailure.class, f -> assertThat(f.state()).isEqualTo(State.CHECK_VIOLATION));
  }

  @Test
  void rows_are_read_however_many_they_are() {
    for (int count : new int[] {50, 40_000}) {
      String rows =
          listed(
              count,
              ", ",
              i -> "(" + i + ", " + (i % 10 == 0 ? "NULL" : "'r" + i + "'") + ", 1.5)");
      assertThat(
              DB.text(
                  "SELECT COUNT(*), MAX(a), COUNT(b), SUM(c) FROM (VALUES "
                      + rows
                      + ") AS v (a, b, c)"))
          .isEqualTo(count + "|" + (count - 1) + "|" + count * 9 / 10 + "|" + count * 3 / 2 + ".0");
      String texts = listed(Math.min(count, 500), ", ", i -> "('" + "x".repeat(i % 7) + "')");
      assertThat(
              DB.text(
                  "SELECT MAX(CHAR_LENGTH(a)), MIN(a || '.') FROM (VALUES " + texts + ") v (a)"))
          .isEqualTo(DB.text("SELECT 6, MIN(a || '.') FROM (VALUES (''), ('xxxxxx')) v (a)"));
    }
    String given = listed(3_000, ", ", i -> "(CAST(? AS INTEGER), 1 + " + i + ")");
    assertThat(
            DB.text(
                "SELECT COUNT(*), MAX(a), MAX(b) FROM (VALUES " + given + ") AS v (a, b)",
                threefold(3_000)))
        .isEqualTo("3000|8997|3000");
  }

  @Test
  void tables_of_five_hundred_columns_are_used() {
    assertThat(DB.query("SELECT a.*, b.* FROM wide a JOIN wide b ON a.id = b.id").get(0))
        .hasSize(1002);
    assertThat(DB.text("SELECT COUNT(*) FROM wide GROUP BY " + listed(500, ", ", i -> "c" + i)))
        .isEqualTo("1");
    assertThat(
            DB.query(
                    "SELECT "
                        + listed(60, ", ", i -> "SUM(c" + i + ") OVER (ORDER BY id)")
                        + " FROM wide")
                .get(0))
        .hasSize(60);
    assertThat(DB.execute("UPDATE wide SET " + listed(500, ", ", i -> "c" + i + " = c" + i)))
        .isOne();
  }

  @Test
  void sixty_tables_are_joined() {
    String joined = listed(60, "", i -> (i == 0 ? "t t" : " JOIN t t") + i + on(i, "id"));
    assertThat(DB.text("SELECT COUNT(*) FROM " + joined)).isEqualTo("3");
    String outer = listed(60, "", i -> (i == 0 ? "t t" : " LEFT JOIN t t") + i + on(i, "n"));
    assertThat(DB.text("SELECT COUNT(*) FROM " + outer)).isEqualTo("3");
  }

  private static String on(int table, String column) {
    return table == 0 ? "" : " ON t" + table + ".id = t0." + column;
  }

  @Test
  void thousands_of_conditions_are_checked() {
    String select = "SELECT id FROM t WHERE ";
    assertThat(DB.text(select + listed(2_000, " OR ", i -> "n = " + i) + " ORDER BY 1"))
        .isEqualTo("3\n6");
    assertThat(DB.text(select + listed(2_000, " AND ", i -> "n <> " + (i + 2)))).isEqualTo("3");
    assertThat(DB.text(select + listed(1_000, " OR ", i -> "n = " + i + " AND id = " + i * 3)))
        .isEqualTo("3\n6");
  }

  @Test
  void sums_of_bigint_go_over_windows() {
    assertThat(DB.text("SELECT id, SUM(n) OVER (ORDER BY id) FROM t ORDER BY id"))
        .isEqualTo("3|1\n6|3\n7|3");
  }

  private static String doubled(int times) {
    return "WITH c0 AS (SELECT id FROM t)"
        + listed(
            times,
            "",
            i ->
                String.format(
                    ", c%d AS (SELECT * FROM c%d UNION ALL SELECT * FROM c%d)", i + 1, i, i))
        + " SELECT COUNT(*) FROM c"
        + times;
  }

  static Stream<String> large() {
    return Stream.of(
        "abc ".repeat(MEGABYTE / 4),
        "(".repeat(MEGABYTE),
        "\0".repeat(MEGABYTE),
        ";".repeat(MEGABYTE),
        "SELECT ".repeat(MEGABYTE / 8),
        "SELECT '" + "x".repeat(MEGABYTE),
        "SELECT \"" + "x".repeat(MEGABYTE),
        "SELECT 1 /*" + "x".repeat(MEGABYTE),
        "SELECT " + "x".repeat(MEGABYTE) + " FROM t",
        "SELECT " + "(".repeat(10_000) + "1" + ")".repeat(10_000),
        "SELECT " + "NOT ".repeat(20_000) + "TRUE",
        "SELECT " + "UPPER(".repeat(5_000) + "name" + ")".repeat(5_000) + " FROM t",
        "SELECT " + "CASE WHEN n = 1 THEN 1 ELSE ".repeat(5_000) + "0" + " END".repeat(5_000),
        "SELECT " + listed(20_000, " + ", i -> "n") + " FROM t",
        "SELECT " + listed(10_000, " || ", i -> "name") + " FROM t",
        listed(5_000, " UNION ALL ", i -> "SELECT id FROM t"),
        "SELECT " + listed(400, ", ", i -> "SUM(id) OVER (ORDER BY id + " + i + ")") + " FROM t",
        doubled(12),
        doubled(40));
  }

  @ParameterizedTest
  @MethodSource("large")
  void what_is_too_large_is_told_so(String sql) {
    assertThatThrownBy(() -> DB.text(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class, failure -> assertThat(CLEAR).contains(failure.state()));
  }

  @Test
  void planning_ends_when_it_is_cancelled() {
    int[] asked = {0};
    DB.cancel(
        () -> {
          asked[0]++;
          if (asked[0] > 500) {
            throw new SqlFailure(State.CANCELLED, "cancelled");
          }
        });
    String joined = listed(60, "", i -> (i == 0 ? "t t" : " JOIN t t") + i + on(i, "id"));
    assertThatThrownBy(() -> DB.plan("SELECT COUNT(*) FROM " + joined + " WHERE 1 = 1"))
        .isInstanceOfSatisfying(
            SqlFailure.class, f -> assertThat(f.state()).isEqualTo(State.CANCELLED));
    assertThat(asked[0]).isEqualTo(501);
  }

  @Test
  void large_texts_do_not_stay_in_memory() {
    PlanCache<Plan> cache = new PlanCache<>(100);
    Plan plan = DB.plan("SELECT 1");
    PlanCache.Key small = new PlanCache.Key(1, "", "SELECT 1");
    cache.put(small, plan);
    for (int i = 0; i < 6; i++) {
      cache.put(new PlanCache.Key(i, "", "x".repeat(MEGABYTE)), plan);
    }
    assertThat(cache.find(small)).isEmpty();
    assertThat(cache.find(new PlanCache.Key(5, "", "x".repeat(MEGABYTE)))).contains(plan);
    assertThat(cache.find(new PlanCache.Key(0, "", "x".repeat(MEGABYTE)))).isEmpty();
  }
}
