package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PERCENTILE_CONT, PERCENTILE_DISC and MODE WITHIN GROUP. */
final class OrderedSetTest {
  private final TestDatabase database = new TestDatabase();

  private void fill() {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, g INT, x INT, v VARCHAR(9), y DOUBLE)");
    database.execute(
        "INSERT INTO t VALUES (1, 1, 10, 'a', 1), (2, 1, 20, 'B', 2), (3, 1, NULL, NULL, 2.5),"
            + " (4, 1, 40, 'c', 4), (5, 2, 7, 'c', NULL), (6, 3, NULL, NULL, NULL)");
  }

  private void fails(State state, String sql) {
    assertThatThrownBy(() -> database.text(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x); 20.0 7.0 null",
        "PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY x); 15.0 7.0 null",
        "PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY x DESC); 30.0 7.0 null",
        "PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY x DESC NULLS FIRST); 30.0 7.0 null",
        "PERCENTILE_CONT(0) WITHIN GROUP (ORDER BY x); 10.0 7.0 null",
        "PERCENTILE_CONT(1) WITHIN GROUP (ORDER BY x NULLS FIRST); 40.0 7.0 null",
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY y); 2.25 null null",
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(x AS DECIMAL(9, 2)) / 4); 5.0 1.75 null",
        "PERCENTILE_CONT(NULL) WITHIN GROUP (ORDER BY x); null null null",
        "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY x); 20 7 null",
        "PERCENTILE_DISC(0.33) WITHIN GROUP (ORDER BY x); 10 7 null",
        "PERCENTILE_DISC(0.34) WITHIN GROUP (ORDER BY x); 20 7 null",
        "PERCENTILE_DISC(0.34) WITHIN GROUP (ORDER BY -x DESC) + 1; -19 -6 null",
        "PERCENTILE_DISC(0) WITHIN GROUP (ORDER BY v); B c null",
        "PERCENTILE_DISC(1) WITHIN GROUP (ORDER BY v); c c null",
        "PERCENTILE_DISC(0.1) WITHIN GROUP (ORDER BY x) FILTER (WHERE id > 1); 20 7 null",
        "MODE() WITHIN GROUP (ORDER BY x); 10 7 null",
        "MODE() WITHIN GROUP (ORDER BY x DESC); 40 7 null",
        "MODE() WITHIN GROUP (ORDER BY CASE WHEN id > 1 THEN x / x END); 1 1 null",
      })
  void groups_have_their_own_on_both_roads(String aggregate, String values) {
    fill();
    String sql = "SELECT g, " + aggregate + ", COUNT(*) FROM t GROUP BY g ORDER BY g";
    List<String> expected = List.of(values.split(" "));
    String rows =
        "1|" + expected.get(0) + "|4\n2|" + expected.get(1) + "|1\n3|" + expected.get(2) + "|1";
    assertThat(database.text(sql)).isEqualTo(rows);
    Plan.Query plain = PlainPlan.of(PlainPlan.schemas(database), "PUBLIC", sql);
    assertThat(database.rows(plain)).isEqualTo(database.query(sql));
    assertThat(database.text("SELECT " + aggregate + " FROM t WHERE g = 1"))
        .isEqualTo(expected.get(0));
    assertThat(database.text("SELECT " + aggregate + " FROM t WHERE id > 6")).isEqualTo("null");
    assertThat(database.text("SELECT g, " + aggregate + " FROM t GROUP BY ROLLUP (g) ORDER BY g"))
        .startsWith("1|" + expected.get(0) + "\n2|" + expected.get(1) + "\n3|");
  }

  @Test
  void a_discrete_percentile_has_the_type_of_its_values() {
    fill();
    Plan.Query query =
        (Plan.Query)
            database.plan(
                "SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY v),"
                    + " PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x),"
                    + " MODE() WITHIN GROUP (ORDER BY DATE '2020-01-01') FROM t");
    assertThat(query.columns().get(0).type()).isEqualTo(new SqlType(SqlType.Name.VARCHAR, 9, 0));
    assertThat(query.columns().get(1).type()).isEqualTo(SqlType.of(SqlType.Name.DOUBLE));
    assertThat(query.columns()).allMatch(ResultColumn::nullable);
    assertThat(
            database
                .query(
                    "SELECT PERCENTILE_DISC(1) WITHIN GROUP (ORDER BY DATE '2020-01-31' + id),"
                        + " PERCENTILE_DISC(1) WITHIN GROUP (ORDER BY CAST(id AS SMALLINT)), MODE()"
                        + " WITHIN GROUP (ORDER BY 1.50), MODE() WITHIN GROUP (ORDER BY TRUE) FROM"
                        + " t WHERE id = 1")
                .get(0))
        .containsExactly(LocalDate.of(2020, 2, 1), (short) 1, new BigDecimal("1.50"), true);
  }

  @Test
  void what_is_no_percentile_is_refused() {
    fill();
    String order = " WITHIN GROUP (ORDER BY x) FROM t";
    fails(State.NUMBER_OUT_OF_RANGE, "SELECT PERCENTILE_CONT(1.01)" + order);
    fails(State.NUMBER_OUT_OF_RANGE, "SELECT PERCENTILE_DISC(-0.01)" + order);
    fails(State.NOT_SUPPORTED, "SELECT PERCENTILE_DISC(y)" + order);
    fails(State.SYNTAX_ERROR, "SELECT PERCENTILE_DISC(0.1, 0.2)" + order);
    fails(State.SYNTAX_ERROR, "SELECT MODE(x)" + order);
    fails(State.SYNTAX_ERROR, "SELECT PERCENTILE_CONT(DISTINCT 0.5)" + order);
    fails(State.SYNTAX_ERROR, "SELECT PERCENTILE_CONT(0.5) FROM t");
    fails(State.SYNTAX_ERROR, "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x, y) FROM t");
    fails(State.TYPE_MISMATCH, "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY v) FROM t");
    fails(
        State.TYPE_MISMATCH,
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY INTERVAL '1' DAY) FROM t");
    fails(
        State.NOT_SUPPORTED,
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) OVER (PARTITION BY g) FROM t");
    String asked = "SELECT PERCENTILE_DISC(?)" + order;
    assertThat(database.text(asked, 0.5)).isEqualTo("10");
    assertThatThrownBy(() -> database.text(asked, 2.0))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).isEqualTo(State.NUMBER_OUT_OF_RANGE));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void random_numbers_are_those_of_the_definition(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    database.execute("CREATE TABLE r (id INT PRIMARY KEY, x INT)");
    List<Integer> numbers = new ArrayList<>();
    int count = 1 + random.nextInt(40);
    for (int id = 0; id < count; id++) {
      numbers.add(random.nextInt(-9, 9));
      database.execute("INSERT INTO r VALUES (?, ?)", id, numbers.get(id));
    }
    Collections.sort(numbers);
    for (int i = 0; i <= 8; i++) {
      double fraction = i / 8.0;
      double place = fraction * (count - 1);
      int below = numbers.get((int) Math.floor(place));
      int above = numbers.get((int) Math.ceil(place));
      double continuous = below + (place - Math.floor(place)) * (above - below);
      int discrete = numbers.get(Math.max(0, (int) Math.ceil(fraction * count) - 1));
      assertThat(
              database
                  .query(
                      "SELECT PERCENTILE_CONT(?) WITHIN GROUP (ORDER BY x),"
                          + " PERCENTILE_DISC(?) WITHIN GROUP (ORDER BY x) FROM r",
                      fraction,
                      fraction)
                  .get(0))
          .as("seed %s, fraction %s", seed, fraction)
          .containsExactly(continuous, discrete);
    }
  }

  @Test
  void what_a_group_keeps_is_metered() {
    fill();
    for (int i = 10; i < 300; i++) {
      database.execute("INSERT INTO t VALUES (?, 1, ?, 'x', NULL)", i, i);
    }
    database.memoryBytesMax(10_000);
    for (String aggregate :
        List.of(
            "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x)",
            "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY v)",
            "LISTAGG(v) WITHIN GROUP (ORDER BY x)",
            "ARRAY_AGG(v)",
            "JSON_ARRAYAGG(v)")) {
      fails(State.OUT_OF_MEMORY, "SELECT " + aggregate + " FROM t");
      fails(State.OUT_OF_MEMORY, "SELECT g, " + aggregate + " FROM t GROUP BY g");
    }
    assertThat(database.text("SELECT SUM(x) FROM t WHERE id > 298")).isEqualTo("299");
  }
}
