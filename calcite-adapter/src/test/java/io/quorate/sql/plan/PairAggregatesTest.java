package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CORR, COVAR_… and REGR_…, against values that were worked out by hand. */
final class PairAggregatesTest {
  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void fill() {
    database.execute("CREATE TABLE p (id INT PRIMARY KEY, x INT, y DOUBLE, g VARCHAR(1))");
    database.execute(
        "INSERT INTO p VALUES (1, 1, 2, 'a'), (2, 2, 3.5, 'a'), (3, 3, 7, 'b'), (4, NULL, 9, 'b'),"
            + " (5, 5, NULL, 'c')");
  }

  private @Nullable Object one(String sql) {
    return database.query(sql).get(0).get(0);
  }

  private void isAbout(double expected, String aggregate, String rest) {
    assertThat((Double) one("SELECT " + aggregate + " FROM " + rest))
        .as(aggregate)
        .isCloseTo(expected, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "COVAR_POP, 1.6666666666666667, 0.875",
    "COVAR_SAMP, 2.5, 1.75",
    "REGR_SXX, 2, 0.5",
    "REGR_SYY, 13.166666666666666, 6.125",
    "REGR_SXY, 5, 1.75",
    "REGR_AVGX, 2, 2.5",
    "REGR_AVGY, 4.166666666666667, 5.25",
    "REGR_SLOPE, 2.5, 3.5",
    "REGR_INTERCEPT, -0.8333333333333333, -3.5",
    "REGR_R2, 0.949367088607595, 1",
    "CORR, 0.9743547036924463, 1",
  })
  void pairs_without_nulls_count_of_which_a_filter_is_true(
      String name, double all, double filtered) {
    String call = name + "(y, x)";
    isAbout(all, call, "p");
    isAbout(filtered, call + " FILTER (WHERE id > 1)", "p");
    isAbout(all, call + " OVER (ORDER BY id ROWS UNBOUNDED PRECEDING)", "p ORDER BY id DESC");
    isAbout(all, name + "(y, CAST(x AS DECIMAL(9, 2)))", "p");
    isAbout(filtered, call, "p WHERE id > 1");
    assertThat(one("SELECT " + call + " FROM p WHERE id > 3")).isNull();
    assertThat(one("SELECT " + call + " FROM p WHERE FALSE")).isNull();
    assertThat(one("SELECT " + name + "(NULL, x) FROM p")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "COVAR_POP, 0, 0",
        "COVAR_SAMP, -, 0",
        "REGR_SXX, 0, 0",
        "REGR_SYY, 0, 2",
        "REGR_SLOPE, -, -",
        "REGR_INTERCEPT, -, -",
        "REGR_R2, -, -",
        "CORR, -, -",
      })
  void what_does_not_vary_has_no_slope(
      String name, @Nullable Double single, @Nullable Double vertical) {
    assertThat(one("SELECT " + name + "(y, x) FROM p WHERE id = 1")).isEqualTo(single);
    assertThat(one("SELECT " + name + "(x, 7) FROM p WHERE id < 4")).isEqualTo(vertical);
  }

  @Test
  void a_horizontal_line_fits_wholly_and_correlates_with_nothing() {
    assertThat(database.query("SELECT REGR_R2(4, x), REGR_SLOPE(4, x), CORR(4, x) FROM p"))
        .containsExactly(Arrays.asList(1.0, 0.0, null));
  }

  @Test
  void groups_and_windows_have_their_own() {
    assertThat(
            database.text(
                "SELECT g, REGR_AVGX(y, x), REGR_COUNT(y, x) FROM p GROUP BY g ORDER BY g"))
        .isEqualTo("a|1.5|2\nb|3.0|1\nc|null|0");
    assertThat(
            database.text(
                "SELECT id, REGR_SXX(y, x) OVER (ORDER BY id ROWS 1 PRECEDING) FROM p ORDER BY id"))
        .isEqualTo("1|0.0\n2|0.5\n3|0.5\n4|0.0\n5|null");
    isAbout(
        0.875,
        "COVAR_POP(y, x) FILTER (WHERE id > 1) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING)",
        "p ORDER BY id DESC");
    assertThat(
            one(
                "SELECT REGR_SXX(DISTINCT 1, x) FROM (SELECT x FROM p UNION ALL SELECT x FROM p) q"))
        .isEqualTo(8.75);
  }

  @Test
  void large_values_close_to_each_other_lose_nothing() {
    database.execute("CREATE TABLE f (x DOUBLE, y DOUBLE)");
    database.execute(
        "INSERT INTO f VALUES (1e9, 2e9), (1000000001, 2000000002), (1000000002, 2000000004)");
    isAbout(2, "REGR_SXX(y, x)", "f");
    isAbout(2, "REGR_SLOPE(y, x)", "f");
    isAbout(1, "CORR(y, x)", "f");
    database.execute("INSERT INTO f VALUES (CAST('Infinity' AS DOUBLE), 1)");
    assertThat(one("SELECT CORR(y, x) FROM f")).isEqualTo(Double.NaN);
  }

  @Test
  void names_of_aggregates_are_names_elsewhere() {
    database.execute("CREATE TABLE corr (regr_r2 INT PRIMARY KEY)");
    assertThat(database.query("SELECT corr.regr_r2 FROM corr")).isEqualTo(List.of());
    for (String call : List.of("CORR(g, x)", "CORR(x, g)", "COVAR_POP(DATE '2020-01-01', x)")) {
      assertThatThrownBy(() -> database.plan("SELECT " + call + " FROM p"))
          .isInstanceOfSatisfying(
              SqlFailure.class,
              failure -> assertThat(failure.state()).isEqualTo(State.TYPE_MISMATCH));
    }
    for (String call : List.of("CORR(x)", "CORR(x, y, x)")) {
      assertThatThrownBy(() -> database.plan("SELECT " + call + " FROM p"))
          .isInstanceOfSatisfying(
              SqlFailure.class,
              failure -> assertThat(failure.state()).isNotEqualTo(State.INTERNAL_ERROR));
    }
  }
}
