package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which statements share their plan with others that differ in literals, and for how long. */
final class LiteralPlansTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void table() {
    db.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, v VARCHAR(8), c CHAR(3), d DECIMAL(6, 2),"
            + " f DOUBLE, day DATE)");
    db.execute("CREATE INDEX ia ON t (a)");
    for (int i = 0; i < 20; i++) {
      db.execute("INSERT INTO t (id, a, v) VALUES (?, ?, ?)", i, i % 2, "v" + i);
    }
  }

  private static boolean isShared(Plan plan) {
    return plan instanceof BoundQuery || plan instanceof BoundChange;
  }

  /** As a text that has not been there. */
  private boolean isShared(String sql) {
    return isShared(db.plan(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t WHERE id = %d",
        "SELECT v, 5 FROM public.t AS x WHERE x.id = %d ORDER BY 1 LIMIT 3",
        "SELECT v FROM t WHERE %d = id AND a > 5",
        "SELECT v FROM t WHERE id IN (1, %d, -3)",
        "SELECT v FROM t WHERE id BETWEEN %d AND 9",
        "SELECT v FROM t WHERE a <> %d OR NOT (a = 2)",
        "SELECT v FROM t WHERE id = %d AND v = 'x' AND d >= 1.25",
        "SELECT v FROM t WHERE id = ? AND a = %d AND v = ?",
        "UPDATE t SET v = 'x', a = a + 1 WHERE id = %d",
        "UPDATE t SET a = %d, day = '2026-01-01' WHERE v = 'x'",
        "DELETE FROM t WHERE id = %d",
        "DELETE FROM t WHERE id = %d RETURNING id, 'gone'",
        "INSERT INTO t (id, v) VALUES (1%d, 'x'), (2%d, NULL)",
        "INSERT INTO t (id, v, f) VALUES (%d, DEFAULT, 1 + 2) ON CONFLICT DO NOTHING"
      })
  void the_second_of_a_form_makes_a_plan_for_all(String form) {
    assertThat(isShared(form.replace("%d", "31"))).isFalse();
    assertThat(isShared(form.replace("%d", "32"))).isTrue();
    assertThat(isShared(form.replace("%d", "33"))).isTrue();
    assertThat(db.text("SELECT COUNT(*) FROM system.plan_cache WHERE level = 'LITERALS'"))
        .isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT %d FROM t",
        "SELECT * FROM t ORDER BY %d",
        "SELECT v FROM t LIMIT %d",
        "SELECT a + %d FROM t GROUP BY a + %d",
        "SELECT COUNT(*) FROM t WHERE a = %d",
        "SELECT DISTINCT a FROM t WHERE a = %d",
        "SELECT v FROM t WHERE a + 1 = %d",
        "SELECT v FROM t WHERE ABS(a) = %d",
        "SELECT v FROM t WHERE c = '%d'",
        "SELECT v FROM t WHERE f = %d",
        "SELECT v FROM t WHERE day = '2026-01-1%d'",
        "SELECT v FROM t WHERE day = DATE '2026-01-1%d'",
        "SELECT v FROM t WHERE v = %d",
        "SELECT v FROM t WHERE a = '%d'",
        "SELECT v FROM t WHERE v LIKE 'x%d'",
        "SELECT v FROM t WHERE v = N'x%d'",
        "SELECT v FROM t WHERE %d = 1",
        "SELECT v FROM t WHERE (id, a) = (%d, 2)",
        "SELECT v FROM t WHERE a IN (%d, NULL)",
        "SELECT v FROM t WHERE a BETWEEN SYMMETRIC %d AND 3",
        "SELECT x.v FROM t x JOIN t y ON x.id = y.id WHERE x.id = %d",
        "SELECT v FROM (SELECT * FROM t) AS s WHERE id = %d",
        "SELECT * FROM system.plan_cache WHERE hits = %d",
        "UPDATE t SET a = a + %d",
        "INSERT INTO t (id, a) SELECT id + 100, a FROM t WHERE id = %d",
        "INSERT INTO t (id) VALUES (?) RETURNING ? + %d",
        "INSERT INTO t (id, a) VALUES (%d, 1) ON CONFLICT (id) DO UPDATE SET a = ? + 1"
      })
  void other_literals_are_planned_with_their_statement(String form) {
    for (String number : new String[] {"1", "2", "3"}) {
      assertThat(isShared(form.replace("%d", number))).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT v FROM t WHERE id = %d | 1 | 2 | 2147483648",
        "SELECT v FROM t WHERE d = %d | 1.5 | 2.5 | 1.25",
        "SELECT v FROM t WHERE id IN (%d) | 1 | 2 | 1, 2",
        "SELECT v FROM t WHERE id = %d | 1 | 2 | -1",
        "SELECT v FROM t WHERE id = %d | 1 | 2 | NULL",
        "SELECT v FROM t WHERE id = %d | 1 | 2 | 1 + 1"
      })
  void what_is_not_alike_shares_nothing(String form, String one, String like, String other) {
    db.plan(form.replace("%d", one));
    assertThat(isShared(form.replace("%d", like))).isTrue();
    assertThat(isShared(form.replace("%d", other))).isFalse();
  }

  @Test
  void literals_that_stay_are_those_of_the_statement() {
    String form = "SELECT id, -id, %s FROM t WHERE id > %s ORDER BY %s LIMIT %s";
    db.plan(form.formatted("'a'", "15", "1", "5"));
    for (int i = 0; i < 2; i++) {
      assertThat(db.text(form.formatted("'a'", "16", "1", "1"))).isEqualTo("17|-17|a");
      assertThat(db.text(form.formatted("'b'", "16", "2", "2"))).isEqualTo("19|-19|b\n18|-18|b");
      assertThat(db.text(form.formatted("'a'", "15", "1", "2"))).isEqualTo("16|-16|a\n17|-17|a");
      assertThat(db.text(form.formatted("'bc'", "17", "2", "1"))).isEqualTo("19|-19|bc");
    }
    assertThat(
            ((Plan.Query) db.plan(form.formatted("'bc'", "1", "2", "1"))).columns().get(2).type())
        .hasToString("CHAR(2)");
  }

  @Test
  void it_answers_with_its_own_values_and_the_statements() {
    String form = "SELECT id FROM t WHERE a = %s AND id < ? AND v <> '%s' ORDER BY 1 LIMIT 3";
    assertThat(db.text(form.formatted("1", "v3"), 9)).isEqualTo("1\n5\n7");
    assertThat(db.text(form.formatted("0", "v0"), 9)).isEqualTo("2\n4\n6");
    assertThat(isShared(form.formatted("1", "v5"))).isTrue();
    assertThat(db.text(form.formatted("1", "v5"), 9)).isEqualTo("1\n3\n7");
    assertThat(db.text(form.formatted("1", "v1"), 4)).isEqualTo("3");
    Plan plan = db.plan(form.formatted("0", "x"));
    assertThat(plan.parameters()).hasSize(1);
    assertThatExceptionOfType(SqlFailure.class)
        .isThrownBy(() -> db.text(form.formatted("1", "v5")))
        .withMessage("the statement has 1 parameters, 0 are set")
        .matches(failure -> failure.state() == State.INVALID_PARAMETER);
  }

  @Test
  void a_point_is_as_short_as_it_is_by_itself() {
    for (int i = 0; i < 3; i++) {
      assertThat(((Plan.Query) db.plan("SELECT v FROM t WHERE id = " + i)).isShort()).isTrue();
      assertThat(((Plan.Change) db.plan("DELETE FROM t WHERE id = " + i)).isShort()).isTrue();
      String insert = "INSERT INTO t (id, v) VALUES (" + i + ", 'x')";
      assertThat(((Plan.Change) db.plan(insert)).isShort()).isTrue();
    }
  }

  @Test
  void a_new_catalog_or_schema_begins_anew() {
    String form = "SELECT * FROM t WHERE id = ";
    db.plan(form + 1);
    assertThat(isShared(form + 2)).isTrue();
    assertThat(db.query(form + 3).get(0)).hasSize(7);
    db.execute("ALTER TABLE t ADD COLUMN more INT DEFAULT 5");
    assertThat(db.query(form + 4).get(0)).hasSize(8);
    assertThat(db.query(form + 5).get(0)).hasSize(8);
    assertThat(isShared(form + 6)).isTrue();
    db.execute("CREATE SCHEMA s");
    db.execute("CREATE TABLE s.t (id INT PRIMARY KEY, other INT)");
    db.plan(form + 7);
    db.plan(form + 8);
    Plan there = db.planner().plan(db.catalog(), "S", form + 9);
    assertThat(((Plan.Query) there).columns()).hasSize(2);
    db.execute("DROP TABLE t");
    assertThatExceptionOfType(SqlFailure.class)
        .isThrownBy(() -> db.plan(form + 1))
        .matches(failure -> failure.state() == State.TABLE_NOT_FOUND);
  }

  @Test
  void what_depends_on_how_common_a_value_is_is_planned_by_itself() {
    String common = "SELECT v FROM t WHERE a = ";
    db.plan(common + 0);
    assertThat(isShared(common + 1)).isTrue();
    db.execute("ANALYZE t");
    // Half of the rows each: the index is no better than the table, nor for others worse.
    assertThat(isShared(common + 0)).isFalse();
    assertThat(isShared(common + 1)).isFalse();
    assertThat(isShared("SELECT v FROM t WHERE id = 1")).isFalse();
    assertThat(isShared("SELECT v FROM t WHERE id = 2")).isTrue();
    assertThat(isShared("SELECT v FROM t WHERE id > 2")).isFalse();
    assertThat(isShared("SELECT v FROM t WHERE id > 3")).isTrue();
    db.execute("UPDATE t SET a = id");
    db.execute("ANALYZE t");
    // Each of them once: by the index, whatever is asked for.
    assertThat(isShared(common + 5)).isTrue();
    assertThat(db.text(common + 5)).isEqualTo("v5");
  }

  @Test
  void a_user_may_do_what_others_have_asked_for_or_not() {
    db.execute("CREATE USER root PASSWORD 'x'");
    db.as("ROOT").execute("CREATE USER eve PASSWORD 'x'");
    db.execute("GRANT SELECT (id, v) ON t TO eve");
    String allowed = "SELECT v FROM t WHERE id = ";
    String refused = "SELECT v FROM t WHERE a = 5 AND id = ";
    db.plan(allowed + 1);
    db.plan(allowed + 2);
    db.plan(refused + 1);
    db.plan(refused + 2);
    db.as("EVE");
    assertThat(isShared(allowed + 3)).isTrue();
    assertThat(isShared(allowed + 4)).isTrue();
    for (int i = 3; i < 6; i++) {
      assertRefused(refused + i);
    }
    db.as("ROOT").execute("REVOKE SELECT (id, v) ON t FROM eve");
    db.as("EVE");
    for (int i = 3; i < 6; i++) {
      assertRefused(allowed + i);
    }
  }

  /** A contradiction leaves nothing to read, but with other literals it is none. */
  @Test
  void a_contradiction_opens_no_door() {
    db.execute("CREATE USER root PASSWORD 'x'");
    db.as("ROOT").execute("CREATE USER eve PASSWORD 'x'");
    db.execute("GRANT SELECT (id, v) ON t TO eve");
    String form = "SELECT v FROM t WHERE a = 5 AND id = %s AND id = %s";
    db.plan(form.formatted("7", "8"));
    db.plan(form.formatted("8", "9"));
    db.as("EVE");
    assertRefused(form.formatted("3", "3"));
    assertRefused(form.formatted("4", "4"));
  }

  private void assertRefused(String sql) {
    assertThatExceptionOfType(SqlFailure.class)
        .as(sql)
        .isThrownBy(() -> db.plan(sql))
        .matches(failure -> failure.state() == State.INSUFFICIENT_PRIVILEGE);
  }

  @Test
  void a_text_that_comes_again_and_again_is_known_as_a_whole() {
    String form = "SELECT v FROM t WHERE id = ";
    db.plan(form + 1);
    for (int i = 2; i < 300; i++) {
      db.plan(form + i);
      db.plan(form + i);
    }
    assertThat(texts(form)).isEqualTo("1");
    for (int i = 0; i < 40; i++) {
      assertThat(db.text(form + 7)).isEqualTo("v7");
    }
    assertThat(texts(form)).isEqualTo("2");
  }

  private String texts(String form) {
    return db.text(
        "SELECT COUNT(*) FROM system.plan_cache WHERE level = 'TEXT' AND statement LIKE ?",
        form + "%");
  }

  @Test
  void there_are_only_so_many_forms_and_plans() {
    for (int i = 0; i < 5_000; i++) {
      db.plan("SELECT v AS v" + i + " FROM t WHERE id = 1");
      db.plan("SELECT v AS v" + i + " FROM t WHERE id = 2");
    }
    assertThat(Long.parseLong(db.text("SELECT COUNT(*) FROM system.plan_cache")))
        .isLessThanOrEqualTo(2_000);
    assertThat(isShared("SELECT v AS v4999 FROM t WHERE id = 3")).isTrue();
    assertThat(isShared("SELECT v AS v0 FROM t WHERE id = 3")).isFalse();
  }

  @Test
  void a_failure_is_told_as_of_a_statement_by_itself() {
    String form = "INSERT INTO t (id, a, v) VALUES (%s)";
    db.plan(form.formatted("100, 1, 'x'"));
    db.plan(form.formatted("101, 1, 'x'"));
    assertThat(isShared(form.formatted("102, 1, 'x'"))).isTrue();
    assertFails(form.formatted("103, 1, 'longer than that'"), State.STRING_TOO_LONG);
    assertFails(form.formatted("1, 1, 'x'"), State.UNIQUE_VIOLATION);
    assertFails(form.formatted("99999999999, 1, 'x'"), State.NUMBER_OUT_OF_RANGE);
    assertThat(db.execute(form.formatted("103, 1, 'eightish'"))).isEqualTo(1);
    assertThat(db.text("SELECT v FROM t WHERE id = 103")).isEqualTo("eightish");
  }

  private void assertFails(String sql, State state) {
    assertThatExceptionOfType(SqlFailure.class)
        .as(sql)
        .isThrownBy(() -> db.execute(sql))
        .matches(failure -> failure.state() == state, state.name());
  }

  @Test
  void marks_in_a_text_are_no_literals() {
    db.plan("SELECT v FROM t WHERE id = 1");
    db.plan("SELECT v FROM t WHERE id = 2");
    assertThatExceptionOfType(SqlFailure.class)
        .isThrownBy(() -> db.plan("SELECT v FROM t WHERE id = «INTEGER»"))
        .matches(failure -> failure.state() == State.SYNTAX_ERROR);
    Plan known = db.planner().plan(db.catalog(), Catalog.DEFAULT_SCHEMA, "SELECT '«' FROM t");
    assertThat(isShared(known)).isFalse();
  }
}
