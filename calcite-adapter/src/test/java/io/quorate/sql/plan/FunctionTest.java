package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What functions give; where the standard has none, what PostgreSQL 15 gave for the same. */
class FunctionTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute("CREATE TABLE t (x INTEGER PRIMARY KEY, s VARCHAR(20), ts TIMESTAMP)");
    db.execute(
        "INSERT INTO t VALUES (1, 'one', TIMESTAMP '2020-05-06 10:11:12.345'),"
            + " (2, NULL, NULL), (4, 'four', TIMESTAMP '1969-12-31 23:59:59')");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "TRUNC(2.789, 1); 2.700",
        "TRUNC(-2.7); -2.0",
        "BTRIM('xxhixx', 'x'); hi",
        "BTRIM(' hi '); hi",
        "BIT_LENGTH('abc'); 24",
        "REVERSE('héllo'); olléh",
        "TO_HEX(255); ff",
        "GCD(12, -18); 6",
        "GCD(0, 0); 0",
        "LCM(4, 6); 12",
        "LCM(0, 6); 0",
        "MAKE_DATE(2020, 2, 29); 2020-02-29",
        "NOW() IS NOT NULL; true",
        "GCD(CAST(NULL AS INTEGER), 2) IS NULL; true",
        "DATE_TRUNC('second', TIMESTAMP '2020-05-06 10:11:12.345'); 2020-05-06T10:11:12",
        "DATE_TRUNC('Minute', TIMESTAMP '2020-05-06 10:11:12'); 2020-05-06T10:11",
        "DATE_TRUNC('hour', TIMESTAMP '2020-05-06 10:11:12'); 2020-05-06T10:00",
        "DATE_TRUNC('day', TIMESTAMP '1969-12-31 23:59:59'); 1969-12-31T00:00",
        "DATE_TRUNC('week', TIMESTAMP '2020-05-06 10:11:12'); 2020-05-04T00:00",
        "DATE_TRUNC('month', TIMESTAMP '2020-05-06 10:11:12'); 2020-05-01T00:00",
        "DATE_TRUNC('month', DATE '2020-05-06'); 2020-05-01T00:00",
        "DATE_TRUNC('quarter', TIMESTAMP '2020-05-06 10:11:12'); 2020-04-01T00:00",
        "DATE_TRUNC('year', TIMESTAMP '2020-05-06 10:11:12'); 2020-01-01T00:00",
        "DATE_TRUNC('decade', TIMESTAMP '2029-05-06 10:11:12'); 2020-01-01T00:00",
        "DATE_TRUNC('century', TIMESTAMP '2000-05-06 10:11:12'); 1901-01-01T00:00",
        "DATE_TRUNC('millennium', TIMESTAMP '2001-05-06 10:11:12'); 2001-01-01T00:00",
      })
  void a_function_of_constants(String expression, String value) {
    assertThat(db.text("SELECT " + expression)).isEqualTo(value);
    assertThat(db.text("SELECT " + expression + " FROM t WHERE x = 1 GROUP BY x")).isEqualTo(value);
  }

  @Test
  void a_function_of_columns_is_null_where_they_are() {
    assertThat(db.text("SELECT REVERSE(s), GCD(x, 6), BTRIM(s, 'f') FROM t ORDER BY x"))
        .isEqualTo("eno|1|one\nnull|2|null\nruof|2|our");
    assertThat(
            db.text(
                "SELECT DATE_TRUNC('day', ts), COUNT(*) FROM t GROUP BY DATE_TRUNC('day', ts)"
                    + " ORDER BY 1"))
        .isEqualTo("1969-12-31T00:00|1\n2020-05-06T00:00|1\nnull|1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT DATE_TRUNC('fortnight', ts) FROM t; INVALID_PARAMETER; fortnight",
        "SELECT MAKE_DATE(2021, 2, 29); INVALID_DATETIME; 2021-2-29",
        "SELECT LCM(9223372036854775807, 2); NUMBER_OUT_OF_RANGE; BIGINT",
        "SELECT * FROM GENERATE_SERIES(1, 2, 0); INVALID_PARAMETER; step",
        "SELECT GCD('a', 1); INVALID_TEXT; a",
      })
  void a_function_of_what_it_does_not_take(String sql, State state, String part) {
    assertThatThrownBy(() -> db.query(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> {
              assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state);
              assertThat(failure.getMessage()).contains(part);
            });
  }

  @Test
  void a_series_is_a_table() {
    assertThat(db.text("SELECT * FROM GENERATE_SERIES(1, 3)")).isEqualTo("1\n2\n3");
    assertThat(db.text("SELECT n FROM GENERATE_SERIES(5, 1, -2) AS g(n)")).isEqualTo("5\n3\n1");
    assertThat(db.text("SELECT COUNT(*) FROM GENERATE_SERIES(3, 2)")).isEqualTo("0");
    assertThat(db.text("SELECT COUNT(*) FROM GENERATE_SERIES(1, CAST(NULL AS INTEGER))"))
        .isEqualTo("0");
    assertThat(
            db.text(
                "SELECT n, s FROM GENERATE_SERIES(1, 4) AS g(n) LEFT JOIN t ON x = n ORDER BY n"))
        .isEqualTo("1|one\n2|null\n3|null\n4|four");
    assertThat(db.text("SELECT SUM(n) FROM GENERATE_SERIES(1, CAST(? AS INTEGER)) AS g(n)", 100))
        .isEqualTo("5050");
    assertThat(
            db.text(
                "SELECT COUNT(*) FROM GENERATE_SERIES(9223372036854775806, 9223372036854775807)"))
        .isEqualTo("2");
  }

  @Test
  void a_series_without_an_end_is_cancelled() {
    int[] looks = {0};
    db.cancel(
        () -> {
          if (++looks[0] > 100) {
            throw new SqlFailure(State.CANCELLED, "cancelled");
          }
        });
    assertThatThrownBy(
            () -> db.query("SELECT COUNT(*) FROM GENERATE_SERIES(1, 9223372036854775807)"))
        .isInstanceOfSatisfying(
            SqlFailure.class, f -> assertThat(f.state()).isEqualTo(State.CANCELLED));
  }

  @Test
  void the_nth_value_is_one_of_the_frame() {
    assertThat(
            db.text(
                "SELECT x, NTH_VALUE(x, 2) OVER (ORDER BY x), NTH_VALUE(x, 2) OVER (ORDER BY x"
                    + " ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING), NTH_VALUE(x, 3) OVER ()"
                    + " FROM t ORDER BY x"))
        .isEqualTo("1|null|2|4\n2|2|4|4\n4|2|null|4");
    assertThat(
            db.text("SELECT x, NTH_VALUE(x, 2) OVER w FROM t WINDOW w AS (ORDER BY x) ORDER BY x"))
        .isEqualTo("1|null\n2|2\n4|2");
  }

  @Test
  void a_frame_is_added_to_a_named_window() {
    String rest = " FROM t WINDOW w AS (ORDER BY x), v AS (w ROWS 1 PRECEDING) ORDER BY x";
    assertThat(
            db.text(
                "SELECT x, COUNT(*) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED"
                    + " FOLLOWING), SUM(x) OVER (w ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING),"
                    + " SUM(x) OVER v, SUM(x) OVER w"
                    + rest))
        .isEqualTo("1|3|3|1|1\n2|3|6|3|3\n4|3|4|6|7");
  }

  @Test
  void ranks_among_all() {
    String values = " FROM (VALUES (1), (2), (2), (3)) AS v(y)";
    assertThat(
            db.text(
                "SELECT y, PERCENT_RANK() OVER (ORDER BY y), CUME_DIST() OVER (ORDER BY y)"
                    + values
                    + " ORDER BY y"))
        .isEqualTo("1|0.0|0.25\n2|0.3333333333333333|0.75\n2|0.3333333333333333|0.75\n3|1.0|1.0");
    assertThat(
            db.text(
                "SELECT y, PERCENT_RANK() OVER w, CUME_DIST() OVER w"
                    + values
                    + " WINDOW w AS (PARTITION BY y ORDER BY y) ORDER BY y"))
        .isEqualTo("1|0.0|1.0\n2|0.0|1.0\n2|0.0|1.0\n3|0.0|1.0");
  }
}
