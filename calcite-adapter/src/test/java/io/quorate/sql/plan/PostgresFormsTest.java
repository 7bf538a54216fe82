package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What users of PostgreSQL type: regular expressions, WHERE without FROM, words for where one is.
 */
final class PostgresFormsTest {
  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void fill() {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9), k INT)");
    database.execute(
        "INSERT INTO t VALUES (1, 'abc', 1), (2, 'Abd', 1), (3, NULL, 2), (4, 'x.y', 2)");
  }

  private void run(String sql) {
    if (database.plan(sql) instanceof Plan.Query query) {
      database.rows(query);
    }
  }

  private void fails(State state, String sql) {
    assertThatThrownBy(() -> run(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "v ~ '^a'; 1",
        "v ~* '^a'; 1 2",
        "v !~ '^a'; 2 4",
        "v !~* 'B.$'; 4",
        "v ~ 'b[cd]' AND k = 1; 1 2",
        "v ~ '\\.' OR v ~ 'c$'; 1 4",
        "NOT v ~ 'b'; 4",
        "v ~ ''; 1 2 4",
        "v || 'z' ~ 'z$' AND id != 2; 1 4",
        "'abc' ~ v; 1",
        "v ~ NULL; ''",
      })
  void regular_expressions_tell_rows_on_both_roads(String condition, String ids) {
    String inOne = "SELECT id FROM t WHERE " + condition + " ORDER BY id";
    assertThat(database.text(inOne).replace('\n', ' ')).isEqualTo(ids);
    String joined =
        "SELECT a.id FROM (SELECT * FROM t WHERE "
            + condition
            + ") a JOIN t b ON a.id = b.id ORDER BY a.id";
    assertThat(database.text(joined).replace('\n', ' ')).isEqualTo(ids);
  }

  @Test
  void patterns_may_be_parameters_and_must_be_right() {
    assertThat(database.text("SELECT id FROM t WHERE v ~* ?", "ABC")).isEqualTo("1");
    fails(State.INVALID_PARAMETER, "SELECT id FROM t WHERE v ~ '['");
    fails(State.INVALID_PARAMETER, "SELECT 'a' ~ '('");
  }

  @Test
  void a_condition_needs_no_table() {
    assertThat(database.text("SELECT 1 AS one, 'x' WHERE 1 < 2")).isEqualTo("1|x");
    assertThat(database.query("SELECT 1 WHERE 1 > 2")).isEmpty();
    assertThat(database.query("SELECT 1 WHERE NULL")).isEmpty();
    assertThat(database.text("SELECT CAST(? AS INT) WHERE ? = 'a'", 5, "a")).isEqualTo("5");
    assertThat(database.text("SELECT COUNT(*) WHERE FALSE")).isEqualTo("0");
    assertThat(database.text("SELECT 1 WHERE FALSE UNION ALL SELECT 2 WHERE TRUE")).isEqualTo("2");
    assertThat(database.text("SELECT id FROM t WHERE EXISTS (SELECT 1 WHERE t.k = 2) ORDER BY id"))
        .isEqualTo("3\n4");
    database.execute(
        "INSERT INTO t SELECT 9, 'new', 9 WHERE NOT EXISTS (SELECT * FROM t WHERE id = 9)");
    assertThat(
            database.execute(
                "INSERT INTO t SELECT 9, 'new', 9 WHERE NOT EXISTS (SELECT * FROM t WHERE id = 9)"))
        .isZero();
    assertThat(database.text("SELECT v FROM t WHERE id = 9")).isEqualTo("new");
    fails(State.SYNTAX_ERROR, "SELECT * WHERE TRUE");
    fails(State.COLUMN_NOT_FOUND, "SELECT x WHERE TRUE");
  }

  @Test
  void words_tell_where_one_is() {
    assertThat(database.text("SELECT CURRENT_SCHEMA, CURRENT_CATALOG, CURRENT_ROLE, CURRENT_USER"))
        .isEqualTo("PUBLIC|QUORATE|tester|tester");
    assertThat(
            database.text(
                "SELECT CURRENT_SCHEMA || '.' || v FROM t WHERE id = 1 AND CURRENT_ROLE = 'tester'"))
        .isEqualTo("PUBLIC.abc");
    assertThat(database.text("SELECT k, CURRENT_CATALOG FROM t GROUP BY k ORDER BY k"))
        .isEqualTo("1|QUORATE\n2|QUORATE");
    database.execute("CREATE TABLE w (\"CURRENT_SCHEMA\" INT)");
    database.execute("INSERT INTO w VALUES (7)");
    assertThat(database.text("SELECT \"CURRENT_SCHEMA\", w.\"CURRENT_SCHEMA\" FROM w"))
        .isEqualTo("7|7");
    database.execute("CREATE VIEW s AS SELECT CURRENT_SCHEMA AS x");
    Plan.Query view =
        (Plan.Query)
            database
                .planner()
                .plan(database.catalog(), "INFORMATION_SCHEMA", "SELECT x FROM public.s");
    assertThat(database.rows(view).get(0)).containsExactly("INFORMATION_SCHEMA");
    Plan.Query elsewhere =
        (Plan.Query)
            database
                .planner()
                .plan(database.catalog(), "INFORMATION_SCHEMA", "SELECT CURRENT_SCHEMA");
    assertThat(database.rows(elsewhere).get(0)).containsExactly("INFORMATION_SCHEMA");
  }

  @Test
  void definitions_keep_what_is_the_same_for_all() {
    fails(State.NOT_SUPPORTED, "CREATE TABLE c (x INT, CHECK (CURRENT_SCHEMA = 'A'))");
    fails(State.NOT_SUPPORTED, "CREATE TABLE c (x INT, CHECK (CURRENT_ROLE = 'A'))");
    database.execute(
        "CREATE TABLE c (x VARCHAR(9) CHECK (x ~ '^[a-z]+$'), r VARCHAR(9) DEFAULT CURRENT_ROLE,"
            + " s VARCHAR(9) DEFAULT CURRENT_SCHEMA)");
    database.execute("INSERT INTO c (x) VALUES ('abc'), (NULL)");
    assertThat(database.text("SELECT r, s FROM c")).isEqualTo("tester|PUBLIC\ntester|PUBLIC");
    assertThatThrownBy(() -> database.execute("INSERT INTO c (x) VALUES ('aBc')"))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).isEqualTo(State.CHECK_VIOLATION));
  }
}
