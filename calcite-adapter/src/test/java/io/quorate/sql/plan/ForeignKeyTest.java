package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.ReferencedKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FOREIGN KEY constraints: what they refuse, and what they do to rows that refer. */
final class ForeignKeyTest {
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

  private void parents(String reference) {
    db.execute("CREATE TABLE p (id INT PRIMARY KEY, code VARCHAR(9) UNIQUE, n INT DEFAULT 0)");
    db.execute("INSERT INTO p (id, code) VALUES (1, 'a'), (2, 'b'), (3, NULL), (9, 'z')");
    db.execute("CREATE TABLE c (id INT PRIMARY KEY, pid INT DEFAULT 9 " + reference + ")");
    db.execute("INSERT INTO c VALUES (10, 1), (11, 1), (20, 2), (30, NULL)");
  }

  private String children() {
    return db.text("SELECT id, pid FROM c ORDER BY id").replace('\n', ' ');
  }

  @Test
  void every_way_to_write_a_row_needs_the_row_that_it_refers_to() {
    parents("REFERENCES p");
    db.execute("CREATE TABLE src (n INT)");
    db.execute("INSERT INTO src VALUES (1), (7)");
    String why =
        "insert or update on table \"PUBLIC.C\" violates foreign key constraint \"C_PID_FKEY\":"
            + " key (PID)=(7) is not present in table \"PUBLIC.P\"";
    State state = State.FOREIGN_KEY_VIOLATION;
    fails(state, why, "INSERT INTO c VALUES (40, 1), (41, 7)");
    fails(state, why, "INSERT INTO c VALUES (?, ?)", 40, 7);
    fails(state, why, "INSERT INTO c SELECT n + 40, n FROM src");
    fails(state, why, "UPDATE c SET pid = 7 WHERE id = 10");
    fails(state, why, "UPDATE c SET pid = id - 3 WHERE id = 10");
    fails(state, why, "UPDATE c SET pid = (SELECT MAX(n) FROM src)");
    assertThat(children()).isEqualTo("10|1 11|1 20|2 30|null");
    assertThat(db.execute("INSERT INTO c SELECT n + 40, n FROM src WHERE n < 2")).isEqualTo(1);
    assertThat(db.execute("UPDATE c SET pid = NULL WHERE id = 41")).isEqualTo(1);
    assertThat(db.execute("DELETE FROM c WHERE pid = 1")).isEqualTo(2);
  }

  @Test
  void a_key_that_is_referred_to_neither_goes_nor_changes() {
    parents("REFERENCES p");
    String why =
        "update or delete on table \"PUBLIC.P\" violates foreign key constraint \"C_PID_FKEY\" of"
            + " table \"PUBLIC.C\": key (ID)=(1) is still referenced from table \"PUBLIC.C\"";
    State state = State.FOREIGN_KEY_VIOLATION;
    fails(state, why, "DELETE FROM p WHERE id = 1");
    fails(state, why, "DELETE FROM p WHERE id <= 1 OR id > 2");
    fails(state, why, "UPDATE p SET id = 4 WHERE id = ?", 1);
    assertThat(db.text("SELECT id FROM p ORDER BY id")).isEqualTo("1\n2\n3\n9");
    assertThat(db.execute("UPDATE p SET code = 'c', n = 5 WHERE id = 1")).isEqualTo(1);
    assertThat(db.execute("UPDATE p SET id = id WHERE id = 1")).isEqualTo(1);
    assertThat(db.execute("DELETE FROM p WHERE id = 3")).isEqualTo(1);
    db.execute("DELETE FROM c WHERE pid = 1");
    assertThat(db.execute("DELETE FROM p WHERE id = 1")).isEqualTo(1);
  }

