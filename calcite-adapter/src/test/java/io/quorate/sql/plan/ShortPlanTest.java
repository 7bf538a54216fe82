package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which queries may run where others wait behind them. */
final class ShortPlanTest {
  private static final TestDatabase DB = new TestDatabase();

  @BeforeAll
  static void create() {
    DB.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, k INT, u INT, txt VARCHAR(100))");
    DB.execute("CREATE INDEX t_k ON t (k)");
    DB.execute("CREATE UNIQUE INDEX t_u ON t (u)");
    DB.execute("CREATE TABLE p (a INT, b INT, c INT, PRIMARY KEY (a, b))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT txt, k FROM t WHERE id = ?",
        "SELECT * FROM t WHERE id = 7 AND k > 3 AND txt IS NOT NULL",
        "SELECT k + 1, CAST(k AS BIGINT) FROM t WHERE id = ?",
        "SELECT txt FROM t WHERE u = ?",
        "SELECT c FROM p WHERE b = ? AND a = ?",
        "SELECT txt FROM t WHERE id = ? ORDER BY k LIMIT 1",
        "SELECT 1",
        "VALUES (1, 'a'), (2, 'b')"
      })
  void one_row_by_its_key_or_a_few_that_are_given_are_short(String sql) {
    assertThat(((Plan.Query) DB.plan(sql)).isShort()).as(DB.explain(sql)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT txt FROM t",
        "SELECT txt FROM t LIMIT 1",
        "SELECT txt FROM t WHERE k = ?",
        "SELECT txt FROM t WHERE id > ?",
        "SELECT txt FROM t WHERE id IN (1, 2)",
        "SELECT c FROM p WHERE a = ?",
        "SELECT txt FROM t WHERE id = ? AND txt LIKE '%a%b%'",
        "SELECT UPPER(txt) FROM t WHERE id = ?",
        "SELECT COUNT(*) FROM t",
        "SELECT COUNT(*) FROM t WHERE id = 1",
        "SELECT t.txt FROM t JOIN p ON t.id = p.a WHERE t.id = 1",
        "VALUES 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17"
      })
  void what_may_find_many_rows_or_look_at_a_value_often_is_not(String sql) {
    assertThat(((Plan.Query) DB.plan(sql)).isShort()).as(sql).isFalse();
  }
}
