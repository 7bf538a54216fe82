package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sub-queries that depend on rows outside, of which Calcite would make joins that are not the same.
 */
class CorrelatedQueryTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute("CREATE TABLE team (id INTEGER PRIMARY KEY, size INTEGER)");
    db.execute("INSERT INTO team VALUES (1, 2), (2, 3), (3, 0)");
    db.execute("CREATE TABLE player (name VARCHAR(9) PRIMARY KEY, team INTEGER, age INTEGER)");
    db.execute(
        "INSERT INTO player VALUES ('ada', 1, 40), ('bob', 1, 30), ('cy', 2, 50), ('di', 2, 20),"
            + " ('eve', 2, 35)");
  }

  @Test
  void a_window_is_over_the_rows_of_one_outer_row() {
    assertThat(
            db.text(
                "SELECT t.id, m.name, m.place FROM team t, LATERAL (SELECT name,"
                    + " RANK() OVER (ORDER BY age) AS place FROM player WHERE team = t.id) m"
                    + " ORDER BY 1, 3"))
        .isEqualTo("1|bob|1\n1|ada|2\n2|di|1\n2|eve|2\n2|cy|3");
    assertThat(
            db.text(
                "SELECT t.id, (SELECT MAX(m.total) FROM (SELECT SUM(age + t.size) OVER () AS total"
                    + " FROM player WHERE team = t.id) m) FROM team t ORDER BY 1"))
        .isEqualTo("1|74\n2|114\n3|null");
  }

  @Test
  void both_sides_of_a_join_are_of_one_outer_row() {
    assertThat(
            db.text(
                "SELECT t.id, x.pairs FROM team t, LATERAL (SELECT COUNT(*) AS pairs FROM"
                    + " (SELECT * FROM player WHERE team = t.id) a,"
                    + " (SELECT * FROM player WHERE team = t.id) b) x ORDER BY 1"))
        .isEqualTo("1|4\n2|9\n3|0");
    assertThat(
            db.text(
                "SELECT id FROM team t WHERE EXISTS (SELECT * FROM"
                    + " (SELECT * FROM player WHERE team = t.id) a JOIN"
                    + " (SELECT * FROM team WHERE id = t.id) b ON TRUE) ORDER BY 1"))
        .isEqualTo("1\n2");
  }

  @Test
  void an_aggregate_has_a_row_even_of_no_rows() {
    assertThat(
            db.text(
                "SELECT t.id, m.oldest FROM team t, LATERAL (SELECT MAX(age) AS oldest"
                    + " FROM player WHERE team = t.id) m ORDER BY 1"))
        .isEqualTo("1|40\n2|50\n3|null");
    assertThat(
            db.text(
                "SELECT t.id, (SELECT COUNT(*) FROM player o, LATERAL (SELECT MAX(age) FROM player"
                    + " WHERE age < o.age AND team = t.id) m) FROM team t ORDER BY 1"))
        .isEqualTo("1|5\n2|5\n3|5");
    assertThat(
            db.text(
                "SELECT id FROM team t WHERE EXISTS (SELECT MAX(age) FROM player"
                    + " WHERE team = t.id) ORDER BY 1"))
        .isEqualTo("1\n2\n3");
  }

  @Test
  void a_row_outside_may_be_an_aggregate() {
    assertThat(
            db.text(
                "SELECT t.team, (SELECT COUNT(*) FROM player m WHERE m.team = t.team"
                    + " AND m.age > t.average) FROM (SELECT team, AVG(age) AS average FROM player"
                    + " GROUP BY team) t ORDER BY 1"))
        .isEqualTo("1|1\n2|1");
  }

  @Test
  void what_is_understood_still_becomes_a_join() {
    String greatest = "(SELECT MAX(age) FROM player WHERE team = t.id)";
    for (String condition :
        new String[] {
          "EXISTS (SELECT * FROM player WHERE team = t.id AND age > t.size)",
          "40 < " + greatest,
          "size IN " + greatest,
          "(SELECT COUNT(*) FROM player WHERE team = t.id) = size"
        }) {
      assertThat(db.explain("SELECT id FROM team t WHERE " + condition))
          .contains("Join")
          .doesNotContain("Correlate");
    }
  }

  /** Seed 100 of {@link MetamorphicTest}: such an EXISTS was true. */
  @Test
  void nothing_exists_in_an_empty_table_beside_a_correlated_sub_query() {
    TestDatabase db = new TestDatabase();
    db.execute("CREATE TABLE x (id INT PRIMARY KEY, c INT)");
    db.execute("CREATE TABLE nothing (id INT PRIMARY KEY, c BIGINT)");
    db.execute("INSERT INTO x VALUES (1, 1)");
    String greatest = "x.c = (SELECT MAX(q.c) FROM x q WHERE q.id >= x.id)";
    String nested =
        "EXISTS (SELECT 1 FROM nothing n WHERE n.c IN (SELECT q.c FROM x q WHERE n.c > 5))";
    for (String condition :
        List.of(
            "EXISTS (SELECT 1 FROM nothing) AND x.c IN (SELECT q.c FROM x q WHERE q.id >= x.id)",
            "EXISTS (SELECT 1 FROM nothing) AND " + greatest,
            "EXISTS (SELECT 2 FROM nothing GROUP BY 'a') AND " + greatest,
            "5 IN (SELECT c FROM nothing) AND " + greatest,
            nested,
            "x.c = (SELECT MAX(y.c) FROM x y WHERE y.id >= x.id AND " + nested + ")")) {
      assertThat(db.query("SELECT x.id FROM x WHERE " + condition)).as(condition).isEmpty();
      assertThat(db.query("SELECT x.id FROM x WHERE (" + condition + ") IS NOT TRUE"))
          .as(condition)
          .isEqualTo(List.of(List.of(1)));
    }
    assertThat(db.text("SELECT x.id, EXISTS (SELECT 1 FROM nothing) FROM x WHERE " + greatest))
        .isEqualTo("1|false");
    assertThat(
            db.text(
                "SELECT x.id, (SELECT COUNT(*) FROM nothing GROUP BY 'a') FROM x WHERE "
                    + greatest))
        .isEqualTo("1|null");
    db.execute("INSERT INTO nothing VALUES (7, 1), (8, 1)");
    assertThat(
            db.text(
                "SELECT x.id, (SELECT COUNT(*) FROM nothing GROUP BY 'a'), EXISTS (SELECT 1 FROM"
                    + " nothing) FROM x WHERE "
                    + greatest))
        .isEqualTo("1|2|true");
  }
}
