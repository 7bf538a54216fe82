package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.catalog.ObjectKey;
import io.quorate.sql.lang.SqlFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ALTER SCHEMA, VIEW, INDEX and SEQUENCE ... RENAME TO. */
final class RenameTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.as("ROOT");
    run("CREATE USER root PASSWORD 'x'");
    run("CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, CONSTRAINT u UNIQUE (b))");
    run("CREATE INDEX i ON t (a DESC)");
    run("INSERT INTO t VALUES (1, 10, 100), (2, 20, 200)");
    run("CREATE VIEW v AS SELECT id, a FROM t");
    run("CREATE SEQUENCE s");
    run("CREATE SCHEMA app");
  }

  private void run(String sql) {
    db.execute(sql);
  }

  private void fails(String state, String sql) {
    assertThatThrownBy(
            () -> {
              if (db.plan(sql) instanceof Plan.Query query) {
                db.rows(query);
              } else {
                run(sql);
              }
            })
        .as(sql)
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure ->
                assertThat(failure.state().sqlState()).as(failure.getMessage()).isEqualTo(state));
  }

  private void sameAfterRestart() {
    assertThat(new CatalogReader().read(db.view())).isEqualTo(db.catalog());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42809 | ALTER SCHEMA public RENAME TO p",
        "42809 | ALTER SCHEMA IF EXISTS system RENAME TO p",
        "42809 | ALTER SCHEMA information_schema RENAME TO p",
        "3F000 | ALTER SCHEMA nowhere RENAME TO p",
        "42P06 | ALTER SCHEMA app RENAME TO public",
        "42P06 | ALTER SCHEMA app RENAME TO system",
        "42P06 | ALTER SCHEMA app RENAME TO app",
        "42601 | ALTER SCHEMA app RENAME TO x.y",
        "42601 | ALTER SCHEMA app SET x",
        "42809 | ALTER VIEW t RENAME TO w",
        "42809 | ALTER VIEW IF EXISTS s RENAME TO w",
        "42P01 | ALTER VIEW nothing RENAME TO w",
        "3F000 | ALTER VIEW nowhere.v RENAME TO w",
        "42P07 | ALTER VIEW v RENAME TO t",
        "42P07 | ALTER VIEW v RENAME TO s",
        "42P07 | ALTER VIEW v RENAME TO v",
        "0A000 | ALTER VIEW information_schema.tables RENAME TO w",
        "42809 | ALTER TABLE v RENAME TO w",
        "42704 | ALTER INDEX nothing RENAME TO j",
        "42704 | ALTER INDEX t RENAME TO j",
        "42710 | ALTER INDEX i RENAME TO u",
        "42710 | ALTER INDEX i RENAME TO T_PKEY",
        "42710 | ALTER INDEX i RENAME TO i",
        "3F000 | ALTER INDEX nowhere.i RENAME TO j",
        "0A000 | ALTER INDEX system.i RENAME TO j",
        "42809 | ALTER SEQUENCE v RENAME TO r",
        "42P07 | ALTER SEQUENCE s RENAME TO v",
      })
  void what_cannot_be_renamed_is_refused(String state, String sql) {
    long version = db.catalog().version();
    fails(state, sql);
    assertThat(db.catalog().version()).isEqualTo(version);
  }

  @Test
  void if_exists_passes_over_what_is_not_there() {
    long version = db.catalog().version();
    run("ALTER SCHEMA IF EXISTS nowhere RENAME TO p");
    run("ALTER VIEW IF EXISTS nothing RENAME TO w");
    run("ALTER VIEW IF EXISTS nowhere.v RENAME TO w");
    run("ALTER INDEX IF EXISTS nothing RENAME TO j");
    run("ALTER SEQUENCE IF EXISTS nothing RENAME TO r");
    assertThat(db.catalog().version()).isEqualTo(version);
  }

  @Test
  void a_view_keeps_what_it_shows_and_what_is_said_of_it() {
    run("COMMENT ON VIEW v IS 'some'");
    run("CREATE USER bob PASSWORD 'x'");
    run("GRANT SELECT ON v TO bob");
    run("ALTER VIEW v RENAME TO w");
    fails("42P01", "SELECT * FROM v");
    assertThat(db.as("BOB").text("SELECT a FROM w WHERE id = 2")).isEqualTo("20");
    db.as("ROOT");
    assertThat(db.text("SELECT table_name FROM information_schema.views")).isEqualTo("W");
    assertThat(db.text("SELECT * FROM information_schema.comments")).contains("|W|VIEW|null|some");
    fails("2BP01", "DROP TABLE t");
    run("CREATE TABLE v (x INT)");
    sameAfterRestart();
  }

  @Test
  void a_view_that_another_names_stays() {
    run("CREATE VIEW on_it AS SELECT a FROM v");
    fails("2BP01", "ALTER VIEW v RENAME TO w");
    run("CREATE VIEW above AS SELECT a FROM on_it");
    fails("2BP01", "ALTER VIEW on_it RENAME TO w");
    run("ALTER VIEW above RENAME TO w");
    assertThat(db.text("SELECT COUNT(*) FROM w")).isEqualTo("2");
  }

  @Test
  void an_index_serves_under_another_name() {
    run("COMMENT ON INDEX i IS 'by a'");
    run("ALTER INDEX i RENAME TO j");
    assertThat(db.text("EXPLAIN SELECT id FROM t WHERE a = 20")).contains("J");
    assertThat(db.text("SELECT id FROM t WHERE a = 20")).isEqualTo("2");
    assertThat(db.text("SELECT * FROM information_schema.comments")).contains("|J|INDEX|null|by a");
    run("INSERT INTO t VALUES (3, 30, 300)");
    db.assertIndexesAgree("T");
    fails("42704", "DROP INDEX i");
    run("CREATE INDEX i ON t (b)");
    run("DROP INDEX j");
    sameAfterRestart();
  }

  @Test
  void the_index_of_a_constraint_is_renamed_with_it() {
    run("ALTER INDEX u RENAME TO w");
    fails("23505", "INSERT INTO t VALUES (3, 30, 200)");
    run("INSERT INTO t VALUES (3, 30, 200) ON CONFLICT ON CONSTRAINT w DO NOTHING");
    fails("42704", "INSERT INTO t VALUES (3, 30, 200) ON CONFLICT ON CONSTRAINT u DO NOTHING");
    fails("0A000", "DROP INDEX w");
    run("CREATE TABLE child (b INT REFERENCES t (b))");
    run("ALTER INDEX w RENAME TO u");
    fails("23503", "INSERT INTO child VALUES (7)");
    fails("42704", "ALTER TABLE t DROP CONSTRAINT w");
    run("ALTER TABLE t DROP CONSTRAINT u CASCADE");
    run("INSERT INTO t VALUES (3, 30, 200)");
  }

  @Test
  void a_schema_takes_all_along_that_is_in_it() {
    run("CREATE SEQUENCE app.n START WITH 5");
    run("CREATE TABLE app.p (id BIGINT DEFAULT NEXT VALUE FOR app.n PRIMARY KEY, x INT)");
    run("CREATE TABLE q (id BIGINT DEFAULT NEXT VALUE FOR app.n, p BIGINT REFERENCES app.p)");
    run("CREATE INDEX app_i ON app.p (x)");
    run("INSERT INTO app.p (x) VALUES (1)");
    run("COMMENT ON SCHEMA app IS 'mine'");
    run("COMMENT ON TABLE app.p IS 'rows'");
    run("ALTER SCHEMA app RENAME TO \"A\"\"b\"");
    assertThat(db.text("SELECT x FROM \"A\"\"b\".p")).isEqualTo("1");
    run("INSERT INTO \"A\"\"b\".p (x) VALUES (2)");
    run("INSERT INTO q (p) SELECT id FROM \"A\"\"b\".p WHERE x = 2");
    fails("23503", "INSERT INTO q (p) VALUES (-1)");
    fails("42P01", "SELECT x FROM app.p");
    assertThat(db.text("SELECT * FROM information_schema.comments"))
        .contains("A\"b|A\"b|SCHEMA|null|mine", "A\"b|P|TABLE|null|rows");
    assertThat(db.text("SHOW SCHEMAS")).contains("A\"b").doesNotContain("APP");
    run("ALTER SEQUENCE \"A\"\"b\".n RENAME TO m");
    run("INSERT INTO q (p) VALUES (NULL)");
    fails("2BP01", "DROP SEQUENCE \"A\"\"b\".m");
    sameAfterRestart();
    run("CREATE SCHEMA app");
    run("DROP SCHEMA \"A\"\"b\" CASCADE");
    assertThat(db.text("SELECT COUNT(*) FROM q")).isEqualTo("2");
    run("INSERT INTO q VALUES (1, -1)");
  }

  @Test
  void a_check_names_no_schema() {
    fails("0A000", "CREATE TABLE app.c (a INT CHECK (app.c.a > 0))");
    run("CREATE TABLE app.c (a INT CHECK (a > 0))");
    run("ALTER SCHEMA app RENAME TO other");
    fails("23514", "INSERT INTO other.c VALUES (0)");
  }

  @Test
  void an_empty_schema_is_renamed() {
    run("ALTER SCHEMA app RENAME TO other");
    run("CREATE TABLE other.x (a INT)");
    sameAfterRestart();
  }

  @Test
  void a_schema_that_a_view_names_stays() {
    run("CREATE TABLE app.p (id INT PRIMARY KEY)");
    run("CREATE VIEW outside AS SELECT id FROM app.p");
    fails("2BP01", "ALTER SCHEMA app RENAME TO other");
    run("DROP VIEW outside");
    run("CREATE VIEW outside AS SELECT 'app' AS word, id FROM t");
    run("ALTER SCHEMA app RENAME TO other");
    assertThat(db.text("SELECT word FROM outside WHERE id = 1")).isEqualTo("app");
    run("ALTER SCHEMA other RENAME TO \"x\"\"y\"");
    run("CREATE VIEW inside AS SELECT id FROM \"x\"\"y\".p");
    fails("2BP01", "ALTER SCHEMA \"x\"\"y\" RENAME TO other");
  }

  @Test
  void a_view_that_looks_names_up_in_its_schema_follows_it() {
    run("CREATE TABLE app.p (id INT PRIMARY KEY)");
    run("INSERT INTO app.p VALUES (42)");
    Plan.Redefinition made =
        ((Plan.Definition)
                db.planner().plan(db.catalog(), "APP", "CREATE VIEW inside AS SELECT * FROM p"))
            .evaluate(db.context());
    db.view().apply(made.changes());
    run("ALTER SCHEMA app RENAME TO other");
    assertThat(db.text("SELECT * FROM other.inside")).isEqualTo("42");
    run("CREATE SCHEMA app");
    run("CREATE TABLE app.p (id INT PRIMARY KEY)");
    assertThat(db.text("SELECT * FROM other.inside")).isEqualTo("42");
    run("DROP SCHEMA app CASCADE");
    fails("2BP01", "DROP TABLE other.p");
    sameAfterRestart();
  }

  @Test
  void only_owners_rename_and_a_schema_keeps_its_owner() {
    run("CREATE USER bob PASSWORD 'x'");
    run("CREATE USER eve PASSWORD 'x'");
    run("GRANT ALL ON SCHEMA app TO bob WITH GRANT OPTION");
    run("GRANT ALL ON t TO bob");
    for (String sql :
        new String[] {
          "ALTER SCHEMA app RENAME TO other",
          "ALTER VIEW v RENAME TO w",
          "ALTER INDEX i RENAME TO j",
          "ALTER SEQUENCE s RENAME TO r"
        }) {
      db.as("BOB");
      fails("42501", sql);
    }
    db.as("ROOT");
    run("CREATE SCHEMA owned");
    run("GRANT USAGE, CREATE ON SCHEMA owned TO bob");
    run("ALTER SCHEMA owned RENAME TO held");
    run("ALTER SCHEMA app RENAME TO other");
    db.as("BOB");
    run("CREATE TABLE held.x (a INT)");
    run("CREATE TABLE other.x (a INT)");
    fails("42501", "DROP SCHEMA held CASCADE");
    db.as("EVE");
    fails("42501", "SELECT * FROM held.x");
    db.as("ROOT");
    fails("2BP01", "DROP USER root");
  }

  @Test
  void an_administrator_does_not_come_to_own_what_he_renames() {
    run("CREATE USER other PASSWORD 'x' ADMIN");
    run("CREATE SCHEMA owned");
    db.as("OTHER");
    run("ALTER SCHEMA owned RENAME TO held");
    assertThat(db.catalog().objects().access(ObjectKey.ofSchema("HELD")).owner()).isEqualTo("ROOT");
  }
}
