package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign keys of tables whose columns come, go, change and are generated. */
final class ForeignKeyColumnTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute("CREATE TABLE p (junk INT, id INT PRIMARY KEY, n INT, code INT UNIQUE)");
    db.execute("INSERT INTO p VALUES (0, 1, 5, 10), (0, 2, 6, 20)");
    db.execute(
        "CREATE TABLE c (junk INT, id INT PRIMARY KEY, n INT,"
            + " pid INT CONSTRAINT to_p REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE,"
            + " code INT CONSTRAINT to_code REFERENCES p (code),"
            + " up INT CONSTRAINT to_c REFERENCES c)");
    db.execute("INSERT INTO c VALUES (0, 1, 7, 1, 10, NULL), (0, 2, 8, 2, NULL, 2)");
  }

  private void refused(State state, String message, String sql) {
    Catalog before = db.catalog();
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> db.execute(sql));
    assertThat(failure).as(sql).isNotNull();
    assertThat(failure.state()).as("%s", failure).isEqualTo(state);
    assertThat(failure).hasMessageContaining(message);
    assertThat(db.catalog()).isEqualTo(before);
    for (int id = before.nextId(); id < before.nextId() + 10; id++) {
      assertThat(db.view().rowCount(id)).as("left behind").isZero();
    }
  }

  private TableDef table(String name) {
    return db.catalog().find("PUBLIC", name).orElseThrow();
  }

  private String children() {
    return db.text("SELECT id, pid, code, up FROM c ORDER BY id").replace('\n', ' ');
  }

  /** Sees that the three foreign keys of the child do their work. */
  private void assertBound() {
    State state = State.FOREIGN_KEY_VIOLATION;
    refused(state, "\"TO_P\"", "INSERT INTO c (id, pid) VALUES (9, 9)");
    refused(state, "\"TO_CODE\"", "INSERT INTO c (id, code) VALUES (9, 11)");
    refused(state, "\"TO_C\"", "INSERT INTO c (id, up) VALUES (9, 8)");
    refused(state, "\"TO_CODE\"", "UPDATE p SET code = 11 WHERE id = 1");
    refused(state, "\"TO_C\"", "UPDATE c SET id = 3 WHERE id = 2");
    db.execute("UPDATE p SET id = id + 10");
    assertThat(children()).isEqualTo("1|11|10|null 2|12|null|2");
    db.execute("UPDATE p SET id = id - 10");
    assertThat(children()).isEqualTo("1|1|10|null 2|2|null|2");
    db.execute("INSERT INTO c (id, pid, code, up) VALUES (3, 2, 20, 3)");
    db.execute("DELETE FROM c WHERE id = 3");
    db.assertIndexesAgree("C");
    db.assertIndexesAgree("P");
  }

  @Test
  void a_column_comes_with_a_foreign_key_to_which_its_default_is_held() {
    State state = State.FOREIGN_KEY_VIOLATION;
    refused(state, "\"C_FRESH_FKEY\"", "ALTER TABLE c ADD fresh INT DEFAULT 9 REFERENCES p");
    db.execute(
        "ALTER TABLE c ADD fresh INT DEFAULT 2 CONSTRAINT to_new REFERENCES p ON DELETE SET NULL");
    int index = table("C").findIndex("TO_NEW_INDEX").orElseThrow().id();
    assertThat(db.view().rowCount(index)).isEqualTo(2);
    refused(state, "\"TO_NEW\"", "UPDATE c SET fresh = 9");
    db.execute("ALTER TABLE c ADD other INT REFERENCES p (code)");
    assertThat(db.text("SELECT fresh, other FROM c")).isEqualTo("2|null\n2|null");
    db.execute("UPDATE c SET other = 20");
    db.execute("UPDATE c SET pid = 1");
    refused(state, "\"C_OTHER_FKEY\"", "DELETE FROM p WHERE id = 2");
    db.execute("UPDATE c SET other = NULL");
    db.execute("DELETE FROM p WHERE id = 2");
    assertThat(db.text("SELECT fresh FROM c")).isEqualTo("null\nnull");
    db.assertIndexesAgree("C");
    refused(state, "\"TO_P\"", "UPDATE c SET pid = 2");
  }

  @Test
  void a_table_without_a_key_gets_a_column_that_refers() {
    db.execute("CREATE TABLE k (a INT REFERENCES p)");
    db.execute("INSERT INTO k VALUES (1)");
    db.execute("ALTER TABLE k ADD b INT DEFAULT 20 UNIQUE REFERENCES p (code)");
    db.execute("INSERT INTO k VALUES (2, 10)");
    refused(State.FOREIGN_KEY_VIOLATION, "\"K_B_FKEY\"", "UPDATE p SET code = 21 WHERE id = 2");
    db.execute("ALTER TABLE k DROP a CASCADE");
    refused(State.FOREIGN_KEY_VIOLATION, "\"K_B_FKEY\"", "UPDATE k SET b = 11 WHERE b = 10");
    db.assertIndexesAgree("K");
  }

  @Test
  void a_new_column_that_is_unique_needs_no_other_index_to_refer() {
    db.execute("ALTER TABLE c ADD fresh INT UNIQUE CHECK (fresh > 0) REFERENCES p");
    assertThat(table("C").indexes()).hasSize(4);
    db.execute("UPDATE c SET fresh = id");
    refused(State.UNIQUE_VIOLATION, "C_FRESH_KEY", "UPDATE c SET fresh = 1");
    db.assertIndexesAgree("C");
    db.execute("ALTER TABLE c ADD self INT DEFAULT 1 REFERENCES c");
    refused(State.FOREIGN_KEY_VIOLATION, "\"C_SELF_FKEY\"", "DELETE FROM c WHERE id = 1");
    db.execute("ALTER TABLE c ADD COLUMN IF NOT EXISTS self INT REFERENCES nowhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x INT UNIQUE REFERENCES c (x)",
        "x INT GENERATED ALWAYS AS (n) REFERENCES p",
        "x INT GENERATED ALWAYS AS (n) UNIQUE"
      })
  void what_a_new_column_cannot_have_at_once_is_told(String column) {
    refused(State.NOT_SUPPORTED, " behind", "ALTER TABLE c ADD " + column);
  }

  @Test
  void a_new_column_refers_only_to_a_key_of_its_type() {
    refused(State.INVALID_FOREIGN_KEY, "(N)", "ALTER TABLE c ADD x INT REFERENCES p (n)");
    refused(State.TYPE_MISMATCH, "\"X\"", "ALTER TABLE c ADD x DATE REFERENCES p");
    refused(State.TABLE_NOT_FOUND, "NOWHERE", "ALTER TABLE c ADD x INT REFERENCES nowhere");
    refused(State.OBJECT_EXISTS, "TO_P", "ALTER TABLE c ADD x INT CONSTRAINT to_p REFERENCES p");
  }

  @Test
  void foreign_keys_move_with_their_columns_when_another_goes() {
    db.execute("ALTER TABLE p DROP junk");
    assertBound();
    db.execute("ALTER TABLE c DROP junk");
    assertBound();
    db.execute("ALTER TABLE p DROP n");
    db.execute("ALTER TABLE c DROP n");
    assertBound();
    assertThat(table("C").indexes()).hasSize(3);
  }

  @Test
  void a_column_of_a_foreign_key_goes_with_it_only_by_cascade() {
    State state = State.DEPENDENT_OBJECTS;
    refused(
        state,
        "column \"PID\" of table \"C\" is used by foreign key \"TO_P\" of table \"PUBLIC.C\";",
        "ALTER TABLE c DROP pid");
    refused(
        state,
        "index \"P_CODE_KEY\", foreign key \"TO_CODE\" of table \"PUBLIC.C\"; CASCADE",
        "ALTER TABLE p DROP COLUMN code RESTRICT");
    int byPid = table("C").findIndex("TO_P_INDEX").orElseThrow().id();
    int byCode = table("C").findIndex("TO_CODE_INDEX").orElseThrow().id();
    int unique = table("P").indexes().get(0).id();
    db.execute("ALTER TABLE c DROP pid CASCADE");
    db.execute("ALTER TABLE p DROP code CASCADE");
    for (int cleared : new int[] {byPid, byCode, unique}) {
      assertThat(db.view().rowCount(cleared)).isZero();
    }
    assertThat(table("C").foreignKeys()).hasSize(1);
    assertThat(table("C").indexes()).hasSize(1);
    assertThat(db.execute("DELETE FROM p")).isEqualTo(2);
    refused(State.FOREIGN_KEY_VIOLATION, "\"TO_C\"", "UPDATE c SET up = 5");
    assertThat(db.text("SELECT * FROM c")).isEqualTo("0|1|7|10|null\n0|2|8|null|2");
    db.assertIndexesAgree("C");
  }

  @Test
  void an_index_that_a_foreign_key_needs_keeps_the_other_columns_of_it() {
    db.execute("CREATE TABLE d (a INT, b INT, x INT)");
    db.execute("CREATE INDEX i ON d (a, b)");
    db.execute("ALTER TABLE d ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p");
    refused(State.DEPENDENT_OBJECTS, "index \"I\"", "ALTER TABLE d DROP b");
    refused(State.DEPENDENT_OBJECTS, "the only one", "ALTER TABLE d DROP b CASCADE");
    db.execute("CREATE INDEX j ON d (a, x)");
    db.execute("ALTER TABLE d DROP b CASCADE");
    refused(State.FOREIGN_KEY_VIOLATION, "\"F\"", "INSERT INTO d VALUES (9, 0)");
    db.execute("ALTER TABLE d DROP a CASCADE");
    assertThat(table("D").indexes()).isEmpty();
  }

  @Test
  void a_column_takes_along_what_refers_to_a_column_that_is_made_of_it() {
    db.execute("CREATE TABLE g (id INT PRIMARY KEY, a INT, b INT GENERATED ALWAYS AS (a + 1))");
    db.execute("CREATE UNIQUE INDEX by_b ON g (b)");
    db.execute("CREATE TABLE h (x INT, b INT REFERENCES g (b))");
    refused(State.DEPENDENT_OBJECTS, "\"B\"", "ALTER TABLE g DROP a");
    long version = db.catalog().version();
    db.execute("ALTER TABLE g DROP a CASCADE");
    assertThat(db.catalog().version()).isEqualTo(version + 1);
    assertThat(table("H").foreignKeys()).isEmpty();
    assertThat(table("H").indexes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"c ALTER pid", "c ALTER up", "c ALTER id", "p ALTER id", "p ALTER code"})
  void a_column_of_a_foreign_key_keeps_its_type(String column) {
    String change = "ALTER TABLE " + column;
    refused(State.NOT_SUPPORTED, "is in foreign key \"TO_", change + " TYPE BIGINT");
    refused(State.NOT_SUPPORTED, "; drop that first", change + " TYPE VARCHAR(20)");
  }

  @Test
  void foreign_keys_follow_a_table_whose_rows_are_written_elsewhere() {
    int parent = table("P").id();
    int child = table("C").id();
    db.execute("ALTER TABLE p ALTER n TYPE VARCHAR(20)");
    assertBound();
    db.execute("ALTER TABLE c ALTER n TYPE VARCHAR(20)");
    assertBound();
    db.execute("ALTER TABLE p ADD twice INT GENERATED ALWAYS AS (2 * code)");
    assertBound();
    db.execute("ALTER TABLE c ADD twice INT GENERATED ALWAYS AS (2 * pid)");
    assertBound();
    assertThat(table("P").id()).isGreaterThan(parent);
    assertThat(table("C").id()).isGreaterThan(child);
    assertThat(db.view().rowCount(parent) + db.view().rowCount(child)).isZero();
    db.execute("UPDATE p SET id = 5 WHERE id = 2");
    assertThat(db.text("SELECT pid, twice FROM c ORDER BY id")).isEqualTo("1|2\n5|10");
  }

  @Test
  void a_table_whose_columns_came_and_went_gets_a_primary_key() {
    db.execute("CREATE TABLE k (x INT, a INT, b INT, up INT)");
    db.execute("CREATE INDEX down ON k (b DESC, a)");
    db.execute("INSERT INTO k VALUES (0, 1, 10, NULL), (0, 2, 20, NULL)");
    db.execute("ALTER TABLE k DROP x");
    db.execute("ALTER TABLE k ADD pid INT DEFAULT 1 REFERENCES p");
    db.execute("ALTER TABLE k ADD g INT GENERATED ALWAYS AS (a + b)");
    db.execute("ALTER TABLE k ADD late VARCHAR(5) DEFAULT 'late'");
    db.execute("ALTER TABLE k ADD PRIMARY KEY (a)");
    db.execute("ALTER TABLE k ADD FOREIGN KEY (up) REFERENCES k");
    assertThat(db.text("SELECT * FROM k ORDER BY b DESC"))
        .isEqualTo("2|20|null|1|22|late\n1|10|null|1|11|late");
    assertThat(table("K").findIndex("DOWN").orElseThrow().descending()).containsExactly(0);
    db.execute("UPDATE k SET b = 5, up = 2 WHERE a = 1");
    refused(State.FOREIGN_KEY_VIOLATION, "\"K_UP_FKEY\"", "DELETE FROM k WHERE a = 2");
    refused(State.FOREIGN_KEY_VIOLATION, "\"K_PID_FKEY\"", "UPDATE k SET pid = 9");
    db.assertIndexesAgree("K");
  }

  @Test
  void generated_columns_are_made_again_in_rows_that_follow_and_those_follow_them() {
    db.execute(
        "CREATE TABLE g (id INT PRIMARY KEY, pid INT REFERENCES p ON UPDATE CASCADE ON DELETE SET"
            + " NULL, tens INT GENERATED ALWAYS AS (10 * pid) UNIQUE CHECK (tens < 900))");
    db.execute("INSERT INTO g (id, pid) VALUES (1, 1), (2, 2)");
    db.execute(
        "CREATE TABLE h (id INT PRIMARY KEY, tens INT REFERENCES g (tens) ON UPDATE CASCADE)");
    db.execute("INSERT INTO h VALUES (1, 10), (2, 20), (3, 10)");
    refused(State.FOREIGN_KEY_VIOLATION, "\"H_TENS_FKEY\"", "INSERT INTO h VALUES (4, 30)");
    db.execute("UPDATE p SET id = id + 2");
    assertThat(db.text("SELECT * FROM g ORDER BY id")).isEqualTo("1|3|30\n2|4|40");
    assertThat(db.text("SELECT * FROM h ORDER BY id")).isEqualTo("1|30\n2|40\n3|30");
    refused(State.CHECK_VIOLATION, "\"G_TENS_CHECK\"", "UPDATE p SET id = 90 WHERE id = 3");
    db.execute("UPDATE g SET pid = 7 - pid");
    assertThat(db.text("SELECT * FROM h ORDER BY id")).isEqualTo("1|40\n2|30\n3|40");
    db.execute("DELETE FROM p WHERE id = 3");
    assertThat(db.text("SELECT * FROM g ORDER BY id")).isEqualTo("1|4|40\n2|null|null");
    assertThat(db.text("SELECT * FROM h ORDER BY id")).isEqualTo("1|40\n2|null\n3|40");
    db.execute("DELETE FROM p");
    assertThat(db.text("SELECT DISTINCT tens FROM h")).isEqualTo("null");
    db.assertIndexesAgree("G");
    db.assertIndexesAgree("H");
  }

  @Test
  void a_generated_column_refers_and_nothing_sets_it() {
    db.execute(
        "CREATE TABLE g (a INT, x INT GENERATED ALWAYS AS (a + 1) REFERENCES p ON DELETE CASCADE)");
    db.execute("INSERT INTO g (a) VALUES (0), (1), (NULL)");
    refused(State.FOREIGN_KEY_VIOLATION, "\"G_X_FKEY\"", "UPDATE g SET a = a + 1");
    refused(State.FOREIGN_KEY_VIOLATION, "\"G_X_FKEY\"", "INSERT INTO g (a) VALUES (2)");
    refused(State.FOREIGN_KEY_VIOLATION, "\"G_X_FKEY\"", "UPDATE p SET id = 3 WHERE id = 2");
    db.execute("DELETE FROM p WHERE id = 2");
    assertThat(db.text("SELECT * FROM g ORDER BY a")).isEqualTo("0|1\nnull|null");
    String add = "ALTER TABLE g ADD FOREIGN KEY (x) REFERENCES p ";
    for (String action : new String[] {"DELETE SET NULL", "UPDATE CASCADE", "UPDATE SET DEFAULT"}) {
      refused(State.NOT_SUPPORTED, "generated column \"X\"", add + "ON " + action);
    }
  }

  @Test
  void an_update_that_makes_a_generated_key_again_is_not_short() {
    db.execute("CREATE TABLE g (id INT PRIMARY KEY, a INT, b INT GENERATED ALWAYS AS (a))");
    db.execute("CREATE UNIQUE INDEX by_b ON g (b DESC)");
    String update = "UPDATE g SET a = 2 WHERE id = 1";
    assertThat(((Plan.Change) db.plan(update)).isShort()).isTrue();
    db.execute("CREATE TABLE h (b INT)");
    db.execute("CREATE INDEX down ON h (b DESC)");
    db.execute("ALTER TABLE h ADD FOREIGN KEY (b) REFERENCES g (b) ON UPDATE CASCADE");
    assertThat(table("H").indexes()).hasSize(1);
    assertThat(((Plan.Change) db.plan(update)).isShort()).isFalse();
    db.execute("INSERT INTO g (id, a) VALUES (1, 1), (2, 5)");
    db.execute("INSERT INTO h VALUES (1), (1), (5)");
    db.execute(update);
    assertThat(db.text("SELECT b FROM h ORDER BY b")).isEqualTo("2\n2\n5");
    refused(State.FOREIGN_KEY_VIOLATION, "\"H_B_FKEY\"", "DELETE FROM g WHERE id = 2");
    db.assertIndexesAgree("H");
  }
}
