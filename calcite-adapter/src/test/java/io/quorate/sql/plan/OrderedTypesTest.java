package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Values of each type are in one order, with an index and without one, by short plans and by
 * generated code. The {@code n} of a row is the place of its value, and NULL comes last.
 */
final class OrderedTypesTest {
  private static final int ROWS = 4;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "TINYINT|-128|-1|0|127",
        "SMALLINT|-32768|-1|0|32767",
        "INTEGER|-2147483648|-1|0|2147483647",
        "BIGINT|-9223372036854775808|-1|0|9223372036854775807",
        "DECIMAL(30, 2)|-1e20|-0.01|0|1e20",
        "REAL|-1e6|-0.5|0|1e6",
        "DOUBLE|-1e300|-0.5|0|1e300",
        "CHAR(4)|'B'|'a'|'\uFB01'|'\uD83D\uDE00'",
        "VARCHAR(4)|''|'a'|'\uFB01'|'\uD83D\uDE00'",
        "BINARY(2)|X'0000'|X'7FFF'|X'8000'|X'FF00'",
        "VARBINARY(2)|X''|X'7F'|X'7FFF'|X'80'",
        "DATE|DATE '0001-01-01'|DATE '1969-12-31'|DATE '1970-01-01'|DATE '9999-12-31'",
        "TIME(3)|TIME '00:00:00'|TIME '00:00:00.001'|TIME '12:00:00'|TIME '23:59:59.999'",
        "TIMESTAMP(3)|TIMESTAMP '0001-01-01 00:00:00'|TIMESTAMP '1969-12-31 23:59:59.999'"
            + "|TIMESTAMP '1970-01-01 00:00:00'|TIMESTAMP '9999-12-31 23:59:59.999'",
        "TIMESTAMP(3) WITH TIME ZONE|TIMESTAMP '0001-01-01 00:00:00+00:00'"
            + "|TIMESTAMP '1970-01-01 01:59:59.999+02:00'|TIMESTAMP '1969-12-31 23:00:00-01:00'"
            + "|TIMESTAMP '9999-12-31 23:59:59.999+00:00'",
        "INTERVAL YEAR(4) TO MONTH|INTERVAL '-9999-11' YEAR(4) TO MONTH|INTERVAL '-1' MONTH"
            + "|INTERVAL '0' YEAR|INTERVAL '9999-11' YEAR(4) TO MONTH",
        "INTERVAL DAY(6) TO SECOND(3)|INTERVAL '-999999 23:59:59.999' DAY(6) TO SECOND(3)"
            + "|INTERVAL '-0.001' SECOND|INTERVAL '0' HOUR"
            + "|INTERVAL '999999 23:59:59.999' DAY(6) TO SECOND(3)",
        "UUID|CAST('00000000-0000-0000-8000-000000000000' AS UUID)"
            + "|CAST('10000000-0000-0000-0000-000000000000' AS UUID)"
            + "|CAST('80000000-0000-0000-0000-000000000000' AS UUID)"
            + "|CAST('f0000000-0000-0000-0000-000000000000' AS UUID)",
      })
  void each_type_has_one_order(String type, String a, String b, String c, String d) {
    List<String> literals = List.of(a, b, c, d);
    TestDatabase db = new TestDatabase();
    db.execute("CREATE TABLE plain (n INTEGER, v " + type + ")");
    db.execute("CREATE TABLE indexed (n INTEGER, v " + type + ")");
    db.execute("CREATE INDEX i_v ON indexed (v)");
    for (String table : List.of("plain", "indexed")) {
      for (int n : new int[] {2, 0, 4, 3, 1}) {
        String value = n == ROWS ? "NULL" : literals.get(n);
        db.execute("INSERT INTO " + table + " VALUES (" + n + ", " + value + ")");
      }
    }
    for (String table : List.of("plain", "indexed")) {
      sorts(db, table);
      compares(db, table, literals);
      constantRanges(db, table, literals);
    }
  }

  @Test
  void false_is_less_than_true() {
    TestDatabase db = new TestDatabase();
    db.execute("CREATE TABLE plain (n INTEGER, v BOOLEAN)");
    db.execute("INSERT INTO plain VALUES (2, NULL), (1, TRUE), (0, FALSE)");
    assertRows(db, "plain", "SELECT n FROM %s ORDER BY v", "012");
    assertRows(db, "plain", "SELECT MAX(n) FROM %s GROUP BY v ORDER BY v", "012");
    assertRows(db, "plain", "SELECT b.n FROM %s a JOIN plain b ON a.v < b.v", "1");
    assertThat(db.text("SELECT MIN(v), MAX(v) FROM plain")).isEqualTo("false|true");
  }

  private static void sorts(TestDatabase db, String table) {
    assertRows(db, table, "SELECT n FROM %s ORDER BY v", "01234");
    assertRows(db, table, "SELECT n FROM %s ORDER BY v DESC, n", "43210");
    assertRows(db, table, "SELECT MAX(n) FROM %s GROUP BY v ORDER BY v", "01234");
    assertRows(db, table, "SELECT RANK() OVER (ORDER BY v) - 1 FROM %s ORDER BY n", "01234");
    assertRows(
        db,
        table,
        "SELECT COUNT(*) OVER (ORDER BY v RANGE UNBOUNDED PRECEDING) FROM %s ORDER BY n",
        "12345");
    String least = "SELECT p.n FROM (SELECT %s AS v FROM %s) AS x JOIN plain p ON p.v = x.v";
    assertRows(db, table, String.format(Locale.ROOT, least, "MIN(v)", "%s"), "0");
    assertRows(db, table, String.format(Locale.ROOT, least, "MAX(v)", "%s"), "3");
    assertRows(
        db,
        table,
        "SELECT MIN(p.n) FROM (SELECT n, MAX(v) OVER (ORDER BY n DESC) AS v FROM %s) AS x"
            + " JOIN plain p ON p.v = x.v GROUP BY x.n ORDER BY x.n",
        "3333");
    assertThat(db.query("SELECT MIN(v), MAX(v) FROM " + table).get(0))
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                db.query("SELECT v FROM plain WHERE n = 0").get(0).get(0),
                db.query("SELECT v FROM plain WHERE n = 3").get(0).get(0)));
  }

  private static void compares(TestDatabase db, String table, List<String> literals) {
    String pairs =
        "SELECT COUNT(*) FROM %s a JOIN plain b ON a.v < b.v WHERE a.n < b.n AND NOT a.v >= b.v";
    assertRows(db, table, pairs, "6");
    assertRows(db, table, "SELECT n FROM %s WHERE v >= ALL (SELECT v FROM plain WHERE n < 4)", "3");
    assertRows(
        db,
        table,
        "SELECT p.n FROM (SELECT GREATEST(a.v, b.v) AS v, LEAST(a.v, b.v) AS w FROM %s a"
            + " JOIN plain b ON a.n = b.n + 2) AS x JOIN plain p ON p.v = x.v ORDER BY 1",
        "223");
    for (int from = 0; from < ROWS; from++) {
      for (int to = from; to < ROWS; to++) {
        String range = " WHERE v >= " + literals.get(from) + " AND v <= " + literals.get(to) + " ";
        String expected = "0123".substring(from, to + 1);
        assertRows(db, table, "SELECT n FROM %s" + range + "ORDER BY n", expected);
        assertRows(db, table, "SELECT MAX(n) FROM %s" + range + "GROUP BY n ORDER BY 1", expected);
      }
    }
    assertRows(
        db,
        table,
        "SELECT MAX(n) FROM %s WHERE v IN ("
            + literals.get(0)
            + ", "
            + literals.get(2)
            + ")"
            + " OR v > "
            + literals.get(2)
            + " GROUP BY n ORDER BY 1",
        "023");
  }

  /** Where planning has constants on both sides, and may simplify before it knows our order. */
  private static void constantRanges(TestDatabase db, String table, List<String> literals) {
    for (int[] ends : new int[][] {{0, 2}, {1, 3}}) {
      int from = ends[0];
      int to = ends[1];
      String range = "v BETWEEN " + literals.get(from) + " AND " + literals.get(to);
      String expected = "0123".substring(from, to + 1);
      assertRows(
          db,
          table,
          "SELECT CASE WHEN x.inside THEN x.n ELSE 9 END FROM (SELECT n, "
              + range
              + " AS inside FROM %s) AS x ORDER BY x.n",
          "9".repeat(from) + expected + "9".repeat(ROWS - to));
      assertRows(
          db,
          table,
          "SELECT n FROM %s WHERE " + range + " AND EXISTS (SELECT 1 FROM plain) ORDER BY n",
          expected);
      assertRows(
          db,
          table,
          "SELECT n FROM %s WHERE n IN (SELECT n FROM plain WHERE " + range + ") ORDER BY n",
          expected);
      assertRows(
          db,
          table,
          "SELECT COUNT(*) FROM %s WHERE " + literals.get(from) + " <= " + literals.get(to),
          "5");
    }
  }

  private static void assertRows(TestDatabase db, String table, String sql, String digits) {
    List<@Nullable Object> expected = new ArrayList<>();
    digits.chars().forEach(digit -> expected.add(String.valueOf((char) digit)));
    String query = sql.replace("%s", table);
    assertThat(db.text(query).lines().toList()).as(query).isEqualTo(expected);
  }
}
