package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever knows a table by its id goes on knowing it when it is written to another place: views,
 * comments, foreign keys, sequences in defaults, large values.
 */
final class MovedTableTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute("CREATE SEQUENCE s");
    db.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, up INT REFERENCES t,"
            + " n BIGINT DEFAULT NEXT VALUE FOR s)");
    db.execute("CREATE INDEX t_b ON t (b DESC)");
    db.execute("INSERT INTO t (id, a, b, up) VALUES (1, 10, 100, NULL), (2, 20, 200, 1)");
    db.execute("CREATE TABLE child (id INT PRIMARY KEY, t INT REFERENCES t ON DELETE CASCADE)");
    db.execute("INSERT INTO child VALUES (7, 2)");
    db.execute("CREATE VIEW v AS SELECT id, b FROM t");
    db.execute("COMMENT ON TABLE t IS 'of the table'");
    db.execute("COMMENT ON COLUMN t.b IS 'of the column'");
    db.execute("COMMENT ON INDEX t_b IS 'of the index'");
  }

  private void refused(State state, String message, String sql) {
    Catalog before = db.catalog();
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> db.execute(sql));
    assertThat(failure).as(sql).isNotNull();
    assertThat(failure.state()).as("%s", failure).isEqualTo(state);
    assertThat(failure).hasMessageContaining(message);
    assertThat(db.catalog()).isEqualTo(before);
  }

  private String comments() {
    return db.text("SELECT REMARKS FROM INFORMATION_SCHEMA.COMMENTS ORDER BY REMARKS")
        .replace('\n', ' ');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t ALTER a TYPE VARCHAR(20)",
        "ALTER TABLE t ADD g INT GENERATED ALWAYS AS (a + b)"
      })
  void all_that_know_it_follow(String move) {
    int before = db.catalog().find("PUBLIC", "T").orElseThrow().id();
    db.execute(move);
    assertThat(db.catalog().find("PUBLIC", "T").orElseThrow().id()).isNotEqualTo(before);

    assertThat(comments()).isEqualTo("of the column of the index of the table");
    assertThat(db.text("SELECT id, b FROM v ORDER BY id").replace('\n', ' '))
        .isEqualTo("1|100 2|200");
    refused(State.DEPENDENT_OBJECTS, "\"PUBLIC.V\"", "DROP TABLE t");
    refused(State.DEPENDENT_OBJECTS, "\"PUBLIC.V\"", "ALTER TABLE t DROP b CASCADE");
    refused(State.FOREIGN_KEY_VIOLATION, "T", "INSERT INTO child VALUES (8, 9)");
    refused(State.FOREIGN_KEY_VIOLATION, "T", "INSERT INTO t (id, up) VALUES (3, 9)");
    db.execute("INSERT INTO t (id, up) VALUES (3, 2)");
    // The refused row has taken a value too.
    assertThat(db.text("SELECT n FROM t WHERE id = 3")).isEqualTo("4");
    db.execute("DELETE FROM t WHERE id = 3");
    db.execute("DELETE FROM t WHERE id = 2");
    assertThat(db.text("SELECT COUNT(*) FROM child")).isEqualTo("0");
    db.assertIndexesAgree("T");
    db.assertIndexesAgree("CHILD");
  }

  @Test
  void a_table_goes_with_all_that_use_it() {
    refused(State.DEPENDENT_OBJECTS, "", "DROP TABLE t");
    db.execute("DROP TABLE t CASCADE");
    assertThat(db.catalog().find("PUBLIC", "CHILD").orElseThrow().foreignKeys()).isEmpty();
    assertThat(comments()).isEmpty();
    refused(State.TABLE_NOT_FOUND, "V", "SELECT * FROM v");
    db.execute("INSERT INTO child VALUES (9, 9)");
  }

  @Test
  void a_schema_goes_with_what_others_have_of_it() {
    db.execute("CREATE SCHEMA app");
    db.execute("CREATE SEQUENCE app.s");
    db.execute("CREATE TABLE app.p (id INT PRIMARY KEY)");
    db.execute(
        "CREATE TABLE user_of_it (id BIGINT DEFAULT NEXT VALUE FOR app.s PRIMARY KEY,"
            + " p INT REFERENCES app.p)");
    db.execute("CREATE VIEW over_it AS SELECT id FROM app.p");
    refused(State.DEPENDENT_OBJECTS, "CASCADE", "DROP SCHEMA app");
    db.execute("DROP SCHEMA app CASCADE");
    refused(State.TABLE_NOT_FOUND, "OVER_IT", "SELECT * FROM over_it");
    db.execute("INSERT INTO user_of_it VALUES (1, 1)");
    refused(State.NOT_NULL_VIOLATION, "ID", "INSERT INTO user_of_it (p) VALUES (1)");
  }

  @Test
  void a_table_with_large_values_stays_where_it_is_until_it_is_truncated() {
    db.execute("CREATE TABLE l (a INT, body CLOB, up INT, k INT UNIQUE)");
    db.execute("ALTER TABLE l ADD CONSTRAINT own FOREIGN KEY (up) REFERENCES l (k)");
    db.execute("INSERT INTO l VALUES (1, 'text', NULL, 1)");
    refused(State.NOT_SUPPORTED, "BLOB or CLOB", "ALTER TABLE l ALTER a TYPE VARCHAR(9)");
    refused(State.NOT_SUPPORTED, "BLOB or CLOB", "ALTER TABLE l ADD PRIMARY KEY (a)");
    refused(
        State.NOT_SUPPORTED, "BLOB or CLOB", "ALTER TABLE l ADD g INT GENERATED ALWAYS AS (a + 1)");
    refused(State.NOT_SUPPORTED, "DEFAULT", "ALTER TABLE l ADD c CLOB DEFAULT 'x'");
    db.execute("ALTER TABLE l ADD c BLOB");
    db.execute("COMMENT ON TABLE l IS 'kept'");
    db.execute("TRUNCATE TABLE l");
    assertThat(comments()).contains("kept");
    refused(State.FOREIGN_KEY_VIOLATION, "OWN", "INSERT INTO l (a, up, k) VALUES (1, 5, 1)");
    db.execute("INSERT INTO l (a, up, k) VALUES (1, 1, 1)");
  }

  @Test
  void a_new_column_names_its_sequence_in_full() {
    db.execute("CREATE TABLE fresh (id INT PRIMARY KEY)");
    db.execute("ALTER TABLE fresh ADD n BIGINT DEFAULT NEXT VALUE FOR s");
    db.execute("INSERT INTO fresh (id) VALUES (1)");
    assertThat(db.text("SELECT n FROM fresh")).isEqualTo("3");
    refused(State.DEPENDENT_OBJECTS, "FRESH", "DROP SEQUENCE s");
    refused(
        State.NOT_SUPPORTED, "each row", "ALTER TABLE fresh ADD m BIGINT DEFAULT NEXT VALUE FOR s");
  }
}
