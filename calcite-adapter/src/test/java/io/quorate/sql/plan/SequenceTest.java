package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SequenceTest {
  private final TestDatabase db = new TestDatabase();

  private long run(String sql, @Nullable Object... parameters) {
    return db.execute(sql, parameters);
  }

  private void fails(String state, String sql) {
    assertThatThrownBy(() -> runAny(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure ->
                assertThat(failure.state().sqlState()).as(failure.getMessage()).isEqualTo(state));
  }

  private void runAny(String sql) {
    if (db.plan(sql) instanceof Plan.Query) {
      db.query(sql);
    } else {
      run(sql);
    }
  }

  @Test
  void values_come_in_turn_by_each_name_of_the_function() {
    run("CREATE SEQUENCE s");
    assertThat(db.text("SELECT NEXT VALUE FOR s")).isEqualTo("1");
    assertThat(db.text("VALUES (NEXT VALUE FOR public.s, 7)")).isEqualTo("2|7");
    assertThat(db.text("SELECT nextval('s') AS n")).isEqualTo("3");
    assertThat(db.text("SELECT NEXTVAL('PUBLIC.\"S\"') + 10")).isEqualTo("14");
    assertThat(
            db.text(
                "SELECT CURRENT VALUE FOR s, x FROM (VALUES (4), (5)) v(x) WHERE x = CURRVAL('S')"))
        .isEqualTo("4|4");
  }

  @Test
  void each_mention_takes_a_value_for_each_row() {
    run("CREATE SEQUENCE s");
    run("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
    run("INSERT INTO t VALUES (3, 0), (1, 0), (2, 0)");
    assertThat(db.text("SELECT NEXTVAL('s'), NEXTVAL('s'), NEXTVAL('s') + 0")).isEqualTo("1|2|3");
    assertThat(db.query("SELECT id, NEXTVAL('s') FROM t ORDER BY id DESC"))
        .extracting(row -> row.get(1))
        .containsExactlyInAnyOrder(4L, 5L, 6L);
    // By generated code.
    assertThat(
            db.text(
                "SELECT a.id, NEXTVAL('s') - NEXTVAL('s') FROM t a JOIN t b ON a.id = b.id"
                    + " ORDER BY a.id"))
        .isEqualTo("1|-1\n2|-1\n3|-1");
    assertThat(db.text("SELECT NEXT VALUE FOR s")).isEqualTo("13");
    assertThat(run("UPDATE t SET v = NEXT VALUE FOR s")).isEqualTo(3);
    assertThat(db.text("SELECT SUM(v), COUNT(DISTINCT v) FROM t")).isEqualTo("45|3");
    run("INSERT INTO t SELECT NEXTVAL('s') + id, NULL FROM t WHERE id = 1");
    run("INSERT INTO t VALUES (NEXTVAL('s') + ?, CURRVAL('s'))", 100);
    assertThat(db.text("SELECT id, v FROM t WHERE id > 10 ORDER BY id"))
        .isEqualTo("18|null\n118|18");
  }

  @Test
  void only_queries_that_take_values_are_the_leaders() {
    run("CREATE SEQUENCE s");
    assertThat(((Plan.Query) db.plan("SELECT NEXTVAL('s')")).draws()).isTrue();
    assertThat(((Plan.Query) db.plan("SELECT CURRVAL('s')")).draws()).isFalse();
    assertThat(((Plan.Query) db.plan("SELECT 'NEXTVAL'")).draws()).isFalse();
  }

  @Test
  void a_column_may_take_its_default_from_a_sequence() {
    run("CREATE SCHEMA other");
    run("CREATE SEQUENCE other.\"my seq\" START 10");
    run("CREATE SEQUENCE s INCREMENT BY 2");
    run(
        "CREATE TABLE t (a BIGINT DEFAULT NEXT VALUE FOR s, b INT DEFAULT nextval('other.\"my"
            + " seq\"') + 1, c INT)");
    run("INSERT INTO t (c) VALUES (1), (2)");
    run("INSERT INTO t VALUES (DEFAULT, 0, 3)");
    run("INSERT INTO t (c) SELECT 4");
    assertThat(db.text("SELECT a, b, c FROM t ORDER BY c"))
        .isEqualTo("1|11|1\n3|12|2\n5|0|3\n7|13|4");
    assertThat(
            db.text(
                "SELECT column_default FROM information_schema.columns WHERE table_schema ="
                    + " 'PUBLIC' AND column_default IS NOT NULL ORDER BY ordinal_position"))
        .isEqualTo("NEXT VALUE FOR \"PUBLIC\".\"S\"\nNEXT VALUE FOR \"OTHER\".\"my seq\" + 1");
    fails("2BP01", "DROP SEQUENCE s");
    run("ALTER SEQUENCE s RENAME TO r");
    run("INSERT INTO t (c) VALUES (5)");
    assertThat(db.text("SELECT a FROM t WHERE c = 5")).isEqualTo("9");
    run("DROP SEQUENCE r CASCADE");
    run("INSERT INTO t (c) VALUES (6)");
    assertThat(db.text("SELECT a FROM t WHERE c = 6")).isEqualTo("null");
    run("ALTER TABLE t ALTER a SET DEFAULT NEXTVAL('other.\"my seq\"')");
    fails("2BP01", "DROP SEQUENCE other.\"my seq\" RESTRICT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|1 2 3",
        "INCREMENT BY 5|1 6 11",
        "START WITH 7 INCREMENT -3 MINVALUE -10 MAXVALUE 10|7 4 1",
        "INCREMENT BY -1|-1 -2 -3",
        "MINVALUE 5|5 6 7",
        "MAXVALUE 2 CYCLE|1 2 1 2",
        "MAXVALUE 2 MINVALUE -1 START 1 CYCLE|1 2 -1 0 1 2",
        "INCREMENT BY -2 MINVALUE -4 MAXVALUE 0 CYCLE START -2|-2 -4 0 -2 -4 0",
        "AS SMALLINT START 32766|32766 32767 x",
        "AS INTEGER MAXVALUE 3 NO CYCLE CACHE 2|1 2 3 x",
        "MINVALUE -5 INCREMENT BY -1 START -4|-4 -5 x",
        "START 9223372036854775807|9223372036854775807 x",
        "NO MINVALUE NO MAXVALUE CACHE 1000000|1 2",
      })
  void options_say_which_values(@Nullable String options, String values) {
    run("CREATE SEQUENCE s " + (options == null ? "" : options));
    for (String value : values.split(" ", -1)) {
      if (value.equals("x")) {
        fails("2200H", "SELECT NEXT VALUE FOR s");
      } else {
        assertThat(db.text("SELECT NEXT VALUE FOR s")).isEqualTo(value);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "22023|CREATE SEQUENCE s INCREMENT BY 0",
        "22023|CREATE SEQUENCE s START WITH 0",
        "22023|CREATE SEQUENCE s MAXVALUE 5 START WITH 6",
        "22023|CREATE SEQUENCE s AS SMALLINT MAXVALUE 32768",
        "22023|CREATE SEQUENCE s MINVALUE 5 MAXVALUE 5",
        "22023|CREATE SEQUENCE s CACHE 0",
        "22023|CREATE SEQUENCE s CACHE 1000001",
        "22023|CREATE SEQUENCE s AS VARCHAR",
        "22023|CREATE SEQUENCE s START WITH 9223372036854775808",
        "42601|CREATE SEQUENCE s CYCLE NO CYCLE",
        "42601|CREATE SEQUENCE s START 1 START WITH 2",
        "42601|CREATE SEQUENCE s RESTART WITH 2",
        "42601|ALTER SEQUENCE have",
        "42P07|CREATE SEQUENCE have",
        "42P07|CREATE SEQUENCE t",
        "42P07|CREATE TABLE have (a INT)",
        "42P07|ALTER TABLE t RENAME TO have",
        "42P07|ALTER SEQUENCE have RENAME TO t",
        "3F000|CREATE SEQUENCE nowhere.s",
        "0A000|CREATE SEQUENCE system.s",
        "42P01|SELECT NEXT VALUE FOR s",
        "42P01|SELECT NEXTVAL('nowhere.s')",
        "42P01|DROP SEQUENCE s",
        "42P01|ALTER SEQUENCE s RESTART",
        "42809|SELECT NEXT VALUE FOR t",
        "42809|SELECT * FROM have",
        "42809|DROP SEQUENCE t",
        "42809|DROP SEQUENCE IF EXISTS t",
        "42809|DROP TABLE have",
        "42809|DROP TABLE IF EXISTS have",
        "42883|SELECT NEXTVAL(1)",
        "55000|SELECT CURRVAL('have')",
        "0A000|SELECT DISTINCT NEXTVAL('have') FROM t",
        "0A000|SELECT id FROM t WHERE id = NEXTVAL('have')",
        "0A000|SELECT id FROM t ORDER BY NEXTVAL('have')",
        "0A000|SELECT x, x FROM (SELECT NEXTVAL('have') AS x) y",
        "0A000|SELECT (SELECT NEXTVAL('have'))",
        "0A000|SELECT NEXTVAL('have') UNION ALL SELECT 1",
        "0A000|DELETE FROM t WHERE id = NEXTVAL('have')",
        "0A000|UPDATE t SET id = 1 WHERE id = NEXTVAL('have')",
        "0A000|CREATE TABLE u (a INT CHECK (a < NEXT VALUE FOR have))",
        "0A000|CREATE TABLE u (a INT CHECK (a < NEXTVAL('have')))",
        "0A000|CREATE TABLE u (a BIGINT DEFAULT CURRENT VALUE FOR have)",
        "42P01|CREATE TABLE u (a BIGINT DEFAULT NEXT VALUE FOR s)",
      })
  void what_cannot_be_is_refused(String state, String sql) {
    run("CREATE SEQUENCE have");
    run("CREATE TABLE t (id INT PRIMARY KEY)");
    fails(state, sql);
  }

  @Test
  void if_exists_and_if_not_exists_pass_over_what_is_or_is_not_there() {
    run("CREATE SEQUENCE IF NOT EXISTS s START 5");
    run("CREATE SEQUENCE IF NOT EXISTS s START 9");
    assertThat(db.text("SELECT NEXT VALUE FOR s")).isEqualTo("5");
    run("DROP SEQUENCE IF EXISTS s");
    run("DROP SEQUENCE IF EXISTS s");
    run("ALTER SEQUENCE IF EXISTS s RESTART");
    run("ALTER SEQUENCE IF EXISTS s RENAME TO r");
  }

  @Test
  void altered_it_goes_on_where_it_was_unless_it_is_restarted() {
    run("CREATE SEQUENCE s MAXVALUE 100");
    run("ALTER SEQUENCE s INCREMENT BY 10");
    assertThat(db.text("SELECT NEXTVAL('s')")).isEqualTo("1");
    run("ALTER SEQUENCE s INCREMENT BY 20");
    assertThat(db.text("SELECT NEXTVAL('s')")).isEqualTo("21");
    run("ALTER SEQUENCE s RESTART");
    assertThat(db.text("SELECT NEXTVAL('s')")).isEqualTo("1");
    run("ALTER SEQUENCE s START WITH 50 RESTART WITH 99 INCREMENT 1");
    assertThat(db.text("SELECT NEXTVAL('s')")).isEqualTo("99");
    run("ALTER SEQUENCE s RESTART");
    assertThat(db.text("SELECT NEXTVAL('s'), CURRVAL('s')")).isEqualTo("50|50");
    run("ALTER SEQUENCE s RESTART 100");
    assertThat(db.text("SELECT NEXTVAL('s')")).isEqualTo("100");
    fails("22023", "ALTER SEQUENCE s CACHE 10");
    run("ALTER SEQUENCE s NO MAXVALUE CACHE 10");
    assertThat(db.text("SELECT NEXTVAL('s')")).isEqualTo("101");
    fails("22023", "ALTER SEQUENCE s RESTART WITH 0");
    fails("22023", "ALTER SEQUENCE s MAXVALUE 50");
    run("ALTER SEQUENCE s MAXVALUE 101 CYCLE");
    assertThat(db.text("SELECT NEXTVAL('s')")).isEqualTo("1");
    run("ALTER SEQUENCE s AS SMALLINT MINVALUE -7 NO CYCLE NO MAXVALUE");
    run("ALTER SEQUENCE s AS INTEGER");
    assertThat(
            db.text(
                "SELECT sequence_name, data_type, numeric_precision, start_value, minimum_value,"
                    + " maximum_value, increment, cycle_option FROM information_schema.sequences"))
        .isEqualTo("S|INTEGER|32|50|-7|2147483647|1|NO");
  }

  @Test
  void a_dropped_sequence_leaves_nothing_behind() {
    run("CREATE SCHEMA x");
    run("CREATE SEQUENCE x.s");
    db.text("SELECT NEXTVAL('x.s')");
    int counter = db.catalog().objects().findSequence("X", "S").orElseThrow().counter();
    assertThat(db.view().rowCount(counter)).isPositive();
    fails("2BP01", "DROP SCHEMA x");
    run("CREATE TABLE t (a BIGINT DEFAULT NEXTVAL('x.s'))");
    run("DROP SCHEMA x CASCADE");
    assertThat(db.view().rowCount(counter)).isZero();
    assertThat(db.catalog().find("PUBLIC", "T").orElseThrow().columns().get(0).defaultSql())
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequence", "cache", "comment", "cycle", "restart", "minvalue", "view"})
  void new_words_are_names_too(String word) {
    run("CREATE TABLE " + word + " (" + word + " INT)");
    run("INSERT INTO " + word + " (" + word + ") VALUES (1)");
    assertThat(db.text("SELECT " + word + " FROM " + word)).isEqualTo("1");
  }
}
