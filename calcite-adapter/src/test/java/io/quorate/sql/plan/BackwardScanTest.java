package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders that a key or an index has when it is walked backward: who takes them, and what comes. */
final class BackwardScanTest {
  private static final int ROWS = 400;
  private static final TestDatabase DB = new TestDatabase();

  @BeforeAll
  static void fill() {
    String columns = "(p INT, q INT NOT NULL, a INT, b VARCHAR(5), c BIGINT, d INT NOT NULL";
    DB.execute("CREATE TABLE keyed " + columns + ", PRIMARY KEY (p, q))");
    DB.execute("CREATE INDEX i_ab ON keyed (a, b)");
    DB.execute("CREATE INDEX i_c ON keyed (c DESC)");
    DB.execute("CREATE INDEX i_bc ON keyed (b, c DESC)");
    DB.execute("CREATE UNIQUE INDEX i_d ON keyed (d)");
    DB.execute("CREATE TABLE plain " + columns + ")");
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < ROWS; i++) {
      @Nullable Object[] row = {
        i / 5 - 40,
        i % 5 - 2,
        random.nextInt(6) == 0 ? null : random.nextInt(-6, 6),
        random.nextInt(6) == 0 ? null : "b" + random.nextInt(5),
        random.nextInt(6) == 0 ? null : random.nextLong(-9, 9),
        i * 7919 % 1009
      };
      DB.execute("INSERT INTO keyed VALUES (?, ?, ?, ?, ?, ?)", row);
      DB.execute("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?)", row);
    }
  }

  /** The same queries of the same rows without keys, which are sorted. */
  @Test
  void what_is_walked_backward_is_what_is_sorted() {
    int backward = 0;
    for (int seed = 0; seed < 250; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String order = order(random);
      String where = where(random);
      String cut = random.nextInt(3) == 0 ? "" : cut(random);
      // Where rows that are equal in the order are cut off, others may come as well.
      String columns =
          order.endsWith("p, q") || order.endsWith("p DESC, q DESC") || order.endsWith("d DESC")
              ? "p, q, a, b, c, d"
              : order.replaceAll(" DESC| NULLS FIRST| NULLS LAST", "");
      String query = "SELECT " + columns + " FROM %s" + where + " ORDER BY " + order + cut;
      assertThat(DB.text(query.formatted("keyed")))
          .as("SEED=%s, %s", seed, query)
          .isEqualTo(DB.text(query.formatted("plain")));
      backward += DB.explain(query.formatted("keyed")).contains(", backward") ? 1 : 0;
    }
    assertThat(backward).isGreaterThan(80);
  }

  private static String order(SplittableRandom random) {
    if (random.nextInt(3) > 0) {
      return List.of(
              "p DESC, q DESC",
              "p DESC",
              "a DESC, b DESC",
              "a DESC, b DESC, p DESC, q DESC",
              "c",
              "c, p DESC, q DESC",
              "b DESC, c",
              "d DESC")
          .get(random.nextInt(8));
    }
    List<String> columns = new ArrayList<>(List.of("p", "q", "a", "b", "c", "d"));
    StringBuilder order = new StringBuilder();
    for (int left = random.nextInt(1, 4); left > 0; left--) {
      order.append(order.isEmpty() ? "" : ", ");
      order.append(columns.remove(random.nextInt(columns.size())));
      order.append(List.of("", " DESC").get(random.nextInt(2)));
      order.append(List.of("", "", " NULLS FIRST", " NULLS LAST").get(random.nextInt(4)));
    }
    return order.toString();
  }

  private static String where(SplittableRandom random) {
    int low = random.nextInt(-7, 6);
    int high = low + random.nextInt(6);
    String text = "'b" + random.nextInt(6) + "'";
    List<String> conditions =
        List.of(
            "p = " + low,
            "p > " + low,
            "p <= " + high,
            "p BETWEEN " + low + " AND " + high,
            "p IN (" + low + ", 100000000000, " + high + ", -31)",
            "p = " + low + " AND q < 2",
            "a = " + low,
            "a = " + low + " AND b > " + text,
            "a BETWEEN " + low + " AND " + high,
            "a < -2 OR a > 2.5",
            "a IS NOT NULL",
            "a IS NOT NULL AND a <= " + high,
            "a IS NULL",
            "b = " + text,
            "b = " + text + " AND c IS NOT NULL",
            "b >= " + text,
            "c >= " + low + " AND c < " + high,
            "c IS NOT NULL AND q <> 0",
            "d > 500",
            "d BETWEEN 100 AND 300 AND a > 0");
    return random.nextInt(4) == 0 ? "" : " WHERE " + conditions.get(random.nextInt(20));
  }

  private static String cut(SplittableRandom random) {
    int count = random.nextInt(20);
    return switch (random.nextInt(3)) {
      case 0 -> " LIMIT " + count;
      case 1 -> " LIMIT " + count + " OFFSET " + random.nextInt(30);
      default -> " OFFSET " + random.nextInt(30) + " ROWS FETCH FIRST " + count + " ROWS ONLY";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ORDER BY p DESC; full scan, backward",
        "ORDER BY p DESC, q DESC LIMIT 5; full scan, backward",
        "WHERE p > 3 ORDER BY p DESC; range of primary key KEYED_PKEY (P), backward",
        "WHERE p = 3 ORDER BY q DESC; range of primary key KEYED_PKEY (P), backward",
        "WHERE p = 3 ORDER BY p, q DESC; range of primary key KEYED_PKEY (P), backward",
        "ORDER BY a DESC LIMIT 5; full scan of index I_AB, backward",
        "ORDER BY a DESC, b DESC OFFSET 3 ROWS FETCH FIRST 5 ROWS ONLY;"
            + " full scan of index I_AB, backward",
        "ORDER BY a DESC, b DESC, p DESC LIMIT 5; full scan of index I_AB, backward",
        "WHERE a = 2 ORDER BY b DESC; index range of index I_AB (A), backward",
        "WHERE a = 2 AND b > 'b1' ORDER BY b DESC; index range of index I_AB (A, B), backward",
        "WHERE a = 2 AND b = 'b1' ORDER BY p DESC; index range of index I_AB (A, B), backward",
        "WHERE c = 3 ORDER BY p DESC LIMIT 5; index range of index I_C (C), backward",
        "WHERE a IS NOT NULL ORDER BY a DESC LIMIT 5; index range of index I_AB (A), backward",
        "ORDER BY c LIMIT 5; full scan of index I_C, backward",
        "ORDER BY c NULLS LAST LIMIT 5; full scan of index I_C, backward",
        "ORDER BY b DESC, c LIMIT 5; full scan of index I_BC, backward",
        "ORDER BY d DESC NULLS LAST LIMIT 5; full scan of index I_D, backward",
        "WHERE d < 70 ORDER BY d DESC LIMIT 5; index range of index I_D (D), backward",
        "ORDER BY c DESC LIMIT 5; full scan of index I_C",
        "ORDER BY a, b, p LIMIT 5; full scan of index I_AB",
      })
  void a_reversed_order_needs_no_sort(String rest, String access) {
    assertThat(DB.explain("SELECT * FROM keyed " + rest).lines().map(String::strip))
        .contains("Access: " + access, "Order: as the key has it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ORDER BY a DESC NULLS LAST LIMIT 5",
        "ORDER BY a NULLS FIRST LIMIT 5",
        "ORDER BY c NULLS FIRST LIMIT 5",
        "ORDER BY c DESC NULLS LAST LIMIT 5",
        "ORDER BY a DESC, b LIMIT 5",
        "ORDER BY a, b DESC LIMIT 5",
        "ORDER BY a DESC, b DESC, p LIMIT 5",
        "ORDER BY b DESC, c DESC LIMIT 5",
        "ORDER BY d DESC, a LIMIT 5",
        "ORDER BY a + 1 DESC LIMIT 5",
        "ORDER BY q DESC LIMIT 5",
        "WHERE p > 2 ORDER BY q DESC LIMIT 5",
      })
  void any_other_order_is_sorted(String rest) {
    assertThat(DB.explain("SELECT * FROM keyed " + rest))
        .contains("Sort:")
        .doesNotContain("backward");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT * FROM keyed ORDER BY p DESC, q DESC LIMIT 10; 10",
        "SELECT * FROM keyed ORDER BY a DESC, b DESC LIMIT 10; 10",
        "SELECT * FROM keyed ORDER BY c LIMIT 10 OFFSET 20; 30",
        "SELECT * FROM keyed WHERE p < 20 ORDER BY p DESC FETCH FIRST 10 ROWS ONLY; 10",
        "SELECT * FROM keyed WHERE p IN (3, 1, 2) ORDER BY p DESC, q DESC LIMIT 7; 7",
        "SELECT MAX(p), MIN(p) FROM keyed; 2",
        "SELECT MAX(a) FROM keyed; 1",
        "SELECT MIN(c), MAX(d), MIN(b) FROM keyed; 3",
        "SELECT MAX(q) FROM keyed WHERE p = ?; 1",
        "SELECT MIN(p) FROM keyed WHERE a = ? AND b = 'b1'; 1",
        "SELECT MAX(d) FROM keyed WHERE d < ?; 1",
      })
  void no_more_is_walked_than_is_shown(String sql, long walked) {
    @Nullable Object[] values = sql.contains("?") ? new @Nullable Object[] {3} : new Object[0];
    Plan.Query plan = (Plan.Query) DB.plan(sql);
    long before = DB.view().walked();
    assertThat(DB.rows(plan, values)).isNotEmpty();
    assertThat(DB.view().walked() - before).isEqualTo(walked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MIN(p), MAX(p) FROM %s",
        "MAX(a), MIN(a), MIN(b), MAX(b), MAX(c), MIN(c) FROM %s",
        "MAX(d), MAX(a) FROM %s WHERE b = 'b2'",
        "MIN(q) FROM %s WHERE p = 3",
        "MAX(b) FROM %s WHERE a = 3 AND q > 0",
        "MAX(a) FROM %s WHERE a < 3 AND a > -3 AND c IS NULL",
        "MAX(a), MIN(a) FROM %s WHERE a IS NULL",
        "MIN(a), MAX(p) FROM %s WHERE p > 10000",
        "MAX(c) FROM %s WHERE c < 4 OR c > 100",
        "MIN(a), COUNT(*) FROM %s",
        "MAX(q) FROM %s",
        "MAX(a + 1) FROM %s",
        "MAX(a) + MIN(a) FROM %s",
        "MAX(DISTINCT a) FROM %s",
        "MAX(a) FILTER (WHERE b = 'b1') FROM %s",
        "MAX(a) FROM (SELECT a FROM %s ORDER BY a LIMIT 20) AS x",
        "MAX(x) FROM (SELECT b, c AS x FROM %s WHERE b > 'b3') AS y",
      })
  void the_least_and_the_greatest_are_what_a_full_scan_finds(String query) {
    assertThat(DB.text("SELECT " + query.formatted("keyed")))
        .isNotEmpty()
        .isEqualTo(DB.text("SELECT " + query.formatted("plain")));
  }

  @Test
  void the_least_and_the_greatest_are_looked_up_where_a_key_has_them() {
    assertThat(DB.explain("SELECT MIN(a), MAX(d) FROM keyed").lines().map(String::strip))
        .contains(
            "Access: index range of index I_AB (A)",
            "Access: full scan of index I_D, backward",
            "Limit: 1");
    assertThat(DB.explain("SELECT MIN(a), MAX(q) FROM keyed")).doesNotContain("Limit");
  }
}
