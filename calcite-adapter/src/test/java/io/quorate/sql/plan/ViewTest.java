package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ViewTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    run("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL, price DECIMAL(8, 2))");
    run("CREATE TABLE u (id INT PRIMARY KEY, t_id INT)");
    run("INSERT INTO t VALUES (1, 'apple', 1.50), (2, 'pear', 2.00), (3, 'fig', NULL)");
    run("INSERT INTO u VALUES (10, 1), (11, 1), (12, 3)");
  }

  private void run(String sql, @Nullable Object... parameters) {
    db.execute(sql, parameters);
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
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure ->
                assertThat(failure.state().sqlState()).as(failure.getMessage()).isEqualTo(state));
  }

  private String definition(String view) {
    return db.text(
        "SELECT view_definition FROM information_schema.views WHERE table_name = '" + view + "'");
  }

  @Test
  void a_view_is_read_as_its_query() {
    run("CREATE VIEW cheap AS SELECT id, name FROM t WHERE price < 1.80");
    run(
        "CREATE VIEW counted (what, many) AS SELECT t.name, COUNT(u.id) FROM t LEFT JOIN u ON"
            + " t.id = u.t_id GROUP BY t.name");
    assertThat(db.text("SELECT * FROM cheap")).isEqualTo("1|apple");
    assertThat(db.text("SELECT many, what FROM counted WHERE many > 0 ORDER BY many DESC"))
        .isEqualTo("2|apple\n1|fig");
    assertThat(db.text("SELECT c.name, many FROM cheap c JOIN counted ON c.name = what"))
        .isEqualTo("apple|2");
    assertThat(db.text("SELECT name FROM cheap WHERE id = ?", 1)).isEqualTo("apple");
    assertThat(db.text("SELECT COUNT(*) FROM counted")).isEqualTo("3");
    run("INSERT INTO u SELECT 20 + id, id FROM cheap");
    run("DELETE FROM u WHERE t_id IN (SELECT id FROM cheap WHERE name = 'apple')");
    assertThat(db.text("SELECT * FROM u")).isEqualTo("12|3");
  }

  @Test
  void a_view_of_views_has_their_order_unions_and_subqueries() {
    run("CREATE VIEW a AS SELECT * FROM t ORDER BY name DESC FETCH FIRST 2 ROWS ONLY");
    run(
        "CREATE VIEW b AS SELECT id, (SELECT COUNT(*) FROM u WHERE t_id = a.id) n FROM a"
            + " WHERE EXISTS (SELECT * FROM t WHERE t.id = a.id)");
    run("CREATE VIEW c AS WITH x AS (SELECT * FROM b) SELECT * FROM x UNION ALL SELECT 7, 8");
    run("CREATE VIEW d AS VALUES (1, 'x'), (2, 'y')");
    assertThat(db.text("SELECT name FROM a")).isEqualTo("pear\nfig");
    assertThat(db.text("SELECT * FROM c ORDER BY 1")).isEqualTo("2|0\n3|1\n7|8");
    assertThat(db.text("SELECT * FROM d")).isEqualTo("1|x\n2|y");
  }

  @Test
  void a_star_stands_for_the_columns_it_had() {
    run(
        """
        CREATE VIEW v (a, b, c, d, e) AS
        SELECT /* all */ x.*,
         u.* FROM t x JOIN u ON x.id = u.t_id WHERE EXISTS (SELECT * FROM u y)""");
    assertThat(definition("V"))
        .isEqualTo(
            """
            SELECT /* all */ "X"."ID", "X"."NAME", "X"."PRICE",
             "U"."ID" AS "ID0", "U"."T_ID" FROM t x JOIN u ON x.id = u.t_id WHERE EXISTS (SELECT \
            "Y"."ID", "Y"."T_ID" FROM u y)""");
    run("CREATE VIEW w AS SELECT * FROM t");
    assertThat(definition("W"))
        .isEqualTo("SELECT \"T\".\"ID\", \"T\".\"NAME\", \"T\".\"PRICE\" FROM t");
    assertThat(db.text("SELECT COUNT(*) FROM w")).isEqualTo("3");
    run("CREATE VIEW z AS SELECT COUNT(*) AS n FROM t");
    assertThat(definition("Z")).isEqualTo("SELECT COUNT(*) AS n FROM t");
    fails("0A000", "CREATE VIEW y AS SELECT * FROM t JOIN u USING (id)");
  }

  @Test
  void names_are_looked_up_where_the_view_was_made() {
    run("CREATE SCHEMA app");
    run("CREATE TABLE app.t (id INT PRIMARY KEY, v INT)");
    run("INSERT INTO app.t VALUES (1, 42)");
    Plan.Redefinition made =
        ((Plan.Definition)
                db.planner().plan(db.catalog(), "APP", "CREATE VIEW v AS SELECT * FROM t"))
            .evaluate(db.context());
    db.view().apply(made.changes());
    assertThat(db.text("SELECT * FROM app.v")).isEqualTo("1|42");
    fails("2BP01", "DROP TABLE app.t");
    fails("2BP01", "DROP SCHEMA app");
    run("CREATE VIEW w AS SELECT v FROM app.v");
    run("DROP SCHEMA app CASCADE");
    fails("42P01", "SELECT * FROM w");
    assertThat(db.text("SELECT COUNT(*) FROM t")).isEqualTo("3");
  }

  @Test
  void what_a_view_uses_is_not_taken_from_it() {
    run("CREATE VIEW v AS SELECT name AS n FROM t");
    run("CREATE VIEW w AS SELECT n FROM v");
    fails("2BP01", "DROP TABLE t");
    fails("2BP01", "DROP VIEW v");
    fails("2BP01", "ALTER TABLE t RENAME TO s");
    fails("2BP01", "ALTER TABLE t RENAME name TO s");
    run("ALTER TABLE t RENAME price TO cost");
    run("ALTER TABLE t RENAME COLUMN cost TO price");
    run("DROP TABLE u");
    run("DROP VIEW v CASCADE");
    fails("42P01", "SELECT * FROM w");
    run("CREATE VIEW v AS SELECT name AS n FROM t");
    run("CREATE VIEW w AS SELECT n FROM v");
    run("DROP TABLE t CASCADE");
    fails("42P01", "SELECT * FROM v");
    fails("42P01", "DROP VIEW w");
    assertThat(db.text("SELECT COUNT(*) FROM information_schema.views")).isEqualTo("0");
  }

  @Test
  void a_view_is_replaced_by_what_its_users_can_go_on_with() {
    run("CREATE OR REPLACE VIEW v AS SELECT id FROM t");
    run("CREATE OR REPLACE VIEW v AS SELECT name, id FROM t");
    run("CREATE VIEW w AS SELECT name FROM v");
    run("CREATE OR REPLACE VIEW v AS SELECT name, id, price FROM t WHERE id > 1");
    assertThat(db.text("SELECT * FROM w ORDER BY 1")).isEqualTo("fig\npear");
    fails("42P16", "CREATE OR REPLACE VIEW v AS SELECT id FROM t");
    fails("42P16", "CREATE OR REPLACE VIEW v AS SELECT name, 1 AS id FROM w");
    fails("42P16", "CREATE OR REPLACE VIEW v AS SELECT name, id, price FROM v");
    fails("42P07", "CREATE OR REPLACE VIEW t AS SELECT 1 AS x");
    run("CREATE VIEW IF NOT EXISTS w AS SELECT nonsense FROM nowhere");
    run("DROP VIEW IF EXISTS w");
    run("DROP VIEW IF EXISTS w");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42P01|CREATE VIEW x AS SELECT * FROM nowhere",
        "42703|CREATE VIEW x AS SELECT nonsense FROM t",
        "42P01|CREATE VIEW x AS SELECT * FROM x",
        "42P07|CREATE VIEW v AS SELECT 1 AS x",
        "42P07|CREATE VIEW t AS SELECT 1 AS x",
        "42P07|CREATE TABLE v (a INT)",
        "42P07|CREATE SEQUENCE v",
        "42P07|ALTER TABLE t RENAME TO v",
        "42601|CREATE VIEW x (a) AS SELECT id, name FROM t",
        "42601|CREATE VIEW x AS INSERT INTO t VALUES (1)",
        "42701|CREATE VIEW x (a, a) AS SELECT id, name FROM t",
        "42701|CREATE VIEW x AS SELECT id, id FROM t",
        "0A000|CREATE VIEW x AS SELECT id FROM t WHERE id = ?",
        "0A000|CREATE VIEW x AS SELECT id FROM t NATURAL JOIN u",
        "0A000|CREATE VIEW x AS SELECT NEXT VALUE FOR s AS n",
        "0A000|CREATE VIEW x AS SELECT CURRVAL('s') AS n",
        "0A000|CREATE VIEW x AS TABLE t",
        "0A000|CREATE VIEW system.x AS SELECT id FROM t",
        "3F000|CREATE VIEW nowhere.x AS SELECT id FROM t",
        "42809|INSERT INTO v VALUES (1)",
        "42809|UPDATE v SET id = 1",
        "42809|DELETE FROM v",
        "42809|INSERT INTO s VALUES (1)",
        "42809|DROP TABLE v",
        "42809|DROP TABLE IF EXISTS v",
        "42809|DROP SEQUENCE v",
        "42809|TRUNCATE TABLE v",
        "42809|ALTER TABLE v RENAME TO x",
        "42809|CREATE INDEX i ON v (id)",
        "42809|DROP VIEW t",
        "42P01|DROP VIEW x",
        "42809|SELECT NEXT VALUE FOR v",
      })
  void what_cannot_be_is_refused(String state, String sql) {
    run("CREATE SEQUENCE s");
    run("CREATE VIEW v AS SELECT id FROM t");
    fails(state, sql);
  }

  @Test
  void the_information_schema_tells() {
    run("CREATE VIEW v (a, b) AS SELECT name, price * 2 FROM t");
    assertThat(
            db.text(
                "SELECT table_name, table_type, is_insertable_into FROM information_schema.tables"
                    + " WHERE table_schema = 'PUBLIC' ORDER BY 1"))
        .isEqualTo("T|BASE TABLE|YES\nU|BASE TABLE|YES\nV|VIEW|NO");
    assertThat(
            db.text(
                "SELECT column_name, ordinal_position, is_nullable, data_type FROM"
                    + " information_schema.columns WHERE table_name = 'V' ORDER BY 2"))
        .isEqualTo("A|1|YES|CHARACTER VARYING\nB|2|YES|DECIMAL");
    assertThat(definition("V")).isEqualTo("SELECT name, price * 2 FROM t");
    assertThat(db.text("SHOW COLUMNS FROM v")).startsWith("A|VARCHAR(20)|YES");
    Plan.Query query = (Plan.Query) db.plan("SELECT a FROM v");
    assertThat(query.columns().get(0).table()).isEqualTo("V");
    assertThat(query.columns().get(0).column()).isEqualTo("A");
  }

  @Test
  void views_stand_on_each_other_only_so_deep() {
    run("CREATE VIEW v1 AS SELECT id FROM t");
    for (int i = 2; i <= 32; i++) {
      run("CREATE VIEW v" + i + " AS SELECT id FROM v" + (i - 1));
    }
    assertThat(db.text("SELECT COUNT(*) FROM v32")).isEqualTo("3");
    fails("54000", "CREATE VIEW v33 AS SELECT id FROM v32");
  }

  @Test
  void a_view_follows_what_its_table_lets_be_null() {
    run("CREATE VIEW v AS SELECT name FROM t");
    run("ALTER TABLE t ALTER name DROP NOT NULL");
    run("INSERT INTO t VALUES (4, NULL, 1)");
    assertThat(db.text("SELECT COUNT(*) FROM v WHERE name IS NULL")).isEqualTo("1");
  }
}
