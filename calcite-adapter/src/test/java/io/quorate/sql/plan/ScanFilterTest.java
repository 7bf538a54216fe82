package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a condition goes into the scan, as EXPLAIN tells it, and that rows are the same. */
final class ScanFilterTest {
  private static final TestDatabase DB = new TestDatabase();

  @BeforeAll
  static void make() {
    DB.execute(
        "CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(300), c DECIMAL(9, 2), d TIMESTAMP(9),"
            + " e DOUBLE, f BOOLEAN, g CLOB)");
    DB.execute("CREATE INDEX by_c ON t (c)");
    for (int a = 0; a < 100; a++) {
      DB.execute(
          "INSERT INTO t VALUES (?, ?, ?, TIMESTAMP '2026-01-01 00:00:00.000000001', ?, ?, ?)",
          a,
          a % 10 == 0 ? null : "b" + a % 7,
          new java.math.BigDecimal(a % 20).movePointLeft(1),
          a % 9 == 0 ? null : a / 8.0,
          a % 3 == 0 ? null : a % 3 == 1,
          a % 2 == 0 ? null : "large");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a <> 7; <>(A, 7)",
        "7 < e; , E)",
        "b = 'b3' OR b IS NULL; IS NULL(B)",
        "b IN ('b1', 'b2'); OR(=(B, 'b1'",
        "c + 0 > 1 AND b >= 'b4'; >=(B, 'b4'",
        "e IS NOT NULL; IS NOT NULL(E)",
        "g IS NULL; IS NULL(G)",
        "NOT f; NOT(F)",
        "d > TIMESTAMP '2026-01-01 00:00:00'; >(D, 2026-01-01 00:00:00",
        "c < 0.55; <(C, 0.55",
      })
  void conditions_on_one_column_go_into_the_scan(String condition, String shown) {
    String sql = "SELECT a FROM t WHERE " + condition;
    assertThat(DB.explain(sql)).contains("Scan filter: ").contains(shown);
    String general = "SELECT COUNT(*), SUM(a) FROM t WHERE " + condition;
    assertThat(DB.explain(general)).contains("filter=[").contains(shown);
    String asked = "SELECT CASE WHEN (%s) THEN a END FROM t".formatted(condition);
    long sum = 0;
    long count = 0;
    for (var row : DB.query(asked)) {
      sum += row.get(0) == null ? 0 : (Integer) row.get(0);
      count += row.get(0) == null ? 0 : 1;
    }
    assertThat(count).isBetween(1L, 100L);
    assertThat(DB.query(sql)).hasSize((int) count);
    assertThat(DB.text(general)).isEqualTo(count + "|" + sum);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b LIKE 'b%'",
        "a + 1 > 7",
        "a > c",
        "a = 1 + e",
        "(a > 3 AND a < 5) OR (a > 7 AND a < 9)",
        "a < 3 OR b = 'b1'",
        "CAST(e AS INT) = 3",
        "a > CAST(3 AS DOUBLE)",
        "UPPER(b) = 'B1'",
      })
  void others_are_asked_of_each_row(String condition) {
    assertThat(DB.explain("SELECT a FROM t WHERE " + condition)).doesNotContain("Scan filter");
    assertThat(DB.explain("SELECT COUNT(*) FROM t WHERE " + condition)).doesNotContain("filter=[");
  }

  @Test
  void a_scan_does_not_read_what_only_its_filter_needs() {
    assertThat(DB.explain("SELECT SUM(a * 2) FROM t WHERE e > 3 AND b <> 'x' AND c + a < 90"))
        .contains("columns=[(A, C)]")
        .contains("filter=[AND(>(E, 3.0E0), <>(B, 'x'");
    assertThat(DB.explain("SELECT MAX(b) FROM t WHERE e > 3")).contains("columns=[(B)]");
  }

  @Test
  void what_a_range_or_an_index_finds_is_filtered_too() {
    String range = "SELECT a FROM t WHERE a BETWEEN 10 AND 40 AND f";
    assertThat(DB.explain(range)).contains("range of primary key").contains("Scan filter: AND(");
    assertThat(DB.query(range)).hasSize(11);
    String index = "SELECT COUNT(*), MIN(a) FROM t WHERE c = 0.5 AND a > ? AND b IS NOT NULL";
    assertThat(DB.explain(index, 5)).contains("index range of index BY_C").contains("filter=[");
    assertThat(DB.text(index, 5)).isEqualTo("4|25");
    assertThat(DB.explain("SELECT a FROM t WHERE a = 3 AND f")).doesNotContain("Scan filter");
  }

  @Test
  void two_scans_of_one_table_keep_their_own_rows() {
    assertThat(
            DB.text(
                "SELECT COUNT(*), MIN(x.a), MAX(y.a) FROM t x JOIN t y ON x.e = y.e"
                    + " WHERE x.a > 40 AND x.a < 60 AND y.a > 50 AND y.a < 70"))
        .isEqualTo("8|51|59");
    assertThat(
            DB.text(
                "SELECT COUNT(*) FROM (SELECT b FROM t WHERE a < 10 UNION ALL"
                    + " SELECT b FROM t WHERE a < 20) u"))
        .isEqualTo("30");
    String ranges = "SELECT a FROM t WHERE (a > %d AND a < %d) OR (a > %d AND a < %d)";
    assertThat(
            DB.text(
                "SELECT COUNT(*), SUM(a) FROM (%s UNION ALL %s) u"
                    .formatted(ranges.formatted(3, 5, 7, 9), ranges.formatted(13, 15, 17, 19))))
        .isEqualTo("4|44");
  }

  @Test
  void changes_find_their_rows_in_the_scan() {
    TestDatabase db = new TestDatabase();
    db.execute("CREATE TABLE u (a INT PRIMARY KEY, b INT)");
    db.execute("INSERT INTO u VALUES (1, 1), (2, NULL), (3, 3), (4, 4)");
    assertThat(db.explain("UPDATE u SET b = 0 WHERE b > 2")).contains("Scan filter: >(B, 2)");
    assertThat(db.execute("UPDATE u SET b = b + 1 WHERE b > ?", 2)).isEqualTo(2);
    assertThat(db.execute("DELETE FROM u WHERE b IS NULL OR b = ?", 5)).isEqualTo(2);
    assertThat(db.text("SELECT * FROM u ORDER BY a")).isEqualTo("1|1\n3|4");
    assertThat(db.execute("DELETE FROM u WHERE b <> ?", (Object) null)).isZero();
  }

  /** A scan may read for long before there is a row to be shown. */
  @Test
  void a_scan_that_keeps_nothing_can_be_cancelled() {
    TestDatabase db = new TestDatabase();
    db.execute("CREATE TABLE w (a INT PRIMARY KEY, b VARCHAR)");
    String wide = "x".repeat(100_000);
    for (int a = 0; a < 60; a++) {
      db.execute("INSERT INTO w VALUES (?, ?)", a, wide);
    }
    AtomicInteger looks = new AtomicInteger();
    db.cancel(
        () -> {
          if (looks.incrementAndGet() > 4) {
            throw new SqlFailure(State.CANCELLED, "enough");
          }
        });
    SqlFailure failure =
        catchThrowableOfType(SqlFailure.class, () -> db.query("SELECT a FROM w WHERE b = 'y'"));
    assertThat(failure.state()).isEqualTo(State.CANCELLED);
    assertThat(db.view().walked()).isLessThan(60);
  }
}
