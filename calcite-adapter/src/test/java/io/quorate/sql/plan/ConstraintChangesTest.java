package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ALTER TABLE ADD and DROP CONSTRAINT on tables that have rows. */
final class ConstraintChangesTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute("CREATE TABLE p (id INT PRIMARY KEY, code INT)");
    db.execute("INSERT INTO p VALUES (1, 10), (2, 20)");
    db.execute("CREATE TABLE t (a INT, b INT, s VARCHAR(9))");
    db.execute("INSERT INTO t VALUES (1, 1, 'x'), (2, 1, 'y'), (3, NULL, 'z')");
  }

  private void refused(State state, String sql) {
    Catalog before = db.catalog();
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> db.execute(sql));
    assertThat(failure).as(sql).isNotNull();
    assertThat(failure.state()).as("%s", failure).isEqualTo(state);
    assertThat(db.catalog()).isEqualTo(before);
    for (int id = before.nextId(); id < before.nextId() + 10; id++) {
      assertThat(db.view().rowCount(id)).as("left behind").isZero();
    }
  }

  private State state(String sql) {
    return catchThrowableOfType(SqlFailure.class, () -> db.execute(sql)).state();
  }

  private TableDef table(String name) {
    return db.catalog().find("PUBLIC", name).orElseThrow();
  }

  @Test
  void a_check_is_added_when_all_rows_pass() {
    refused(State.CHECK_VIOLATION, "ALTER TABLE t ADD CHECK (a < 3)");
    refused(State.CHECK_VIOLATION, "ALTER TABLE t ADD CONSTRAINT x CHECK (s LIKE 'x%')");
    refused(State.TYPE_MISMATCH, "ALTER TABLE t ADD CHECK (a + 1)");
    refused(State.COLUMN_NOT_FOUND, "ALTER TABLE t ADD CHECK (q > 0)");
    refused(State.NOT_SUPPORTED, "ALTER TABLE t ADD CHECK (a > (SELECT 1))");
    db.execute("ALTER TABLE t ADD CHECK (b > 0)");
    db.execute("ALTER TABLE t ADD CONSTRAINT few CHECK (a < 4)");
    assertThat(state("INSERT INTO t VALUES (4, 1, '')")).isEqualTo(State.CHECK_VIOLATION);
    assertThat(state("INSERT INTO t VALUES (1, 0, '')")).isEqualTo(State.CHECK_VIOLATION);
    refused(State.OBJECT_EXISTS, "ALTER TABLE t ADD CONSTRAINT few CHECK (a < 5)");
    db.execute("ALTER TABLE t DROP CONSTRAINT few");
    db.execute("ALTER TABLE t DROP CONSTRAINT t_check");
    db.execute("INSERT INTO t VALUES (4, 0, '')");
  }

  @Test
  void a_unique_key_is_added_when_all_rows_differ() {
    refused(State.UNIQUE_VIOLATION, "ALTER TABLE t ADD UNIQUE (b)");
    db.execute("ALTER TABLE t ADD CONSTRAINT u UNIQUE (b, a)");
    assertThat(state("INSERT INTO t VALUES (1, 1, '')")).isEqualTo(State.UNIQUE_VIOLATION);
    assertThat(db.explain("SELECT * FROM t WHERE b = 1 AND a = 2")).contains("index U");
    refused(State.NOT_SUPPORTED, "DROP INDEX u");
    int index = table("T").indexes().get(0).id();
    db.execute("ALTER TABLE t DROP CONSTRAINT u");
    assertThat(db.view().rowCount(index)).isZero();
    db.execute("INSERT INTO t VALUES (1, 1, '')");
  }

  @Test
  void a_foreign_key_is_added_when_all_rows_refer_to_one_that_is_there() {
    refused(State.FOREIGN_KEY_VIOLATION, "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p");
    db.execute("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p ON DELETE CASCADE");
    assertThat(table("T").indexes()).hasSize(1);
    assertThat(db.view().rowCount(table("T").indexes().get(0).id())).isEqualTo(3);
    assertThat(state("UPDATE t SET b = 5")).isEqualTo(State.FOREIGN_KEY_VIOLATION);
    assertThat(db.execute("DELETE FROM p WHERE id = 1")).isEqualTo(1);
    assertThat(db.text("SELECT a FROM t")).isEqualTo("3");
    int index = table("T").indexes().get(0).id();
    db.execute("ALTER TABLE t DROP CONSTRAINT f");
    assertThat(table("T").indexes()).isEmpty();
    assertThat(db.view().rowCount(index)).isZero();
    db.execute("UPDATE t SET b = 5");
  }

  @Test
  void a_foreign_key_takes_an_index_that_is_there_and_leaves_it() {
    db.execute("CREATE INDEX i ON t (b, s)");
    db.execute("ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES p");
    assertThat(table("T").indexes()).hasSize(1);
    refused(State.DEPENDENT_OBJECTS, "DROP INDEX i");
    db.execute("CREATE INDEX j ON t (b)");
    db.execute("DROP INDEX i");
    db.execute("ALTER TABLE t DROP CONSTRAINT t_b_fkey");
    assertThat(table("T").indexes()).hasSize(1);
  }

  @Test
  void an_index_that_two_foreign_keys_use_goes_with_the_last() {
    db.execute("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p");
    db.execute("ALTER TABLE t ADD CONSTRAINT g FOREIGN KEY (b) REFERENCES p");
    assertThat(table("T").indexes()).hasSize(1);
    db.execute("ALTER TABLE t DROP CONSTRAINT f");
    assertThat(table("T").indexes()).hasSize(1);
    assertThat(state("UPDATE t SET b = 5")).isEqualTo(State.FOREIGN_KEY_VIOLATION);
    db.execute("ALTER TABLE t DROP CONSTRAINT g");
    assertThat(table("T").indexes()).isEmpty();
  }

  @Test
  void a_unique_key_that_is_referred_to_goes_with_those_who_refer_only_by_cascade() {
    db.execute("ALTER TABLE p ADD CONSTRAINT by_code UNIQUE (code)");
    db.execute("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id)");
    db.execute("CREATE TABLE c (code INT REFERENCES p (code), id INT REFERENCES p)");
    db.execute("ALTER TABLE p ADD FOREIGN KEY (code) REFERENCES p (code)");
    refused(State.DEPENDENT_OBJECTS, "ALTER TABLE p DROP CONSTRAINT by_code");
    db.execute("ALTER TABLE p DROP CONSTRAINT by_code CASCADE");
    assertThat(table("P").foreignKeys()).isEmpty();
    assertThat(table("C").foreignKeys()).hasSize(1);
    assertThat(table("T").foreignKeys()).hasSize(1);
    assertThat(table("C").indexes()).hasSize(1);
  }

  @Test
  void a_table_without_a_primary_key_gets_one() {
    db.execute("CREATE INDEX i ON t (s)");
    db.execute("ALTER TABLE t ADD CONSTRAINT u UNIQUE (b, a)");
    db.execute("ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES p");
    db.execute("CREATE TABLE c (x INT, y INT, FOREIGN KEY (x, y) REFERENCES t (a, b))");
    db.execute("INSERT INTO c VALUES (2, 1)");
    refused(State.NOT_NULL_VIOLATION, "ALTER TABLE t ADD PRIMARY KEY (a, b)");
    db.execute("INSERT INTO t VALUES (4, 2, 'z')");
    refused(State.UNIQUE_VIOLATION, "ALTER TABLE t ADD PRIMARY KEY (s)");
    int before = table("T").id();
    db.execute("ALTER TABLE t ADD PRIMARY KEY (a)");
    assertThat(db.view().rowCount(before)).isZero();
    assertThat(table("T").hasHiddenKey()).isFalse();
    db.assertIndexesAgree("T");
    assertThat(db.text("SELECT * FROM t WHERE a = 2")).isEqualTo("2|1|y");
    assertThat(db.explain("SELECT * FROM t WHERE a = 2")).contains("point lookup by primary key");
    assertThat(db.text("SELECT a FROM t WHERE s = 'z' ORDER BY a")).isEqualTo("3\n4");
    assertThat(state("INSERT INTO t VALUES (4, 1, '')")).isEqualTo(State.UNIQUE_VIOLATION);
    assertThat(state("INSERT INTO t VALUES (NULL, 1, '')")).isEqualTo(State.NOT_NULL_VIOLATION);
    assertThat(state("DELETE FROM t WHERE a = 2")).isEqualTo(State.FOREIGN_KEY_VIOLATION);
    assertThat(state("INSERT INTO c VALUES (9, 9)")).isEqualTo(State.FOREIGN_KEY_VIOLATION);
    assertThat(state("INSERT INTO t VALUES (5, 9, '')")).isEqualTo(State.FOREIGN_KEY_VIOLATION);
    refused(State.INVALID_TABLE, "ALTER TABLE t ADD PRIMARY KEY (b)");
    refused(State.NOT_SUPPORTED, "ALTER TABLE t DROP CONSTRAINT t_pkey");
    db.execute("CREATE TABLE d (a INT REFERENCES t)");
  }

  @Test
  void many_rows_move_in_many_batches() {
    db.execute("CREATE TABLE big (a INT, b INT, up INT)");
    db.execute("CREATE TABLE digits (n INT)");
    db.execute("INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
    db.execute(
        "INSERT INTO big SELECT 1000 * a.n + 100 * b.n + 10 * c.n + d.n, 1, 7"
            + " FROM digits a, digits b, digits c, digits d");
    db.execute("CREATE INDEX by_b ON big (b, a)");
    db.execute("ALTER TABLE big ADD PRIMARY KEY (a)");
    db.execute("ALTER TABLE big ADD FOREIGN KEY (up) REFERENCES big ON DELETE SET NULL");
    assertThat(db.text("SELECT COUNT(*) FROM big WHERE b = 1")).isEqualTo("10000");
    db.assertIndexesAgree("BIG");
    assertThat(db.execute("DELETE FROM big WHERE a = 7")).isEqualTo(1);
    assertThat(db.text("SELECT COUNT(*) FROM big WHERE up IS NULL")).isEqualTo("9999");
  }

  @Test
  void names_that_are_not_there_are_told() {
    refused(State.OBJECT_NOT_FOUND, "ALTER TABLE t DROP CONSTRAINT nothing");
    db.execute("ALTER TABLE t DROP CONSTRAINT IF EXISTS nothing");
    db.execute("ALTER TABLE IF EXISTS nowhere DROP CONSTRAINT nothing");
    db.execute("ALTER TABLE IF EXISTS nowhere ADD CHECK (a > 0)");
    refused(State.TABLE_NOT_FOUND, "ALTER TABLE nowhere ADD CHECK (a > 0)");
    db.execute("CREATE INDEX i ON t (a)");
    refused(State.OBJECT_NOT_FOUND, "ALTER TABLE t DROP CONSTRAINT i");
  }
}