  @Test
  void no_action_is_looked_at_when_the_statement_ends_and_restrict_minds_each_key() {
    parents("REFERENCES p");
    db.execute("UPDATE p SET id = 3 - id WHERE id < 3");
    assertThat(db.text("SELECT id, code FROM p WHERE id < 3 ORDER BY id")).isEqualTo("1|b\n2|a");
    db.execute("CREATE TABLE r (pid INT REFERENCES p ON UPDATE RESTRICT)");
    db.execute("INSERT INTO r VALUES (2)");
    fails(
        State.RESTRICT_VIOLATION,
        "update or delete on table \"PUBLIC.P\" violates foreign key constraint \"R_PID_FKEY\" of"
            + " table \"PUBLIC.R\": key (ID)=(2) is still referenced from table \"PUBLIC.R\"",
        "UPDATE p SET id = 3 - id WHERE id < 3");
    db.execute("CREATE TABLE d (pid INT REFERENCES p ON DELETE RESTRICT)");
    db.execute("INSERT INTO d VALUES (9)");
    assertThat(failure("DELETE FROM p WHERE id = 9").state()).isEqualTo(State.RESTRICT_VIOLATION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ON DELETE CASCADE; DELETE FROM p WHERE id = 1; 20|2 30|null",
        "ON DELETE SET NULL; DELETE FROM p WHERE id = 1; 10|null 11|null 20|2 30|null",
        "ON DELETE SET DEFAULT; DELETE FROM p WHERE id = 1; 10|9 11|9 20|2 30|null",
        "ON DELETE CASCADE; DELETE FROM p; 30|null",
        "ON DELETE SET NULL; DELETE FROM p; 10|null 11|null 20|null 30|null",
        "ON UPDATE CASCADE; UPDATE p SET id = id + 100; 10|101 11|101 20|102 30|null",
        "ON UPDATE CASCADE; UPDATE p SET id = 3 - id WHERE id < 3; 10|2 11|2 20|1 30|null",
        "ON UPDATE CASCADE; UPDATE p SET id = id + 1; 10|2 11|2 20|3 30|null",
        "ON UPDATE SET NULL; UPDATE p SET id = 5 WHERE id = 2; 10|1 11|1 20|null 30|null",
        "ON UPDATE SET DEFAULT; UPDATE p SET id = 5 WHERE id = 2; 10|1 11|1 20|9 30|null",
        "ON UPDATE CASCADE ON DELETE SET NULL; DELETE FROM p WHERE id = 2; 10|1 11|1 20|null 30|null",
      })
  void rows_that_refer_follow(String action, String sql, String left) {
    parents("REFERENCES p (id) " + action);
    db.execute("CREATE INDEX more ON c (pid, id)");
    db.execute(sql);
    assertThat(children()).isEqualTo(left);
    db.assertIndexesAgree("C");
    db.assertIndexesAgree("P");
  }

  @Test
  void what_follows_obeys_the_constraints_of_its_table() {
    db.execute("CREATE TABLE p (id INT PRIMARY KEY)");
    db.execute(
        "CREATE TABLE c (id INT PRIMARY KEY, pid INT NOT NULL DEFAULT 8 UNIQUE CHECK (pid < 50)"
            + " REFERENCES p ON UPDATE CASCADE ON DELETE SET NULL)");
    db.execute("CREATE TABLE d (pid INT DEFAULT 8 REFERENCES p ON DELETE SET DEFAULT)");
    db.execute("INSERT INTO p VALUES (1), (2), (3)");
    db.execute("INSERT INTO c VALUES (1, 1)");
    db.execute("INSERT INTO d VALUES (3)");
    assertThat(failure("DELETE FROM p WHERE id = 1").state()).isEqualTo(State.NOT_NULL_VIOLATION);
    assertThat(failure("UPDATE p SET id = 50 WHERE id = 1").state())
        .isEqualTo(State.CHECK_VIOLATION);
    assertThat(failure("DELETE FROM p WHERE id = 3"))
        .hasMessageContaining("key (PID)=(8) is not present");
    assertThat(db.text("SELECT * FROM c, d")).isEqualTo("1|1|3");
    assertThat(db.execute("UPDATE p SET id = 49 WHERE id = 1")).isEqualTo(1);
    assertThat(db.text("SELECT * FROM c")).isEqualTo("1|49");
  }

  @Test
  void chains_are_followed_to_their_end() {
    db.execute("CREATE TABLE a (id INT PRIMARY KEY)");
    db.execute(
        "CREATE TABLE b (id INT PRIMARY KEY REFERENCES a ON UPDATE CASCADE ON DELETE CASCADE)");
    db.execute("CREATE TABLE c (x INT REFERENCES b ON UPDATE CASCADE ON DELETE CASCADE, y INT)");
    db.execute("CREATE TABLE d (x INT REFERENCES b ON UPDATE CASCADE)");
    db.execute("INSERT INTO a VALUES (1), (2)");
    db.execute("INSERT INTO b VALUES (1), (2)");
    db.execute("INSERT INTO c VALUES (1, 1), (1, 2), (2, 3)");
    db.execute("INSERT INTO d VALUES (2)");
    assertThat(db.execute("UPDATE a SET id = id + 1")).isEqualTo(2);
    assertThat(db.text("SELECT x, y FROM c ORDER BY y")).isEqualTo("2|1\n2|2\n3|3");
    assertThat(db.text("SELECT x FROM d")).isEqualTo("3");
    assertThat(failure("DELETE FROM a")).hasMessageContaining("of table \"PUBLIC.D\"");
    assertThat(db.execute("DELETE FROM a WHERE id = 2")).isEqualTo(1);
    assertThat(db.text("SELECT id FROM b")).isEqualTo("3");
    assertThat(db.text("SELECT x, y FROM c")).isEqualTo("3|3");
  }

