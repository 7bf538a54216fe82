package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.CheckDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CHECK constraints, and what the messages of all constraints say. */
final class CheckTest {
  private final TestDatabase db = new TestDatabase();

  private void fails(State state, String message, String sql, @Nullable Object... parameters) {
    SqlFailure failure = failure(sql, parameters);
    assertThat(failure).hasMessage(message);
    assertThat(failure.state()).isEqualTo(state);
  }

  private SqlFailure failure(String sql, @Nullable Object... parameters) {
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> db.execute(sql, parameters));
    assertThat(failure).as(sql).isNotNull();
    return failure;
  }

  private boolean passes(String sql, @Nullable Object... parameters) {
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> db.execute(sql, parameters));
    if (failure != null) {
      assertThat(failure.state()).as("%s", failure).isEqualTo(State.CHECK_VIOLATION);
    }
    return failure == null;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a > 0|1, 1, 'x'|true",
        "a > 0|0, 1, 'x'|false",
        "a > 0|NULL, 1, 'x'|true",
        "a > 0 AND b > 0|NULL, 1, 'x'|true",
        "a > 0 AND b > 0|NULL, 0, 'x'|false",
        "a > 0 OR b > 0|NULL, 0, 'x'|true",
        "a > 0 OR b > 0|0, 0, 'x'|false",
        "NOT (a > 0 AND b > 0)|NULL, 0, 'x'|true",
        "NOT (a > 0 OR b > 0)|NULL, 1, 'x'|false",
        "(a > 0) IS TRUE|NULL, 1, 'x'|false",
        "(a > 0) IS NOT FALSE|NULL, 1, 'x'|true",
        "a IS NOT NULL|NULL, 1, 'x'|false",
        "s IN ('x', 'y')|1, 1, 'z'|false",
        "s IN ('x', 'y')|1, 1, NULL|true",
        "s NOT IN ('x', 'y', NULL)|1, 1, 'z'|true",
        "s NOT IN ('x', 'y', NULL)|1, 1, 'x'|false",
        "a BETWEEN 1 AND 3|4, 1, 'x'|false",
        "a BETWEEN b AND 3|2, NULL, 'x'|true",
        "a BETWEEN b AND 3|4, NULL, 'x'|false",
        "a = NULL|1, 1, 'x'|true",
        "CASE WHEN a > 0 THEN b > 0 END|1, 0, 'x'|false",
        "CASE WHEN a > 0 THEN b > 0 END|0, 0, 'x'|true",
        "s LIKE 'a%'|1, 1, 'ab'|true",
        "s LIKE 'a%'|1, 1, 'b'|false",
        // These need generated code.
        "POSITION('@' IN s) > 1|1, 1, 'a@b'|true",
        "POSITION('@' IN s) > 1|1, 1, '@b'|false",
        "POSITION('@' IN s) > 1|1, 1, NULL|true",
        "POSITION('@' IN s) > a AND b > 0|NULL, 0, 'a'|false",
        "s SIMILAR TO '[a-z]+[0-9]'|1, 1, 'ab1'|true",
        "s SIMILAR TO '[a-z]+[0-9]'|1, 1, 'ab'|false",
        "TRUE|0, NULL, NULL|true",
        "FALSE|0, NULL, NULL|false",
      })
  void a_row_fails_only_where_the_condition_is_false(String condition, String row, boolean passes) {
    db.execute("CREATE TABLE t (a INT, b INT, s VARCHAR(20), CHECK (" + condition + "))");
    assertThat(passes("INSERT INTO t VALUES (" + row + ")")).isEqualTo(passes);
    assertThat(db.text("SELECT COUNT(*) FROM t")).isEqualTo(passes ? "1" : "0");
  }

  @Test
  void every_way_to_write_a_row_is_held_against_it() {
    db.execute("CREATE TABLE src (n INT)");
    db.execute("INSERT INTO src VALUES (1), (2), (-3)");
    db.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a INT DEFAULT -1 CONSTRAINT pos CHECK (a > 0))");
    String why = "row of table \"PUBLIC.T\" violates check constraint \"POS\" (a > 0): (A)=(";
    State state = State.CHECK_VIOLATION;
    fails(state, why + "0)", "INSERT INTO t VALUES (1, 1), (2, 0)");
    fails(state, why + "-7)", "INSERT INTO t VALUES (?, ?)", 1, -7);
    fails(state, why + "-1)", "INSERT INTO t (id) VALUES (1)");
    fails(state, why + "-1)", "INSERT INTO t VALUES (1, DEFAULT)");
    fails(state, why + "-3)", "INSERT INTO t SELECT n, n FROM src");
    assertThat(db.text("SELECT * FROM t")).isEmpty();
    db.execute("INSERT INTO t SELECT n, n FROM src WHERE n > 0");
    fails(state, why + "-5)", "UPDATE t SET a = ? WHERE id = 1", -5);
    fails(state, why + "-1)", "UPDATE t SET a = a - 2");
    fails(state, why + "-1)", "UPDATE t SET a = DEFAULT WHERE id = 1".replace("DEFAULT", "-1"));
    fails(state, why + "-3)", "UPDATE t SET a = (SELECT MIN(n) FROM src)");
    assertThat(db.execute("UPDATE t SET a = NULL WHERE id = 1")).isEqualTo(1);
    assertThat(db.execute("UPDATE t SET id = id + 10")).isEqualTo(2);
    assertThat(db.text("SELECT * FROM t")).isEqualTo("11|null\n12|2");
    assertThat(db.execute("DELETE FROM t")).isEqualTo(2);
  }

  @Test
  void a_row_is_looked_at_as_it_will_be_stored() {
    db.execute(
        "CREATE TABLE t (n DECIMAL(5, 2) CHECK (n < 1), c CHAR(3) CHECK (c = 'ab'),"
            + " ts TIMESTAMP(9) CHECK (ts < TIMESTAMP '2026-01-01 00:00:00.5'), u VARBINARY(9))");
    assertThat(passes("INSERT INTO t (n) VALUES (0.994)")).isTrue();
    assertThat(passes("INSERT INTO t (n) VALUES (0.995)")).as("rounded up to 1.00").isFalse();
    assertThat(passes("INSERT INTO t (c) VALUES ('ab')")).isTrue();
    assertThat(passes("INSERT INTO t (c) VALUES ('a')")).isFalse();
    LocalDateTime half = LocalDateTime.parse("2026-01-01T00:00:00.5");
    assertThat(passes("INSERT INTO t (ts) VALUES (?)", half.minusNanos(1))).isTrue();
    assertThat(passes("INSERT INTO t (ts) VALUES (?)", half)).isFalse();
  }

  @Test
  void all_checks_of_columns_and_table_are_kept_and_named() {
    db.execute("CREATE TABLE other (a INT, CHECK (a > 0))");
    db.execute(
        """
        CREATE TABLE t (
          a INT CHECK (a > 0) CHECK (a < 100) CONSTRAINT even CHECK (MOD(a, 2) = 0),
          "b c" INT NOT NULL DEFAULT 1 CHECK ("b c" <> 7) UNIQUE,
          CONSTRAINT "small sum" CHECK (a + "b c"
            < 50),
          CHECK (a <> "b c"), CHECK (a IS NOT NULL))""");
    assertThat(db.catalog().find("PUBLIC", "T").orElseThrow().checks())
        .containsExactly(
            new CheckDef("T_A_CHECK", "a > 0"),
            new CheckDef("T_A_CHECK1", "a < 100"),
            new CheckDef("EVEN", "MOD(a, 2) = 0"),
            new CheckDef("T_b c_CHECK", "\"b c\" <> 7"),
            new CheckDef("small sum", "a + \"b c\"\n    < 50"),
            new CheckDef("T_CHECK", "a <> \"b c\""),
            new CheckDef("T_CHECK1", "a IS NOT NULL"));
    fails(
        State.CHECK_VIOLATION,
        "row of table \"PUBLIC.T\" violates check constraint \"small sum\" (a + \"b c\" < 50):"
            + " (A, b c)=(40, 10)",
        "INSERT INTO t VALUES (40, 10)");
    assertThat(failure("INSERT INTO t VALUES (3, 10)")).hasMessageContaining("\"EVEN\"");
    assertThat(failure("INSERT INTO t VALUES (NULL, 1)")).hasMessageContaining("(A)=(NULL)");
    assertThat(
            db.text(
                "SELECT constraint_name, check_clause FROM information_schema.check_constraints"
                    + " WHERE constraint_name LIKE 'T!_A%' ESCAPE '!' ORDER BY 1"))
        .isEqualTo("T_A_CHECK|a > 0\nT_A_CHECK1|a < 100");
    assertThat(failure("CREATE TABLE u (a INT, CONSTRAINT even CHECK (a > 0))").state())
        .isEqualTo(State.OBJECT_EXISTS);
    assertThat(failure("CREATE INDEX even ON t (a)").state()).isEqualTo(State.OBJECT_EXISTS);
    db.execute("DROP TABLE t");
    db.execute("CREATE TABLE u (a INT, CONSTRAINT even CHECK (a > 0))");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a|TYPE_MISMATCH|CHECK (a): it is of type INTEGER, not BOOLEAN",
        "a + 1|TYPE_MISMATCH|CHECK (a + 1): it is of type INTEGER, not BOOLEAN",
        "x > 1|COLUMN_NOT_FOUND|CHECK (x > 1): Column 'X' not found in any table",
        "a > DATE '2026-01-01'|TYPE_MISMATCH|",
        "no_such(a)|UNKNOWN_FUNCTION|",
        "SUM(a) > 1|NOT_SUPPORTED|CHECK (SUM(a) > 1): it cannot use an aggregate",
        "a > COUNT(*)|NOT_SUPPORTED|CHECK (a > COUNT(*)): it cannot use an aggregate",
        "ts < CURRENT_TIMESTAMP|NOT_SUPPORTED|CHECK (ts < CURRENT_TIMESTAMP): it cannot use CURRENT_TIMESTAMP, which is not always the same",
        "d < CURRENT_DATE|NOT_SUPPORTED|",
        "ts < LOCALTIMESTAMP|NOT_SUPPORTED|",
        "RAND() < 0.5|NOT_SUPPORTED|CHECK (RAND() < 0.5): it cannot use RAND, which is not always the same",
        "RAND_INTEGER(a) < 5|NOT_SUPPORTED|",
        "s = USER|NOT_SUPPORTED|",
        "s = CURRENT_USER|NOT_SUPPORTED|",
        "s = SESSION_USER|NOT_SUPPORTED|",
        "s = LAST_COMMIT_TOKEN()|NOT_SUPPORTED|",
        "CAST(ti AS TIMESTAMP) < ts|NOT_SUPPORTED|CHECK (CAST(ti AS TIMESTAMP) < ts): it cannot make a TIMESTAMP of a TIME, for that takes today's date",
        "a > (SELECT 1)|NOT_SUPPORTED|line 1, column 89: a CHECK cannot use a query",
        "EXISTS (SELECT * FROM t)|NOT_SUPPORTED|",
        "a IN (SELECT 1)|NOT_SUPPORTED|",
        "a > ?|NOT_SUPPORTED|line 1, column 89: a CHECK cannot use a parameter",
        "RANK() OVER (ORDER BY a) > 1|NOT_SUPPORTED|line 1, column 85: a CHECK cannot use a window",
        "NEXT VALUE FOR q > a|NOT_SUPPORTED|line 1, column 85: a CHECK cannot use a sequence",
        "t.a > 0|NOT_SUPPORTED|line 1, column 85: a CHECK cannot use the name T.A; that of the column alone is enough",
        "a >|SYNTAX_ERROR|line 1, column 87: unexpected \">\"",
      })
  void a_condition_that_is_none_of_one_row_alone_is_refused(
      String condition, State state, @Nullable String message) {
    SqlFailure failure =
        failure(
            "CREATE TABLE t (a INT, s VARCHAR(9), d DATE, ts TIMESTAMP, ti TIME(0), y INT CHECK ("
                + condition
                + "))");
    assertThat(failure.getMessage()).hasLineCount(1);
    assertThat(failure.state()).as("%s", failure).isEqualTo(state);
    if (message != null) {
      assertThat(failure).hasMessage(message);
    }
    assertThat(db.catalog().find("PUBLIC", "T")).isEmpty();
  }

  /** Some of them are not known at all; none may be taken. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CURRENT_TIME",
        "LOCALTIME",
        "CURRENT_TIMESTAMP(3)",
        "SYSTEM_USER",
        "CURRENT_ROLE",
        "CURRENT_CATALOG",
        "CURRENT_SCHEMA",
        "CURRENT_PATH",
        "UUID()",
        "RANDOM_UUID()",
        "GEN_RANDOM_UUID()",
        "RAND(7)",
        "RAND_INTEGER(7, 8)",
        "RANDOM()",
        "NOW()",
        "SYSDATE()",
        "CURRENT_DATETIME()",
        "UNIX_TIMESTAMP()",
        "VERSION()",
        "CURRENT_DATABASE()",
        "CURRENT VALUE FOR q",
        "CAST(TIME '10:00:00' AS TIMESTAMP)",
      })
  void nothing_that_changes_by_itself_is_taken(String value) {
    SqlFailure failure =
        failure("CREATE TABLE t (s VARCHAR(40), CHECK (CAST(" + value + " AS VARCHAR) <> s))");
    assertThat(failure.state())
        .as("%s", failure)
        .isIn(
            State.NOT_SUPPORTED,
            State.UNKNOWN_FUNCTION,
            State.SYNTAX_ERROR,
            State.COLUMN_NOT_FOUND);
    assertThat(db.catalog().find("PUBLIC", "T")).isEmpty();
  }

  @Test
  void a_condition_that_cannot_be_told_fails_with_the_reason() {
    db.execute(
        "CREATE TABLE t (a INT CHECK (100 / a > 3), b INT, CHECK (b * 2 > POSITION('b' IN 'ab')))");
    fails(
        State.DIVISION_BY_ZERO,
        "check constraint \"T_A_CHECK\" of table \"PUBLIC.T\" cannot be told for (A)=(0):"
            + " division by zero",
        "INSERT INTO t VALUES (0, 5)");
    SqlFailure overflow = failure("INSERT INTO t VALUES (1, 2147483647)");
    assertThat(overflow.state()).as("%s", overflow).isEqualTo(State.NUMBER_OUT_OF_RANGE);
    assertThat(overflow).hasMessageContaining("\"T_CHECK\"").hasMessageContaining("2147483647");
    assertThat(passes("INSERT INTO t VALUES (1, 5)")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a > 0", "a BETWEEN 1 AND 5 OR s IN ('x', 'y')", "a + 1 > 0 AND s <> ''"})
  void short_conditions_leave_short_plans_short(String condition) {
    create(condition);
    assertThat(isShort("INSERT INTO t VALUES (?, ?, ?)")).isTrue();
    assertThat(isShort("UPDATE t SET a = ? WHERE id = ?")).isTrue();
    assertThat(isShort("DELETE FROM t WHERE id = ?")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s LIKE '%a%b%'", "POSITION('@' IN s) > 0", "UPPER(s) = s"})
  void others_make_them_long_but_for_those_that_only_delete(String condition) {
    create(condition);
    assertThat(isShort("INSERT INTO t VALUES (?, ?, ?)")).isFalse();
    assertThat(isShort("UPDATE t SET a = ? WHERE id = ?")).isFalse();
    assertThat(isShort("DELETE FROM t WHERE id = ?")).isTrue();
  }

  private void create(String condition) {
    db.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, s VARCHAR(20), CHECK (" + condition + "))");
  }

  private boolean isShort(String sql) {
    return ((Plan.Change) db.plan(sql)).isShort();
  }

  @Test
  void one_plan_checks_each_row_anew() {
    create("a > 0");
    Plan.Change plan = (Plan.Change) db.plan("INSERT INTO t VALUES (?, ?, NULL)");
    assertThat(plan.evaluate(db.context(1, 1)).updateCount()).isEqualTo(1);
    SqlFailure failure =
        catchThrowableOfType(SqlFailure.class, () -> plan.evaluate(db.context(1, 0)));
    assertThat(failure.state()).isEqualTo(State.CHECK_VIOLATION);
    assertThat(plan.evaluate(db.context(1, 2)).updateCount()).isEqualTo(1);
  }

  @Test
  void the_message_of_a_violation_names_table_constraint_and_value() {
    db.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(200) NOT NULL, x VARBINARY(4),"
            + " CONSTRAINT u UNIQUE (name, x))");
    db.execute("CREATE UNIQUE INDEX i ON t (x)");
    db.execute("INSERT INTO t VALUES (1, 'a', X'01ff')");
    State unique = State.UNIQUE_VIOLATION;
    String why = "duplicate key value violates unique constraint ";
    fails(
        unique,
        why + "\"T_PKEY\" of table \"PUBLIC.T\": (ID)=(1)",
        "INSERT INTO t VALUES (1, 'b', NULL)");
    fails(
        unique,
        why + "\"U\" of table \"PUBLIC.T\": (NAME, X)=(a, 01ff)",
        "INSERT INTO t VALUES (2, 'a', X'01ff')");
    fails(
        unique,
        why + "\"I\" of table \"PUBLIC.T\": (X)=(01ff)",
        "INSERT INTO t VALUES (2, 'b', X'01ff')");
    String isNull =
        "null value in column \"NAME\" of table \"PUBLIC.T\" violates not-null constraint";
    fails(State.NOT_NULL_VIOLATION, isNull, "INSERT INTO t VALUES (2, NULL, NULL)");
    fails(
        State.NOT_NULL_VIOLATION, isNull, "INSERT INTO t VALUES (2, ?, NULL)", new Object[] {null});
    fails(State.NOT_NULL_VIOLATION, isNull, "UPDATE t SET name = NULL");
    fails(State.NOT_NULL_VIOLATION, isNull, "INSERT INTO t (id) VALUES (2)");
    db.execute("CREATE TABLE v (name VARCHAR(200) CHECK (name = ''))");
    assertThat(failure("INSERT INTO v VALUES ('" + "x".repeat(150) + "')").getMessage())
        .endsWith("(NAME)=(" + "x".repeat(60) + "…)");
  }

  @Test
  void a_condition_of_many_columns_shows_the_first() {
    StringBuilder columns = new StringBuilder();
    StringBuilder sum = new StringBuilder("0");
    for (int i = 0; i < 20; i++) {
      columns.append("c").append(i).append(" INT DEFAULT 1, ");
      sum.append(" + c").append(i);
    }
    db.execute("CREATE TABLE t (" + columns + "CHECK (" + sum + " > 100))");
    assertThat(failure("INSERT INTO t (c0) VALUES (5)").getMessage())
        .endsWith("(C0, C1, C2, C3, C4, C5, C6, C7, …)=(5, 1, 1, 1, 1, 1, 1, 1, …)")
        .contains("(0 + c0 + c1")
        .contains("…): ");
  }
}
