package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DDL and SHOW from text to rows. */
final class DefinitionTest {
  private final TestDatabase database = new TestDatabase();

  private SqlFailure failure(String sql) {
    return catchThrowableOfType(SqlFailure.class, () -> database.execute(sql));
  }

  @Test
  void a_table_takes_rows_with_its_defaults() {
    database.execute(
        """
        CREATE TABLE t (
          id INT PRIMARY KEY,
          date DATE DEFAULT DATE '2026-11-22',
          n DECIMAL(6, 2) DEFAULT 1 + 0.5 NOT NULL,
          s VARCHAR(10) DEFAULT UPPER('grüße') || '!',
          ts TIMESTAMP DEFAULT CURRENT_TIMESTAMP)""");
    database.execute("INSERT INTO t (id) VALUES (1)");
    assertThat(database.text("SELECT id, date, n, s FROM t"))
        .isEqualTo("1|2026-11-22|1.50|GRÜSSE!");
    assertThat(database.text("SELECT ts FROM t")).startsWith("2026-11-22T10:20:30");
  }

  @Test
  void a_table_without_a_key_takes_equal_rows() {
    database.execute("CREATE TABLE t (a INT)");
    database.execute("INSERT INTO t VALUES (1), (1), (2)");
    assertThat(database.text("SELECT * FROM t ORDER BY a")).isEqualTo("1\n1\n2");
  }

  @Test
  void an_index_made_late_finds_the_rows_that_were_there() {
    database.execute("CREATE TABLE t (a INT PRIMARY KEY, b TEXT)");
    database.execute("INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'x'), (4, NULL)");
    database.execute("CREATE INDEX i ON t (b)");
    assertThat(database.text("SELECT a FROM t WHERE b = 'x' ORDER BY a")).isEqualTo("1\n3");
    assertThat(database.explain("SELECT a FROM t WHERE b = 'x'")).contains("I");
    database.execute("DROP INDEX i");
    assertThat(database.text("SELECT a FROM t WHERE b = 'x' ORDER BY a")).isEqualTo("1\n3");
  }

  @Test
  void a_unique_index_made_late_is_kept() {
    database.execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    database.execute("INSERT INTO t VALUES (1, 1), (2, 2), (3, NULL), (4, NULL)");
    database.execute("CREATE UNIQUE INDEX i ON t (b)");
    assertThat(failure("INSERT INTO t VALUES (5, 2)").state()).isEqualTo(State.UNIQUE_VIOLATION);
    database.execute("INSERT INTO t VALUES (5, NULL), (6, 6)");
    assertThat(database.text("SELECT COUNT(*) FROM t")).isEqualTo("6");
  }

  @Test
  void a_table_made_again_is_empty() {
    database.execute("CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE)");
    database.execute("INSERT INTO t VALUES (1, 1)");
    database.execute("DROP TABLE t");
    database.execute("CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE)");
    assertThat(database.text("SELECT COUNT(*) FROM t")).isEqualTo("0");
    assertThat(database.execute("INSERT INTO t VALUES (1, 1)")).isEqualTo(1);
  }

  @Test
  void show_tells_what_there_is() {
    database.execute("CREATE SCHEMA app");
    database.execute("CREATE TABLE app.b (x VARCHAR(5) NOT NULL, y INT DEFAULT 7)");
    database.execute("CREATE TABLE app.a (x INT)");
    assertThat(database.text("SHOW SCHEMAS")).isEqualTo("APP\nINFORMATION_SCHEMA\nPUBLIC\nSYSTEM");
    assertThat(database.text("SHOW TABLES")).isEmpty();
    assertThat(database.text("SHOW TABLES FROM app"))
        .isEqualTo("APP|A|BASE TABLE\nAPP|B|BASE TABLE");
    assertThat(database.text("SHOW COLUMNS FROM app.b"))
        .isEqualTo("X|VARCHAR(5)|NO|null\nY|INTEGER|YES|7");
    assertThat(database.text("SHOW TABLES FROM information_schema")).contains("KEY_COLUMN_USAGE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INT DEFAULT no_such_function()|UNKNOWN_FUNCTION",
        "INT DEFAULT DATE '2026-11-22'|TYPE_MISMATCH",
        "INT DEFAULT 'a' + TRUE|TYPE_MISMATCH",
        "DATE DEFAULT 5|TYPE_MISMATCH",
      })
  void a_default_that_no_insert_could_use_is_refused(String column, State state) {
    SqlFailure failure = failure("CREATE TABLE t (c " + column + ")");
    assertThat(failure).hasMessageStartingWith("the DEFAULT of column \"C\", of type ");
    assertThat(failure.getMessage()).hasLineCount(1);
    assertThat(failure.state()).isEqualTo(state);
  }
}
