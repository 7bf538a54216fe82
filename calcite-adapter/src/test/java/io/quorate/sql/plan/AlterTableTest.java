package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ALTER TABLE and TRUNCATE from text to rows. */
final class AlterTableTest {
  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void make() {
    database.execute(
        "CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(10) DEFAULT 'x' NOT NULL, c INT UNIQUE)");
    database.execute("CREATE INDEX by_b ON t (b)");
    database.execute("INSERT INTO t VALUES (1, 'one', 10), (2, 'two', 20)");
  }

  private SqlFailure failure(String sql) {
    return catchThrowableOfType(SqlFailure.class, () -> database.execute(sql));
  }

  @Test
  void a_renamed_table_has_its_rows_and_indexes() {
    database.execute("ALTER TABLE t RENAME TO u");
    assertThat(failure("SELECT * FROM t").state()).isEqualTo(State.TABLE_NOT_FOUND);
    assertThat(database.text("SELECT a FROM u WHERE b = 'two'")).isEqualTo("2");
    assertThat(database.explain("SELECT a FROM u WHERE b = 'two'")).contains("BY_B");
    assertThat(failure("INSERT INTO u VALUES (3, 'z', 20)").state())
        .isEqualTo(State.UNIQUE_VIOLATION);
    database.execute("CREATE TABLE t (a INT PRIMARY KEY)");
    assertThat(database.text("SELECT COUNT(*) FROM t")).isEqualTo("0");
    assertThat(database.text("SHOW TABLES")).isEqualTo("PUBLIC|T|BASE TABLE\nPUBLIC|U|BASE TABLE");
  }

  @Test
  void a_renamed_column_is_the_same_under_another_name() {
    database.execute("ALTER TABLE t RENAME COLUMN b TO name");
    database.execute("ALTER TABLE t RENAME a TO id");
    assertThat(database.text("SELECT id, name, c FROM t ORDER BY id"))
        .isEqualTo("1|one|10\n2|two|20");
    assertThat(database.explain("SELECT id FROM t WHERE name = 'two'")).contains("BY_B");
    assertThat(failure("SELECT b FROM t").state()).isEqualTo(State.COLUMN_NOT_FOUND);
    database.execute("INSERT INTO t (id) VALUES (3)");
    assertThat(database.text("SELECT name FROM t WHERE id = 3")).isEqualTo("x");
  }

  @Test
  void a_default_comes_and_goes_for_rows_to_come() {
    database.execute("ALTER TABLE t ALTER COLUMN c SET DEFAULT 40 + 2");
    database.execute("ALTER TABLE t ALTER b DROP DEFAULT");
    assertThat(failure("INSERT INTO t (a) VALUES (3)").state()).isEqualTo(State.NOT_NULL_VIOLATION);
    database.execute("INSERT INTO t (a, b) VALUES (3, 'y')");
    assertThat(database.text("SELECT c FROM t ORDER BY a")).isEqualTo("10\n20\n42");
  }

  @Test
  void a_column_takes_null_once_it_may() {
    assertThat(failure("UPDATE t SET b = NULL").state()).isEqualTo(State.NOT_NULL_VIOLATION);
    database.execute("ALTER TABLE t ALTER COLUMN b DROP NOT NULL");
    database.execute("UPDATE t SET b = NULL WHERE a = 1");
    assertThat(database.text("SELECT a FROM t WHERE b IS NULL")).isEqualTo("1");
  }

  @Test
  void a_truncated_table_is_empty_with_its_indexes() {
    database.execute("TRUNCATE TABLE t");
    assertThat(database.text("SELECT COUNT(*) FROM t")).isEqualTo("0");
    assertThat(database.text("SELECT a FROM t WHERE b = 'one'")).isEmpty();
    assertThat(database.execute("INSERT INTO t VALUES (1, 'one', 10)")).isEqualTo(1);
    database.execute("TRUNCATE t");
    assertThat(database.text("SELECT COUNT(*) FROM t")).isEqualTo("0");
  }

  @Test
  void a_table_that_is_not_there_is_left_alone_where_that_is_said() {
    database.execute("ALTER TABLE IF EXISTS nowhere RENAME TO u");
    assertThat(failure("TRUNCATE nowhere").state()).isEqualTo(State.TABLE_NOT_FOUND);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ALTER TABLE nowhere RENAME TO u | TABLE_NOT_FOUND
          ALTER TABLE t RENAME TO t | TABLE_EXISTS
          ALTER TABLE t RENAME COLUMN x TO y | COLUMN_NOT_FOUND
          ALTER TABLE t RENAME COLUMN a TO b | DUPLICATE_COLUMN
          ALTER TABLE t ALTER COLUMN x DROP NOT NULL | COLUMN_NOT_FOUND
          ALTER TABLE t ALTER COLUMN a DROP NOT NULL | INVALID_TABLE
          ALTER TABLE t ALTER COLUMN c SET DEFAULT a | NOT_SUPPORTED
          ALTER TABLE t ALTER COLUMN c SET DEFAULT DATE '2026-01-01' | TYPE_MISMATCH
          ALTER TABLE t ALTER COLUMN x SET DEFAULT 1 | COLUMN_NOT_FOUND
          ALTER TABLE information_schema.tables RENAME TO u | NOT_SUPPORTED
          TRUNCATE system.nodes | NOT_SUPPORTED
          ALTER TABLE t RENAME | SYNTAX_ERROR
          """)
  void what_cannot_be_is_refused_and_changes_nothing(String sql, State state) {
    assertThat(failure(sql).state()).isEqualTo(state);
    assertThat(database.text("SELECT a, b, c FROM t ORDER BY a")).isEqualTo("1|one|10\n2|two|20");
  }

  @Test
  void a_table_that_is_changed_keeps_its_checks() {
    database.execute("CREATE TABLE k (a INT PRIMARY KEY, b INT CHECK (b > 0), c INT)");
    assertThat(failure("ALTER TABLE k RENAME COLUMN b TO d").state())
        .isEqualTo(State.DEPENDENT_OBJECTS);
    database.execute("ALTER TABLE k RENAME COLUMN c TO d");
    database.execute("ALTER TABLE k ALTER COLUMN b SET DEFAULT -1");
    database.execute("ALTER TABLE k RENAME TO l");
    assertThat(failure("INSERT INTO l (a) VALUES (1)").state()).isEqualTo(State.CHECK_VIOLATION);
  }

  @Test
  void an_identity_column_stays_one_and_goes_on() {
    database.execute("CREATE TABLE s (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v INT)");
    database.execute("INSERT INTO s (v) VALUES (10), (20)");
    database.execute("ALTER TABLE s RENAME COLUMN id TO n");
    database.execute("TRUNCATE s");
    database.execute("INSERT INTO s (v) VALUES (30)");
    assertThat(database.text("SELECT n, v FROM s")).isEqualTo("3|30");
    assertThat(failure("ALTER TABLE s ALTER COLUMN n SET DEFAULT 1").state())
        .isEqualTo(State.INVALID_TABLE);
    assertThat(failure("ALTER TABLE s ALTER COLUMN n DROP NOT NULL").state())
        .isEqualTo(State.INVALID_TABLE);
  }

  @Test
  void a_hidden_key_is_nobodys_column() {
    database.execute("CREATE TABLE h (a INT)");
    assertThat(failure("ALTER TABLE h RENAME COLUMN \"$ROWID\" TO id").state())
        .isEqualTo(State.COLUMN_NOT_FOUND);
  }
}
