package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RecursiveQueryTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute("CREATE TABLE part (id INT PRIMARY KEY, whole INT, name VARCHAR(10))");
    db.execute(
        "INSERT INTO part VALUES (1, NULL, 'car'), (2, 1, 'engine'), (3, 1, 'wheel'),"
            + " (4, 2, 'piston'), (5, 4, 'ring'), (6, NULL, 'boat')");
  }

  @Test
  void a_series_is_made_of_its_last_value() {
    assertThat(
            db.text(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)"
                    + " SELECT i FROM n ORDER BY i"))
        .isEqualTo("1\n2\n3\n4\n5");
  }

  @Test
  void a_tree_is_walked_from_its_root() {
    String sql =
        "WITH RECURSIVE tree (id, name, depth) AS (SELECT id, name, 0 FROM part WHERE id = ?"
            + " UNION ALL SELECT p.id, p.name, t.depth + 1 FROM part p JOIN tree t ON p.whole = t.id)"
            + " SELECT name, depth FROM tree ORDER BY depth, name";
    assertThat(db.text(sql, 1)).isEqualTo("car|0\nengine|1\nwheel|1\npiston|2\nring|3");
    assertThat(db.text(sql, 6)).isEqualTo("boat|0");
    assertThat(db.text(sql, 4)).isEqualTo("piston|0\nring|1");
  }

  @Test
  void what_was_found_is_not_followed_again_by_union() {
    db.execute("UPDATE part SET whole = 5 WHERE id = 1");
    assertThat(
            db.text(
                "WITH RECURSIVE r (id) AS (SELECT 1 UNION SELECT p.id FROM part p JOIN r ON"
                    + " p.whole = r.id) SELECT COUNT(*), SUM(id) FROM r"))
        .isEqualTo("5|15");
  }

  @Test
  void what_is_grouped_or_made_distinct_in_a_round_is_so_in_each() {
    db.execute("INSERT INTO part VALUES (7, 2, 'piston'), (8, 7, 'ring')");
    assertThat(
            db.text(
                "WITH RECURSIVE r (name, depth) AS (SELECT name, 0 FROM part WHERE id = 1 UNION ALL"
                    + " SELECT DISTINCT p.name, r.depth + 1 FROM part p JOIN part w ON p.whole = w.id"
                    + " JOIN r ON w.name = r.name) SELECT depth, name FROM r ORDER BY 1, 2"))
        .isEqualTo("0|car\n1|engine\n1|wheel\n2|piston\n3|ring");
  }

  @Test
  void one_query_may_have_several_and_one_may_be_read_twice() {
    assertThat(
            db.text(
                "WITH RECURSIVE a (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM a WHERE i < 3),"
                    + " b (j) AS (SELECT 10 UNION ALL SELECT j + 10 FROM b WHERE j < 30)"
                    + " SELECT x.i, y.i, j FROM a x JOIN a y ON x.i = y.i + 1 JOIN b ON j = x.i * 10"
                    + " ORDER BY 1"))
        .isEqualTo("2|1|20\n3|2|30");
  }

  @Test
  void one_plan_runs_often_and_ends_where_nobody_asks_for_more() {
    String sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    Plan.Query plan = (Plan.Query) db.plan(sql);
    try (RowCursor one = plan.open(db.context());
        RowCursor other = plan.open(db.context())) {
      for (int i = 1; i <= 1000; i++) {
        assertThat(one.next()).containsExactly(i);
        assertThat(i % 2 == 1 ? other.next() : new Object[] {(i + 1) / 2})
            .containsExactly((i + 1) / 2);
      }
    }
    assertThat(db.text(sql + " FETCH FIRST 3 ROWS ONLY")).isEqualTo("1\n2\n3");
  }

  @Test
  void a_query_without_end_obeys_its_bounds() {
    db.cancel(
        () -> {
          throw new SqlFailure(State.CANCELLED, "enough");
        });
    assertThatThrownBy(
            () ->
                db.text(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n)"
                        + " SELECT COUNT(*) FROM n"))
        .hasMessage("enough");
    db.cancel(CancelFlag.NEVER);
    db.memoryBytesMax(1 << 20);
    assertThatThrownBy(
            () ->
                db.text(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT i + 1 FROM n)"
                        + " SELECT COUNT(*) FROM n"))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).isEqualTo(State.OUT_OF_MEMORY));
  }

  @Test
  void the_first_part_says_what_the_columns_are() {
    assertThatThrownBy(
            () ->
                db.plan(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i * 1.5 FROM n)"
                        + " SELECT * FROM n"))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure ->
                assertThat(failure.state())
                    .as(failure.getMessage())
                    .isEqualTo(State.TYPE_MISMATCH));
    String sql =
        "WITH RECURSIVE r (id, up) AS (SELECT 5, %s FROM part WHERE id = 5 UNION ALL"
            + " SELECT p.id, p.whole FROM part p JOIN r ON p.id = r.up) SELECT id, up FROM r";
    assertThat(db.text(String.format(sql, "whole"))).isEqualTo("5|4\n4|2\n2|1\n1|null");
    assertThat(db.text(String.format(sql, "4"))).isEqualTo("5|4\n4|2\n2|1\n1|null");
  }
}
