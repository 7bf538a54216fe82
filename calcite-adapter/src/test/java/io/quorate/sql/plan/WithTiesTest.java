package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FETCH FIRST n ROWS WITH TIES. */
final class WithTiesTest {
  private final TestDatabase database = new TestDatabase();

  private void fails(State state, String sql) {
    assertThatThrownBy(() -> database.plan(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state));
  }

  private void fill() {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, k INT, v VARCHAR(9))");
    database.execute(
        "INSERT INTO t VALUES (1, 10, 'a'), (2, 10, 'b'), (3, 20, 'a'), (4, 20, NULL), (5, NULL, 'c'),"
            + " (6, NULL, 'c')");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT id FROM t ORDER BY k FETCH FIRST 1 ROW WITH TIES; 1 2",
        "SELECT id FROM t ORDER BY k FETCH NEXT ROW WITH TIES; 1 2",
        "SELECT id FROM t ORDER BY k, id FETCH NEXT ROW ONLY; 1",
        "SELECT id FROM t ORDER BY k DESC FETCH FIRST 1 ROW WITH TIES; 5 6",
        "SELECT id FROM t ORDER BY k DESC NULLS LAST FETCH FIRST 1 ROW WITH TIES; 3 4",
        "SELECT id FROM t ORDER BY k, v FETCH FIRST 3 ROWS WITH TIES; 1 2 3",
        "SELECT id FROM t ORDER BY k, id OFFSET 1 ROW FETCH NEXT 1 ROW WITH TIES; 2",
        "SELECT id FROM t ORDER BY id FETCH FIRST 9223372036854775807 ROWS WITH TIES; 1 2 3 4 5 6",
        "SELECT id FROM t ORDER BY k FETCH FIRST 0 ROWS WITH TIES; ''",
        "SELECT MAX(id) FROM t GROUP BY k ORDER BY COUNT(*) FETCH FIRST 1 ROW WITH TIES; 2 4 6",
        "SELECT DISTINCT v FROM t ORDER BY v DESC NULLS LAST FETCH FIRST 2 ROWS WITH TIES; b c",
        "SELECT k FROM t UNION ALL SELECT 10 ORDER BY 1 FETCH FIRST 2 ROWS WITH TIES; 10 10 10",
        "WITH w AS (SELECT id FROM t ORDER BY k FETCH FIRST ROW WITH TIES) SELECT * FROM w; 1 2",
        "SELECT id FROM t WHERE id IN (SELECT id FROM t ORDER BY k FETCH FIRST ROW WITH TIES); 1 2",
        "SELECT id FROM t a WHERE 2 = (SELECT COUNT(*) FROM (SELECT 1 FROM t b WHERE b.k = a.k"
            + " ORDER BY b.k FETCH FIRST ROW WITH TIES) q); 1 2 3 4",
        "VALUES 3, 1, 2, 1 ORDER BY 1 FETCH FIRST ROW WITH TIES; 1 1",
        "SELECT a.id FROM t a JOIN t b ON a.id = b.id ORDER BY b.k FETCH FIRST ROW WITH TIES; 1 2",
      })
  void the_peers_of_the_last_row_come_too(String sql, String rows) {
    fill();
    assertThat(List.of(database.text(sql).split("\n")))
        .containsExactlyInAnyOrderElementsOf(List.of(rows.split(" ")));
  }

  @Test
  void views_parameters_and_made_tables() {
    fill();
    database.execute("CREATE VIEW w AS SELECT id FROM t ORDER BY k FETCH FIRST ROW WITH TIES");
    assertThat(database.text("SELECT id FROM w ORDER BY id")).isEqualTo("1\n2");
    String sql =
        "SELECT id FROM t WHERE k > ? ORDER BY k OFFSET ? ROWS FETCH NEXT ? ROWS WITH TIES";
    assertThat(database.query(sql, 0, 2, 1L)).hasSize(2);
    assertThat(database.query(sql, 0, 1, 1L)).hasSize(1);
    assertThat(database.query(sql, 0, 1, 2L)).hasSize(3);
    assertThat(database.query(sql, 0, 1, 0L)).isEmpty();
    database.execute(
        "INSERT INTO t SELECT id + 10, k, v FROM t ORDER BY k FETCH FIRST ROW WITH TIES");
    assertThat(database.text("SELECT id FROM t WHERE id > 10 ORDER BY id")).isEqualTo("11\n12");
  }

  @Test
  void without_an_order_there_are_no_ties() {
    fill();
    fails(State.SYNTAX_ERROR, "SELECT id FROM t FETCH FIRST ROW WITH TIES");
    fails(State.SYNTAX_ERROR, "SELECT id FROM t OFFSET 1 ROW FETCH FIRST ROW WITH TIES");
    fails(State.SYNTAX_ERROR, "SELECT id FROM t ORDER BY k LIMIT 1 WITH TIES");
    fails(State.NOT_SUPPORTED, "SELECT id FROM t ORDER BY k FETCH FIRST ROW WITH TIES FOR UPDATE");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void random_rows_are_those_of_the_definition(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    database.execute("CREATE TABLE r (id INT PRIMARY KEY, a INT, b INT)");
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < 40; id++) {
      Row row = new Row(id, draw(random), draw(random));
      rows.add(row);
      database.execute("INSERT INTO r VALUES (?, ?, ?)", id, row.a, row.b);
    }
    Comparator<@Nullable Integer> nullsHigh = Comparator.nullsLast(Comparator.naturalOrder());
    Comparator<Row> order =
        Comparator.comparing((Row row) -> row.a, nullsHigh)
            .reversed()
            .thenComparing(row -> row.b, nullsHigh);
    rows.sort(order);
    for (int i = 0; i < 20; i++) {
      int offset = random.nextInt(45);
      int fetch = random.nextInt(12);
      List<List<@Nullable Object>> expected = new ArrayList<>();
      for (int at = offset; at < rows.size() && fetch > 0; at++) {
        if (at >= offset + fetch
            && order.compare(rows.get(at), rows.get(offset + fetch - 1)) != 0) {
          break;
        }
        expected.add(Arrays.asList(rows.get(at).a, rows.get(at).b));
      }
      String sql =
          "SELECT a, b FROM r ORDER BY a DESC, b OFFSET "
              + offset
              + " ROWS FETCH FIRST "
              + fetch
              + " ROWS WITH TIES";
      assertThat(database.query(sql)).as("seed %s: %s", seed, sql).isEqualTo(expected);
    }
  }

  private static @Nullable Integer draw(SplittableRandom random) {
    int drawn = random.nextInt(4);
    return drawn == 0 ? null : drawn;
  }

  private record Row(int id, @Nullable Integer a, @Nullable Integer b) {}
}
