package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.catalog.KeyValueTable;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SYSTEM.KV: a table as any other to who reads and writes it, and nobody's to define. */
final class KeyValueTableTest {
  private final TestDatabase db = new TestDatabase();

  private SqlFailure failure(String sql) {
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> db.execute(sql));
    assertThat((Exception) failure).as(sql).isNotNull();
    return failure;
  }

  @Test
  void it_is_there_before_any_definition_and_read_and_written_as_any_other() {
    assertThat(db.query("SELECT * FROM system.kv")).isEmpty();
    assertThat(db.execute("INSERT INTO system.kv VALUES ('a', '1'), ('b', '2')")).isEqualTo(2);
    assertThat(
            db.execute(
                "INSERT INTO system.kv (key, value) VALUES (?, ?)"
                    + " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                "a",
                "3"))
        .isEqualTo(1);
    assertThat(db.query("SELECT key, value FROM SYSTEM.KV ORDER BY key"))
        .containsExactly(List.of("a", "3"), List.of("b", "2"));
    assertThat(db.query("SELECT k.value FROM system.kv k JOIN system.kv l ON k.key = l.value"))
        .isEmpty();
    assertThat(db.execute("UPDATE system.kv SET value = key WHERE key = 'b'")).isEqualTo(1);
    assertThat(db.text("SELECT value FROM system.kv WHERE key = 'b'")).isEqualTo("b");
    assertThat(db.execute("DELETE FROM system.kv")).isEqualTo(2);
  }

  @Test
  void definitions_of_other_tables_leave_it_and_its_rows_as_they_are() {
    db.execute("INSERT INTO system.kv VALUES ('a', '1')");
    db.execute("CREATE TABLE kv (key VARCHAR(10) PRIMARY KEY)");
    db.execute("CREATE SCHEMA s");
    db.execute("DROP TABLE kv");
    db.execute("DROP SCHEMA s");
    assertThat(db.text("SELECT value FROM system.kv")).isEqualTo("1");
    assertThat(new CatalogReader().read(db.view())).isEqualTo(db.catalog());
    assertThat(db.catalog().find("SYSTEM", KeyValueTable.NAME))
        .isEqualTo(Catalog.empty().find("SYSTEM", "KV"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE system.x (a INT)",
        "CREATE TABLE system.kv (a INT)",
        "CREATE TABLE IF NOT EXISTS system.y (a INT)",
        "CREATE TABLE system.z AS SELECT * FROM system.kv",
        "CREATE VIEW system.v AS SELECT * FROM system.kv",
        "CREATE SEQUENCE system.q",
        "CREATE INDEX i ON system.kv (value)",
        "DROP TABLE system.kv",
        "DROP TABLE IF EXISTS system.kv",
        "DROP TABLE system.kv CASCADE",
        "TRUNCATE TABLE system.kv",
        "ALTER TABLE system.kv ADD COLUMN c INT",
        "ALTER TABLE system.kv DROP COLUMN value",
        "ALTER TABLE system.kv RENAME TO kw",
        "ALTER TABLE system.kv ALTER COLUMN value SET DEFAULT ''",
        "ALTER TABLE system.kv ADD CONSTRAINT c CHECK (value <> '')",
        "ALTER TABLE system.kv DROP CONSTRAINT kv_pkey",
        "COMMENT ON TABLE system.kv IS 'mine'",
        "CREATE TABLE t (k VARCHAR(10) REFERENCES system.kv (key))",
      })
  void nobody_defines_anything_there(String sql) {
    Catalog before = db.catalog();
    assertThat(failure(sql).state()).isEqualTo(State.NOT_SUPPORTED);
    assertThat(db.catalog()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INSERT INTO system.kv (key) VALUES ('a') | NOT_NULL_VIOLATION",
        "INSERT INTO system.kv VALUES (NULL, 'a') | NOT_NULL_VIOLATION",
        "INSERT INTO system.kv VALUES ('b', 'x'), ('b', 'y') | UNIQUE_VIOLATION",
      })
  void its_rows_have_a_key_of_their_own_and_a_value(String sql, State state) {
    assertThat(failure(sql).state()).isEqualTo(state);
  }

  @Test
  void keys_and_values_are_bounded() {
    String longest = "ä".repeat(KeyValueTable.KEY_CHARACTERS_MAX);
    String largest = "v".repeat(KeyValueTable.VALUE_CHARACTERS_MAX);
    String insert = "INSERT INTO system.kv VALUES (?, ?)";
    assertThat(db.execute(insert, longest, largest)).isEqualTo(1);
    assertThat(db.text("SELECT value FROM system.kv WHERE key = ?", longest)).isEqualTo(largest);
    for (List<String> row : List.of(List.of(longest + "x", ""), List.of("k", largest + "x"))) {
      SqlFailure failure =
          catchThrowableOfType(SqlFailure.class, () -> db.execute(insert, row.get(0), row.get(1)));
      assertThat(failure.state()).isEqualTo(State.STRING_TOO_LONG);
    }
  }

  @Test
  void it_is_granted_as_any_table_and_belongs_to_the_administrators() {
    db.execute("CREATE USER root PASSWORD 'x'");
    db.as("ROOT").execute("CREATE USER bob PASSWORD 'x'");
    db.as("BOB");
    assertThat(failure("INSERT INTO system.kv VALUES ('a', '1')").state())
        .isEqualTo(State.INSUFFICIENT_PRIVILEGE);
    SqlFailure unread =
        catchThrowableOfType(SqlFailure.class, () -> db.query("SELECT * FROM system.kv"));
    assertThat(unread.state()).isEqualTo(State.INSUFFICIENT_PRIVILEGE);
    db.as("ROOT").execute("GRANT SELECT, INSERT ON system.kv TO bob");
    db.as("BOB").execute("INSERT INTO system.kv VALUES ('a', '1')");
    assertThat(db.text("SELECT value FROM system.kv")).isEqualTo("1");
    assertThat(failure("DELETE FROM system.kv").state()).isEqualTo(State.INSUFFICIENT_PRIVILEGE);
    db.as("ROOT").execute("CREATE TABLE other (a INT)");
    assertThat(db.as("BOB").text("SELECT value FROM system.kv")).isEqualTo("1");
    db.as("ROOT").execute("REVOKE SELECT ON system.kv FROM bob");
    db.as("BOB");
    SqlFailure revoked =
        catchThrowableOfType(SqlFailure.class, () -> db.query("SELECT * FROM system.kv"));
    assertThat(revoked.state()).isEqualTo(State.INSUFFICIENT_PRIVILEGE);
    db.as("ROOT");
    assertThat(failure("GRANT SELECT ON system.nodes TO bob").state())
        .isEqualTo(State.NOT_SUPPORTED);
    assertThat(failure("GRANT CREATE ON SCHEMA system TO bob").state())
        .isEqualTo(State.NOT_SUPPORTED);
  }

  @Test
  void information_schema_shows_it_as_a_base_table_with_its_key() {
    assertThat(
            db.query(
                "SELECT table_type, is_insertable_into FROM information_schema.tables"
                    + " WHERE table_schema = 'SYSTEM' AND table_name = 'KV'"))
        .containsExactly(List.of("BASE TABLE", "YES"));
    assertThat(
            db.query(
                "SELECT column_name, character_maximum_length, is_nullable"
                    + " FROM information_schema.columns WHERE table_schema = 'SYSTEM'"
                    + " AND table_name = 'KV' ORDER BY ordinal_position"))
        .hasToString("[[KEY, 1024, NO], [VALUE, 1048576, NO]]");
    assertThat(
            db.query(
                "SELECT constraint_name FROM information_schema.table_constraints"
                    + " WHERE table_schema = 'SYSTEM'"))
        .containsExactly(List.of("KV_PKEY"));
  }

  @Test
  void it_is_analyzed_as_any_table() {
    db.execute("INSERT INTO system.kv VALUES ('a', '1')");
    db.execute("ANALYZE system.kv");
    assertThat(
            db.text("SELECT row_count FROM system.table_statistics WHERE table_schema = 'SYSTEM'"))
        .isEqualTo("1");
  }
}