  @Test
  void a_table_may_refer_to_itself() {
    db.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, up INT REFERENCES t, s VARCHAR(9) DEFAULT 'x')");
    db.execute("INSERT INTO t (id, up) VALUES (3, 2), (2, 1), (1, 1)");
    assertThat(failure("INSERT INTO t (id, up) VALUES (5, 6), (6, 7)"))
        .hasMessageContaining("(UP)=(7)");
    assertThat(failure("DELETE FROM t WHERE id = 2")).hasMessageContaining("(ID)=(2)");
    assertThat(db.execute("UPDATE t SET id = id + 10, up = up + 10")).isEqualTo(3);
    assertThat(db.execute("DELETE FROM t WHERE id > 11")).isEqualTo(2);
    assertThat(db.execute("DELETE FROM t")).as("refers to itself").isEqualTo(1);
    db.execute("CREATE TABLE u (id INT PRIMARY KEY, up INT REFERENCES u ON DELETE CASCADE)");
    db.execute("INSERT INTO u VALUES (1, 2), (2, 3), (3, 1), (4, 4), (5, 1)");
    assertThat(db.execute("DELETE FROM u WHERE id = 2")).isEqualTo(1);
    assertThat(db.text("SELECT id FROM u")).isEqualTo("4");
  }

  @Test
  void tables_may_refer_to_each_other() {
    db.execute("CREATE TABLE a (id INT PRIMARY KEY, b INT)");
    db.execute("CREATE TABLE b (id INT PRIMARY KEY REFERENCES a ON UPDATE CASCADE)");
    db.execute("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b ON UPDATE CASCADE");
    db.execute("INSERT INTO a VALUES (1, NULL)");
    db.execute("INSERT INTO b VALUES (1)");
    db.execute("UPDATE a SET b = 1");
    assertThat(db.execute("UPDATE a SET id = 2")).isEqualTo(1);
    assertThat(db.text("SELECT a.id, a.b, b.id FROM a, b")).isEqualTo("2|2|2");
  }

  @Test
  void null_refers_to_nothing_and_match_full_wants_all_or_none() {
    db.execute("CREATE TABLE p (a INT, b VARCHAR(9), PRIMARY KEY (a, b))");
    db.execute("INSERT INTO p VALUES (1, 'x')");
    db.execute("CREATE TABLE s (b VARCHAR(9), a INT, FOREIGN KEY (b, a) REFERENCES p (b, a))");
    db.execute(
        "CREATE TABLE f (a INT, b VARCHAR(9), CONSTRAINT whole FOREIGN KEY (a, b) REFERENCES p"
            + " MATCH FULL ON DELETE SET NULL)");
    db.execute("INSERT INTO s VALUES ('x', 1), (NULL, 7), ('q', NULL), (NULL, NULL)");
    assertThat(failure("INSERT INTO s VALUES ('q', 1)")).hasMessageContaining("(B, A)=(q, 1)");
    db.execute("INSERT INTO f VALUES (1, 'x'), (NULL, NULL)");
    fails(
        State.FOREIGN_KEY_VIOLATION,
        "insert or update on table \"PUBLIC.F\" violates foreign key constraint \"WHOLE\": MATCH"
            + " FULL wants all or none of the columns NULL in (A, B)=(1, NULL)",
        "UPDATE f SET b = NULL WHERE a = 1");
    assertThat(failure("DELETE FROM p")).hasMessageContaining("\"S_B_A_FKEY\"");
    db.execute("DELETE FROM s WHERE a = 1 AND b = 'x'");
    db.execute("DELETE FROM p");
    assertThat(db.text("SELECT * FROM f")).isEqualTo("null|null\nnull|null");
  }

  @Test
  void columns_of_comparable_types_refer_by_value() {
    db.execute("CREATE TABLE p (id BIGINT PRIMARY KEY, d DECIMAL(9, 4) UNIQUE, s CHAR(5) UNIQUE)");
    db.execute("INSERT INTO p VALUES (1, 1.5, 'ab'), (5000000000, 2, 'cd')");
    db.execute(
        "CREATE TABLE c (id SMALLINT REFERENCES p ON UPDATE CASCADE, d DECIMAL(5, 1) REFERENCES p"
            + " (d), s VARCHAR(9) REFERENCES p (s))");
    db.execute("INSERT INTO c VALUES (1, 1.5, 'ab'), (NULL, 2.0, 'cd')");
    assertThat(failure("INSERT INTO c VALUES (2, NULL, NULL)").state())
        .isEqualTo(State.FOREIGN_KEY_VIOLATION);
    assertThat(failure("INSERT INTO c VALUES (NULL, 1.6, NULL)").state())
        .isEqualTo(State.FOREIGN_KEY_VIOLATION);
    assertThat(failure("UPDATE p SET d = 3 WHERE d = 2").state())
        .isEqualTo(State.FOREIGN_KEY_VIOLATION);
    assertThat(failure("UPDATE p SET id = 70000 WHERE id = 1").state())
        .isEqualTo(State.NUMBER_OUT_OF_RANGE);
    db.execute("UPDATE p SET id = 5000000001 WHERE id = 5000000000");
    for (String type : new String[] {"VARCHAR(9)", "DECIMAL(9, 0)", "DOUBLE", "DATE"}) {
      assertThat(failure("CREATE TABLE x (id " + type + " REFERENCES p)").state())
          .isEqualTo(State.TYPE_MISMATCH);
    }
  }

  @Test
  void a_foreign_key_needs_a_unique_key_to_refer_to() {
    db.execute("CREATE TABLE p (id INT PRIMARY KEY, u INT UNIQUE, n INT, m INT)");
    db.execute("CREATE TABLE keyless (id INT)");
    State state = State.INVALID_FOREIGN_KEY;
    fails(
        state,
        "no primary key, UNIQUE constraint or unique index of table \"PUBLIC.P\" is of the columns"
            + " (N)",
        "CREATE TABLE c (a INT REFERENCES p (n))");
    fails(
        state,
        "table \"PUBLIC.KEYLESS\" has no primary key to refer to; name the columns of a unique key",
        "CREATE TABLE c (a INT REFERENCES keyless)");
    fails(
        state,
        "foreign key \"C_A_B_FKEY\" has 2 columns and refers to 1",
        "CREATE TABLE c (a INT, b INT, FOREIGN KEY (a, b) REFERENCES p)");
    assertThat(failure("CREATE TABLE c (a INT REFERENCES nowhere)").state())
        .isEqualTo(State.TABLE_NOT_FOUND);
    assertThat(failure("CREATE TABLE c (a INT REFERENCES p (x))").state())
        .isEqualTo(State.COLUMN_NOT_FOUND);
    assertThat(failure("CREATE TABLE c (a INT REFERENCES system.nodes)").state())
        .isEqualTo(State.NOT_SUPPORTED);
    db.execute("CREATE UNIQUE INDEX i ON p (m, n)");
    db.execute("CREATE TABLE c (a INT, b INT, FOREIGN KEY (a, b) REFERENCES p (n, m))");
    assertThat(failure("DROP INDEX i").state()).isEqualTo(State.DEPENDENT_OBJECTS);
    assertThat(db.catalog().find("PUBLIC", "X")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REFERENCES p DEFERRABLE",
        "REFERENCES p INITIALLY DEFERRED",
        "REFERENCES p MATCH PARTIAL",
        "GENERATED ALWAYS AS IDENTITY REFERENCES p ON UPDATE CASCADE"
      })
  void what_is_not_there_is_refused(String column) {
    db.execute("CREATE TABLE p (id INT PRIMARY KEY)");
    assertThat(failure("CREATE TABLE c (a INT " + column + ")").state())
        .isEqualTo(State.NOT_SUPPORTED);
    db.execute("CREATE TABLE c (a INT REFERENCES p NOT DEFERRABLE INITIALLY IMMEDIATE NOT NULL)");
  }

  @Test
  void tables_and_columns_that_are_referred_to_may_be_renamed_and_not_dropped() {
    parents("REFERENCES p");
    db.execute("ALTER TABLE p RENAME TO q");
    db.execute("ALTER TABLE q RENAME id TO key_id");
    db.execute("ALTER TABLE c RENAME pid TO qid");
    assertThat(failure("INSERT INTO c VALUES (1, 77)"))
        .hasMessageEndingWith("key (QID)=(77) is not present in table \"PUBLIC.Q\"");
    assertThat(failure("DELETE FROM q WHERE key_id = 1")).hasMessageContaining("(KEY_ID)=(1)");
    fails(
        State.DEPENDENT_OBJECTS,
        "foreign key \"C_PID_FKEY\" of table \"PUBLIC.C\" refers to table \"PUBLIC.Q\"; drop it"
            + " first",
        "DROP TABLE q");
    assertThat(failure("TRUNCATE q").state()).isEqualTo(State.NOT_SUPPORTED);
    db.execute("TRUNCATE c");
    db.execute("INSERT INTO c VALUES (1, 1)");
    db.execute("DROP TABLE q CASCADE");
    assertThat(db.execute("INSERT INTO c VALUES (2, 77)")).isEqualTo(1);
    assertThat(db.catalog().find("PUBLIC", "C").orElseThrow().indexes()).isEmpty();
  }

  @Test
  void a_schema_that_is_dropped_takes_the_foreign_keys_to_it_along() {
    db.execute("CREATE SCHEMA s");
    db.execute("CREATE TABLE s.p (id INT PRIMARY KEY, up INT REFERENCES s.p)");
    db.execute("CREATE TABLE c (a INT REFERENCES s.p, b INT REFERENCES s.p)");
    db.execute("DROP SCHEMA s CASCADE");
    assertThat(db.catalog().find("PUBLIC", "C").orElseThrow().foreignKeys()).isEmpty();
    db.execute("INSERT INTO c VALUES (1, 2)");
  }

  @Test
  void rows_that_refer_are_found_by_an_index_that_is_there_or_made() {
    db.execute("CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b))");
    db.execute(
        "CREATE TABLE c (x INT, y INT, z INT, PRIMARY KEY (y, x, z), FOREIGN KEY (x, y) REFERENCES"
            + " p, FOREIGN KEY (z, y) REFERENCES p)");
    assertThat(db.catalog().find("PUBLIC", "C").orElseThrow().indexes())
        .singleElement()
        .satisfies(index -> assertThat(index.name()).isEqualTo("C_Z_Y_FKEY_INDEX"))
        .satisfies(index -> assertThat(index.columns()).containsExactly(2, 1));
    assertThat(failure("DROP INDEX c_z_y_fkey_index").state()).isEqualTo(State.NOT_SUPPORTED);
    db.execute("INSERT INTO p VALUES (1, 2), (3, 2)");
    db.execute("INSERT INTO c VALUES (1, 2, 3)");
    assertThat(failure("DELETE FROM p WHERE a = 1")).hasMessageContaining("\"C_X_Y_FKEY\"");
    assertThat(failure("DELETE FROM p WHERE a = 3")).hasMessageContaining("\"C_Z_Y_FKEY\"");
    assertThat(db.text("SELECT constraint_name FROM information_schema.table_constraints"))
        .doesNotContain("INDEX");
    assertThat(db.explain("SELECT * FROM c WHERE z = 3")).contains("C_Z_Y_FKEY_INDEX");
  }

  @Test
  void changes_say_which_keys_they_rely_on_and_which_they_take_away() {
    parents("REFERENCES p ON DELETE CASCADE");
    Plan.Changes inserted = changes("INSERT INTO c VALUES (40, 1), (41, 1), (42, NULL)");
    assertThat(inserted.tables()).hasSize(2);
    assertThat(inserted.keys()).singleElement().matches(key -> !key.leaves());
    Plan.Changes deleted = changes("DELETE FROM p WHERE id = 1");
    assertThat(deleted.tables()).hasSize(2);
    ReferencedKey gone = deleted.keys().get(0);
    assertThat(deleted.keys()).hasSize(1);
    assertThat(gone.leaves()).isTrue();
    assertThat(gone.referrers()).hasSize(1);
    assertThat(gone.key()).isEqualTo(inserted.keys().get(0).key());
    assertThat(deleted.updateCount()).isEqualTo(1);
    assertThat(changes("UPDATE c SET id = 77 WHERE id = 10").keys()).isEmpty();
    assertThat(changes("UPDATE p SET n = 1").keys()).isEmpty();
    assertThat(changes("UPDATE p SET n = 1").tables()).hasSize(1);
  }

  private Plan.Changes changes(String sql) {
    return ((Plan.Change) db.plan(sql)).evaluate(db.context());
  }

  @Test
  void short_plans_stay_short_where_the_work_has_a_bound() {
    parents("REFERENCES p");
    assertThat(isShort("INSERT INTO c VALUES (?, ?)")).isTrue();
    assertThat(isShort("UPDATE c SET pid = ? WHERE id = ?")).isTrue();
    assertThat(isShort("DELETE FROM c WHERE id = ?")).isTrue();
    assertThat(isShort("UPDATE p SET n = n + 1 WHERE id = ?")).isTrue();
    assertThat(isShort("UPDATE p SET id = ? WHERE id = ?")).isFalse();
    assertThat(isShort("DELETE FROM p WHERE id = ?")).isFalse();
  }

  private boolean isShort(String sql) {
    return ((Plan.Change) db.plan(sql)).isShort();
  }
}
