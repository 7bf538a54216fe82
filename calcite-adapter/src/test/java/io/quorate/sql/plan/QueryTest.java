package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20), amount DECIMAL(15, 2),"
            + " due DATE, made TIMESTAMP(9), grp INTEGER)");
    db.execute("CREATE INDEX i_grp ON t (grp)");
    db.execute(
        "INSERT INTO t VALUES (1, 'one', 1.5, DATE '2020-01-01',"
            + " TIMESTAMP '2020-01-01 10:00:00.123456789', 1),"
            + " (2, 'two', 2.25, DATE '2020-01-02', NULL, 1),"
            + " (3, 'three', NULL, NULL, NULL, 2), (4, NULL, 10, DATE '2021-06-07', NULL, NULL)");
  }

  @Test
  void a_row_is_found_by_its_key() {
    assertThat(db.text("SELECT * FROM t WHERE id = ?", 1))
        .isEqualTo("1|one|1.50|2020-01-01|2020-01-01T10:00:00.123456789|1");
    assertThat(db.text("SELECT name FROM t WHERE id = 5")).isEmpty();
    assertThat(db.explain("SELECT * FROM t WHERE id = ?", 1))
        .contains("Route: any replica", "point lookup by primary key");
  }

  @Test
  void the_sessions_token_is_asked_for_by_short_plans_and_by_generated_code() {
    assertThat(db.text("SELECT LAST_COMMIT_TOKEN()")).isEqualTo("token");
    assertThat(db.text("SELECT last_commit_token() FROM t WHERE id = 1")).isEqualTo("token");
    assertThat(db.text("SELECT LAST_COMMIT_TOKEN() || '!', COUNT(*) FROM t")).isEqualTo("token!|4");
  }

  @Test
  void random_ids_are_made_anew_for_each_row() {
    assertThat(
            db.text(
                "SELECT COUNT(DISTINCT u), MIN(CHAR_LENGTH(CAST(u AS VARCHAR)))"
                    + " FROM (SELECT RANDOM_UUID() AS u FROM t) AS x"))
        .isEqualTo("4|36");
    db.execute("CREATE TABLE ids (id UUID DEFAULT GEN_RANDOM_UUID() PRIMARY KEY, n INTEGER)");
    db.execute("INSERT INTO ids (n) SELECT id FROM t");
    db.execute("INSERT INTO ids (n) VALUES (5), (6)");
    assertThat(db.text("SELECT COUNT(DISTINCT id) FROM ids")).isEqualTo("6");
  }

  @Test
  void where_a_statement_runs_is_the_sessions_to_say() {
    Plan read = db.plan("EXPLAIN ROUTING SELECT name FROM t WHERE id = ?");
    assertThat(read.parameters()).hasSize(1);
    assertThat(((Plan.Session) read).command())
        .isInstanceOfSatisfying(
            SessionCommand.ExplainRouting.class,
            routing -> assertThat(routing.explained()).isInstanceOf(Plan.Query.class));
    assertThat(((Plan.Session) db.plan("EXPLAIN ROUTING DELETE FROM t")).command())
        .isInstanceOfSatisfying(
            SessionCommand.ExplainRouting.class,
            routing -> assertThat(routing.explained()).isInstanceOf(Plan.Change.class));
  }

  @Test
  void ranges_walk_keys_in_order() {
    assertThat(db.text("SELECT id FROM t WHERE id >= ? AND id < ? ORDER BY id", 2, 4))
        .isEqualTo("2\n3");
    assertThat(db.explain("SELECT id FROM t WHERE id >= 2 AND id < 4 ORDER BY id"))
        .contains("range of primary key", "as the key has it");
    assertThat(db.text("SELECT id FROM t WHERE id IN (4, 1, 9)")).isEqualTo("1\n4");
    assertThat(db.text("SELECT id FROM t WHERE id > 1.5 AND id <= 1e3 ORDER BY id DESC"))
        .isEqualTo("4\n3\n2");
    assertThat(db.text("SELECT id FROM t ORDER BY name NULLS FIRST LIMIT 2 OFFSET 1"))
        .isEqualTo("1\n3");
  }

  @Test
  void an_index_leads_to_rows() {
    assertThat(db.text("SELECT id FROM t WHERE grp = 1")).isEqualTo("1\n2");
    assertThat(db.explain("SELECT id FROM t WHERE grp = 1")).contains("index range of index I_GRP");
    assertThat(db.text("SELECT id FROM t WHERE grp BETWEEN 1 AND 2")).isEqualTo("1\n2\n3");
    assertThat(db.text("SELECT id FROM t WHERE grp IS NULL")).isEqualTo("4");
  }

  @Test
  void aggregates_and_joins_are_compiled() {
    assertThat(db.text("SELECT COUNT(*) FROM t")).isEqualTo("4");
    assertThat(db.text("SELECT COUNT(*), COUNT(amount), SUM(amount), SUM(id), AVG(id) FROM t"))
        .isEqualTo("4|3|13.75|10|2.5000000000");
    assertThat(db.text("SELECT grp, COUNT(*) FROM t GROUP BY grp ORDER BY grp"))
        .isEqualTo("1|2\n2|1\nnull|1");
    assertThat(db.text("SELECT a.id, b.id FROM t a JOIN t b ON a.grp = b.grp AND a.id < b.id"))
        .isEqualTo("1|2");
    assertThat(db.text("SELECT id FROM t WHERE amount > (SELECT AVG(amount) FROM t)"))
        .isEqualTo("4");
    assertThat(db.text("SELECT 7 / 2, 7.0 / 2, 1 + 1.5")).isEqualTo("3|3.5000000000|2.5");
  }

  @Test
  void distinct_aggregates_mix_with_others() {
    assertThat(db.text("SELECT COUNT(*), COUNT(DISTINCT grp), SUM(DISTINCT grp) FROM t"))
        .isEqualTo("4|2|3");
    assertThat(
            db.text(
                "SELECT grp, COUNT(DISTINCT name), COUNT(*), SUM(id) FROM t GROUP BY grp"
                    + " ORDER BY grp"))
        .isEqualTo("1|2|2|3\n2|1|1|3\nnull|0|1|4");
    assertThat(db.text("SELECT COUNT(DISTINCT id), SUM(CAST(id AS BIGINT)) FROM t"))
        .isEqualTo("4|10");
  }

  @Test
  void windows_and_sets_are_compiled() {
    assertThat(
            db.text(
                "SELECT id, SUM(id) OVER (ORDER BY id), RANK() OVER (ORDER BY grp) FROM t"
                    + " ORDER BY id"))
        .isEqualTo("1|1|1\n2|3|1\n3|6|3\n4|10|4");
    assertThat(db.text("SELECT id FROM t WHERE id < 3 UNION SELECT grp FROM t ORDER BY 1"))
        .isEqualTo("1\n2\nnull");
    assertThat(db.text("SELECT grp FROM t INTERSECT SELECT id FROM t ORDER BY 1"))
        .isEqualTo("1\n2");
    assertThat(db.text("SELECT EXTRACT(YEAR FROM due), COUNT(*) FROM t GROUP BY 1 ORDER BY 1"))
        .isEqualTo("2020|2\n2021|1\nnull|1");
  }

  @Test
  void constants_need_no_table() {
    assertThat(db.text("SELECT 1")).isEqualTo("1");
    assertThat(db.text("VALUES (1, 'a'), (2, 'bcd')")).isEqualTo("1|a\n2|bcd");
    assertThat(db.text("SELECT CURRENT_TIMESTAMP, CURRENT_DATE, USER"))
        .isEqualTo("2026-11-22T10:20:30.123456789|2026-11-22|tester");
    assertThat(db.text("SELECT CURRENT_TIMESTAMP, USER, MAX(id) FROM t"))
        .isEqualTo("2026-11-22T10:20:30.123|tester|4");
    assertThat(db.text("SELECT CAST(? AS INTEGER) + 1, 'é' || '日本'", "41")).isEqualTo("42|é日本");
  }

  @Test
  void text_is_compared_as_it_is() {
    assertThat(db.text("SELECT id FROM t WHERE name = 'one' OR name = 'three '")).isEqualTo("1");
    assertThat(
            db.text(
                "SELECT id, CASE WHEN id = 1 THEN 'a' ELSE 'longer' END || '!' FROM t"
                    + " WHERE name LIKE 't%'"))
        .isEqualTo("2|longer!\n3|longer!");
    assertThat(db.text("SELECT MAX(CASE WHEN id = 1 THEN 'a' ELSE 'b' END) FROM t WHERE id = 1"))
        .isEqualTo("a");
  }

  /** Found by MetamorphicTest: a parameter of a compiled plan was filled up with blanks. */
  @Test
  void fixed_texts_are_compared_without_their_blanks() {
    db.execute("CREATE TABLE f (id INTEGER PRIMARY KEY, c CHAR(4))");
    db.execute("INSERT INTO f VALUES (1, 'x'), (2, 'xy')");
    String joined = "SELECT f.id FROM f JOIN t ON f.id = t.id WHERE ";
    assertThat(db.text(joined + "c = ? OR t.id = 7", "x")).isEqualTo("1");
    assertThat(db.text(joined + "c = ? OR t.id = 7", "x   ")).isEqualTo("1");
    assertThat(db.text(joined + "c <> ? OR t.id = 7", "x")).isEqualTo("2");
    assertThat(db.text(joined + "CAST(c AS CHAR(8)) = ? OR t.id = 7", "xy")).isEqualTo("2");
  }

  @Test
  void trim_takes_away_any_of_the_characters() {
    assertThat(
            db.text(
                "SELECT TRIM('xy' FROM 'yxaxy'), TRIM(LEADING 'xy' FROM name), TRIM(BOTH FROM ' b '),"
                    + " TRIM(TRAILING 'eno' FROM name) FROM t WHERE id = 1"))
        .isEqualTo("a|one|b|");
  }

  @Test
  void texts_are_measured_in_characters_or_octets() {
    assertThat(
            db.text(
                "SELECT CHAR_LENGTH('é'), CHARACTER_LENGTH(name USING CHARACTERS),"
                    + " CHAR_LENGTH('é' USING OCTETS), SUBSTRING(name FROM 2 FOR 1 USING CHARACTERS),"
                    + " POSITION('e' IN name USING CHARACTERS), TRIM(FROM ' x ')"
                    + " FROM t WHERE id = 1"))
        .isEqualTo("1|3|2|n|3|x");
  }

  @Test
  void a_plus_before_a_value_changes_nothing() {
    assertThat(
            db.text(
                "SELECT + name, +(+id), - + amount FROM t WHERE NOT + name IS NULL AND +id = 1"))
        .isEqualTo("one|1|-1.50");
    assertThat(db.explain("SELECT * FROM t WHERE + id = 1")).contains("point lookup");
    assertThat(db.text("SELECT id FROM t ORDER BY -id, +1")).isEqualTo("4\n3\n2\n1");
  }

  @Test
  void limits_may_be_parameters() {
    assertThat(db.text("SELECT id FROM t ORDER BY id LIMIT ? OFFSET ?", 2, 1)).isEqualTo("2\n3");
    assertThat(
            db.text(
                "SELECT grp, COUNT(*) FROM t GROUP BY grp ORDER BY 1 FETCH FIRST ? ROWS ONLY", 1))
        .isEqualTo("1|2");
  }

  @Test
  void a_key_that_is_known_is_known_of_the_table_joined_with_it() {
    db.execute("CREATE TABLE item (id INTEGER, line INTEGER, PRIMARY KEY (id, line))");
    db.execute("INSERT INTO item VALUES (1, 1), (1, 2), (2, 1)");
    String sql =
        "SELECT t.name, i.line FROM t JOIN item i ON i.id = t.id WHERE t.id = ? ORDER BY 2";
    assertThat(db.text(sql, 1)).isEqualTo("one|1\none|2");
    assertThat(db.explain(sql, 1))
        .contains("point lookup by primary key", "range of primary key")
        .doesNotContain("full scan");
  }

  @Test
  void a_plan_is_made_once_while_the_catalog_stands_and_tables_keep_their_size() {
    String join = "SELECT COUNT(*) FROM t a JOIN t b ON a.id = b.id";
    Plan plan = db.plan(join);
    assertThat(db.plan(join)).isSameAs(plan);
    for (int i = 10; i < 4500; i++) {
      db.execute("INSERT INTO t (id) VALUES (?)", i);
    }
    assertThat(db.plan(join)).isNotSameAs(plan);
    Plan shortPlan = db.plan("SELECT * FROM t WHERE id = 1");
    assertThat(db.plan("SELECT * FROM t WHERE id = 1")).isSameAs(shortPlan);
    db.execute("CREATE TABLE u (id INTEGER)");
    assertThat(db.plan("SELECT * FROM t WHERE id = 1")).isNotSameAs(shortPlan);
  }

  @Test
  void a_key_that_is_not_read_makes_no_other_column_unique() {
    assertThat(db.text("SELECT DISTINCT grp, -grp FROM t ORDER BY 1"))
        .isEqualTo("1|-1\n2|-2\nnull|null");
    assertThat(db.text("SELECT grp + 1, 2 * grp FROM t GROUP BY grp + 1, 2 * grp ORDER BY 1"))
        .isEqualTo("2|2\n3|4\nnull|null");
    assertThat(db.text("SELECT DISTINCT id, -id FROM t ORDER BY 1"))
        .isEqualTo("1|-1\n2|-2\n3|-3\n4|-4");
    assertThat(db.explain("SELECT DISTINCT id, -id FROM t")).doesNotContain("Aggregate");
  }

  @Test
  void rows_of_a_join_that_a_key_tells_apart_are_not_aggregated() {
    String joined = " FROM t a JOIN t b ON a.grp = b.id";
    assertThat(db.explain("SELECT DISTINCT a.id, b.name" + joined)).doesNotContain("Aggregate");
    assertThat(db.explain("SELECT COUNT(DISTINCT a.id), COUNT(DISTINCT a.id)" + joined))
        .containsOnlyOnce("EnumerableAggregate");
    assertThat(db.explain("SELECT DISTINCT b.id, b.name" + joined))
        .containsOnlyOnce("EnumerableAggregate");
  }

  @Test
  void covariances_of_whole_numbers_have_fractions() {
    assertThat(
            db.text(
                "SELECT COVAR_POP(id, grp), COVAR_SAMP(id, grp), REGR_SXX(id, grp),"
                    + " REGR_SYY(grp, id), COVAR_POP(grp, amount) FROM t WHERE grp IS NOT NULL"))
        .isEqualTo("0.3333333333333333|0.5|0.6666666666666666|0.6666666666666666|0.0");
  }

  @Test
  void a_window_may_need_no_column_and_its_aggregates_have_filters() {
    assertThat(db.text("SELECT COUNT(*) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t"))
        .isEqualTo("1\n2\n2\n2");
    assertThat(
            db.text(
                "SELECT id, COUNT(*) FILTER (WHERE id > 1) OVER (PARTITION BY grp),"
                    + " SUM(amount) FILTER (WHERE name LIKE 't%') OVER (ORDER BY id)"
                    + " FROM t ORDER BY id"))
        .isEqualTo("1|1|null\n2|1|2.25\n3|1|2.25\n4|1|2.25");
    assertFails(
        "SELECT ROW_NUMBER() FILTER (WHERE id > 1) OVER (ORDER BY id) FROM t",
        "FILTER of ROW_NUMBER over a window is not supported");
    assertFails(
        "SELECT FIRST_VALUE(grp) IGNORE NULLS OVER (ORDER BY id) FROM t",
        "IGNORE NULLS of FIRST_VALUE is not supported");
    assertFails(
        "SELECT LAG(grp) IGNORE NULLS OVER (ORDER BY id) FROM t",
        "IGNORE NULLS of LAG is not supported");
    assertFails(
        "SELECT COUNT(DISTINCT grp) OVER () FROM t",
        "DISTINCT in COUNT over a window is not supported");
    assertFails(
        "SELECT SUM(DISTINCT id) FILTER (WHERE id > 1) OVER () FROM t",
        "DISTINCT in SUM over a window is not supported");
    assertThat(db.text("SELECT DISTINCT MAX(DISTINCT id) OVER () FROM t")).isEqualTo("4");
  }

  private void assertFails(String sql, String message) {
    assertThatThrownBy(() -> db.text(sql)).isInstanceOf(SqlFailure.class).hasMessage(message);
  }

  @Test
  void many_threads_plan_at_once() throws Exception {
    db.planner().warmUp(db.view());
    db.planner().warmUpQueries(db.view());
    Catalog catalog = db.catalog();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Plan>> plans = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String sql = "SELECT COUNT(*) + " + i + " FROM t a JOIN t b ON a.id = b.id";
        plans.add(threads.submit(() -> db.planner().plan(catalog, "PUBLIC", sql)));
      }
      for (int i = 0; i < plans.size(); i++) {
        assertThat(db.rows((Plan.Query) plans.get(i).get(60, TimeUnit.SECONDS)))
            .isEqualTo(List.of(List.of(4L + i)));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void columns_say_where_they_come_from() {
    Plan.Query plan = (Plan.Query) db.plan("SELECT id AS k, amount * 2 FROM t WHERE name = ?");
    assertThat(plan.columns().get(0))
        .isEqualTo(
            new ResultColumn("K", SqlType.of(SqlType.Name.INTEGER), false, "PUBLIC", "T", "ID"));
    assertThat(plan.columns().get(1).table()).isEmpty();
    assertThat(plan.parameters().get(0).type()).hasToString("VARCHAR(20)");
  }

  @Test
  void information_schema_is_asked() {
    assertThat(
            db.text(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"))
        .isEqualTo("T");
    assertThat(db.text("SHOW TABLES")).isEqualTo("PUBLIC|T|BASE TABLE");
  }

  /** Seed 8 of MetamorphicTest: the key of the table was taken for one of what is left of it. */
  @Test
  void a_key_that_is_not_read_makes_nothing_unique() {
    db.execute("CREATE TABLE k (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, c VARCHAR(5))");
    db.execute("INSERT INTO k VALUES (1, 1, 5, 'x'), (2, 1, 5, 'y'), (3, 2, 5, 'z')");
    assertThat(db.text("SELECT DISTINCT b, a FROM k WHERE c <> 'z'")).isEqualTo("5|1");
    assertThat(db.text("SELECT a, COUNT(*) FROM k WHERE c <> 'z' GROUP BY a")).isEqualTo("1|2");
  }

  /** Seed 4 of MetamorphicTest: of rows alike that find no partner one was left. */
  @Test
  void a_right_or_full_join_keeps_each_row_without_partner() {
    db.execute("CREATE TABLE l (id INTEGER PRIMARY KEY, a INTEGER)");
    db.execute("CREATE TABLE r (id INTEGER PRIMARY KEY, a INTEGER)");
    db.execute("INSERT INTO l VALUES (1, 5)");
    db.execute("INSERT INTO r VALUES (1, 7), (2, 7), (3, NULL), (4, NULL), (5, 4)");
    assertThat(
            db.text(
                "SELECT l.id, COUNT(*) FROM l RIGHT JOIN r ON l.a > r.a GROUP BY l.id ORDER BY 1"))
        .isEqualTo("1|1\nnull|4");
    assertThat(db.query("SELECT l.id, r.a FROM l FULL JOIN r ON l.a < r.a - 2")).hasSize(6);
    assertThat(db.query("SELECT r.a FROM l RIGHT JOIN r ON l.id > 1")).hasSize(5);
    assertThat(db.query("SELECT r.a FROM l FULL JOIN r ON l.id = r.id AND l.a > r.a")).hasSize(6);
  }

  @Test
  void a_comparison_with_null_is_unknown_whatever_is_on_the_other_side() {
    TestDatabase database = new TestDatabase();
    database.execute("CREATE TABLE n (id INT PRIMARY KEY, x INT)");
    database.execute("INSERT INTO n VALUES (1, 0), (2, 5)");
    for (String condition :
        List.of(
            "79 / x < - CAST(NULL AS INT)",
            "79 / x = CAST(NULL AS INT) + x",
            "CAST(NULL AS INT) <> 79 / x OR x = 7",
            "NOT (79 / x >= + CAST(NULL AS INT))")) {
      assertThat(database.query("SELECT DISTINCT x FROM n WHERE " + condition))
          .as(condition)
          .isEmpty();
      assertThat(
              database.query(
                  "SELECT COUNT(*) FROM n a LEFT JOIN n b ON a.id = b.id AND "
                      + condition.replace("x", "b.x")
                      + " WHERE b.id IS NULL"))
          .as(condition)
          .isEqualTo(List.of(List.of(2L)));
    }
    assertThat(
            database.query(
                "SELECT x FROM n WHERE 79 / (x + 1) IS DISTINCT FROM - CAST(NULL AS INT) ORDER BY x"))
        .isEqualTo(List.of(List.of(0), List.of(5)));
  }

  @Test
  void a_key_that_would_have_to_be_null_joins_nothing() {
    TestDatabase database = new TestDatabase();
    database.execute("CREATE TABLE k (id INT PRIMARY KEY, c INT)");
    database.execute("CREATE TABLE f (c INT, d DOUBLE)");
    database.execute("INSERT INTO k VALUES (1, 1), (2, NULL)");
    database.execute("INSERT INTO f VALUES (NULL, 1), (1, 2)");
    for (String condition : List.of("f.c IS NULL", "(f.c = 1.5) IS NULL")) {
      String joined = " FROM f JOIN k ON f.c = k.id WHERE " + condition;
      assertThat(database.query("SELECT k.id, f.d" + joined)).isEmpty();
      assertThat(database.query("SELECT k.id + 1, COUNT(*)" + joined + " GROUP BY k.id")).isEmpty();
      assertThat(
              database.query(
                  "SELECT k.id" + joined + " UNION SELECT k.id FROM f JOIN k ON f.c = k.id"))
          .isEqualTo(List.of(List.of(1)));
    }
  }

  /** Seeds 93, 155 and 184 of {@link MetamorphicTest}. */
  @Test
  void a_join_has_a_condition_of_nullable_parts() {
    TestDatabase database = new TestDatabase();
    database.execute("CREATE TABLE p (id INT PRIMARY KEY, k INT, b BOOLEAN)");
    database.execute("INSERT INTO p VALUES (1, 5, TRUE), (2, 7, NULL), (3, 9, FALSE)");
    String joined = "SELECT x.id, y.id FROM p x JOIN p y ON ";
    String unknown = "(NULL OR (NULLIF(x.k, 5) > 6 AND y.b IS NOT NULL)) IS NULL";
    for (String condition : List.of("x.k = y.k AND ", "x.k <= y.k AND x.k >= y.k AND ")) {
      assertThat(database.text(joined + condition + unknown + " ORDER BY 1")).isEqualTo("1|1\n2|2");
      assertThat(database.text(joined + condition + "NOT " + unknown + " ORDER BY 1"))
          .isEqualTo("3|3");
    }
  }
}
