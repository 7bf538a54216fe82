package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.exec.PasswordVerifiers;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.SqlFailure;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What EXPLAIN ANALYZE tells of rows, which is exact, and of times by clocks of its own. */
final class ExplainAnalyzeTest {
  private static final Pattern COUNTED = Pattern.compile("^( *\\w+).* actual (rows=.*), time=.*$");
  private static final Pattern TIME = Pattern.compile("ime(?:=|: )([0-9.]+) ms");

  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void fill() {
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, grp INTEGER, name VARCHAR(10))");
    db.execute("CREATE INDEX i_grp ON t (grp)");
    db.execute("CREATE TABLE u (grp INTEGER PRIMARY KEY, word VARCHAR(10))");
    for (int i = 0; i < 100; i++) {
      db.execute("INSERT INTO t VALUES (?, ?, ?)", i, i % 10, "n" + i);
    }
    db.execute("INSERT INTO u VALUES (1, 'one'), (2, 'two'), (50, 'fifty')");
  }

  private String explained(String sql, @Nullable Object... parameters) {
    return db.text("EXPLAIN ANALYZE " + sql, parameters);
  }

  /** Of each operator its name and what was counted. */
  private List<String> counted(String sql, @Nullable Object... parameters) {
    List<String> counted = new ArrayList<>();
    explained(sql, parameters)
        .lines()
        .map(COUNTED::matcher)
        .filter(Matcher::matches)
        .forEach(line -> counted.add(line.group(1) + " " + line.group(2)));
    return counted;
  }

  @Test
  void a_short_plan_tells_rows_read_and_rows_kept() {
    assertThat(
            explained("SELECT name FROM t WHERE grp = ? AND id + 0 > 50 ORDER BY name LIMIT 3", 4))
        .isEqualTo(
            """
            Route: any replica
            Short plan on PUBLIC.T
              Access: index range of index I_GRP (GRP) (estimated rows=1)
              Scan filter: =(GRP, ?0) (actual rows=10)
              Filter: >(+(ID, 0), 50) (actual rows=5)
              Sort: NAME
              Limit: 3
            Rows: 3
            Memory: 1150 bytes
            Time: 0.000 ms""");
    assertThat(explained("SELECT name FROM t WHERE id = 5"))
        .contains("point lookup by primary key T_PKEY (ID) (estimated rows=1, actual rows=1)")
        .contains("\nRows: 1\n");
    assertThat(explained("SELECT name FROM t WHERE name LIKE '%9' OR id < 2"))
        .contains("full scan (estimated rows=100, actual rows=100)", ") (actual rows=12)\n");
    assertThat(explained("SELECT name FROM t LIMIT 7"))
        .contains("full scan (estimated rows=100, actual rows=7)");
    assertThat(explained("SELECT MAX(id), MIN(id) FROM t")).contains("backward", "\nRows: 1\n");
    assertThat(explained("SELECT COUNT(*) FROM t")).contains("Row count of PUBLIC.T\nRows: 1\n");
    assertThat(explained("VALUES (1), (2)")).contains("\nRows: 2\n");
  }

  @Test
  void each_operator_of_a_compiled_plan_tells_its_rows() {
    assertThat(
            counted(
                "SELECT u.word, COUNT(*) FROM t JOIN u ON t.grp = u.grp WHERE t.id < ?"
                    + " GROUP BY u.word ORDER BY 1",
                60))
        .containsExactly(
            "EnumerableSort rows=2",
            "  EnumerableAggregate rows=2",
            "    EnumerableHashJoin rows=12",
            "      StoreScan rows=60",
            "      StoreScan rows=3");
    assertThat(counted("SELECT COUNT(*) FROM t WHERE id > 9 AND name LIKE '%5'"))
        .containsExactly(
            "EnumerableAggregate rows=1", "  EnumerableCalc rows=9", "    StoreScan rows=90");
  }

  @Test
  void what_runs_again_is_counted_together() {
    assertThat(counted("SELECT t.id FROM t JOIN u ON t.id < u.grp WHERE t.id < 40"))
        .containsExactly(
            "EnumerableCalc rows=43",
            "  EnumerableNestedLoopJoin rows=43",
            "    StoreScan rows=40",
            "    StoreScan rows=120, runs=40");
    assertThat(
            counted(
                "WITH RECURSIVE r (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5)"
                    + " SELECT * FROM r"))
        .containsExactly(
            "RecursiveUnion rows=5",
            "  EnumerableValues rows=1",
            "  EnumerableCalc rows=4, runs=5",
            "    WorkingScan rows=5, runs=5");
    assertThat(explained("SELECT id FROM t UNION ALL SELECT grp FROM u FETCH FIRST 5 ROWS ONLY"))
        .contains("never run");
  }

  @Test
  void estimates_go_by_statistics() {
    db.execute("ANALYZE");
    String joined =
        explained("SELECT t.name, u.word FROM t JOIN u ON t.grp = u.grp WHERE t.grp < 5");
    assertThat(joined)
        .containsPattern("StoreScan.*\\[PUBLIC, T\\].*estimated rows=50, actual rows=50,")
        .containsPattern("StoreScan.*\\[PUBLIC, U\\].*estimated rows=3, actual rows=3,");
    assertThat(explained("SELECT name FROM t WHERE grp = 4"))
        .contains("(estimated rows=10)\n  Scan filter: =(GRP, 4) (actual rows=10)");
  }

  @Test
  void a_step_has_the_time_of_those_below_it() {
    long[] millis = {0};
    CalcitePlanner planner =
        new CalcitePlanner(
            db.statistics(),
            SystemTables.NONE,
            PasswordVerifiers.NONE,
            new PlannerClocks(InstantSource.system(), () -> ++millis[0] * 1_000_000));
    Plan plan =
        planner.plan(
            db.catalog(),
            Catalog.DEFAULT_SCHEMA,
            "EXPLAIN ANALYZE SELECT name FROM t GROUP BY name ORDER BY 1");
    List<Double> times = new ArrayList<>();
    db.rows((Plan.Query) plan)
        .forEach(
            row -> {
              Matcher time = TIME.matcher(String.valueOf(row.get(0)));
              if (time.find()) {
                times.add(Double.valueOf(time.group(1)));
              }
            });
    double whole = times.remove(times.size() - 1);
    assertThat(times).hasSizeGreaterThan(1);
    // The clock ticks once for each look at it: twice a row at least.
    assertThat(times.get(times.size() - 1)).isGreaterThan(200);
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i)).isLessThan(times.get(i - 1));
    }
    assertThat(whole).isGreaterThan(times.get(0));
  }

  @Test
  void sequences_are_asked_on_the_leader() {
    db.execute("CREATE SEQUENCE s");
    Plan.Query plan = (Plan.Query) db.plan("EXPLAIN ANALYZE SELECT NEXT VALUE FOR s FROM u");
    assertThat(plan.draws()).isTrue();
    assertThat(db.rows(plan).get(0)).isEqualTo(List.of("Route: leader"));
    assertThat(db.text("SELECT NEXT VALUE FOR s")).isEqualTo("4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM t",
        "UPDATE t SET name = 'x'",
        "INSERT INTO t VALUES (1000, 1, 'a')",
        "INSERT INTO t SELECT * FROM t",
        "DELETE FROM t RETURNING id",
        "MERGE INTO t USING u ON t.id = u.grp WHEN MATCHED THEN DELETE",
      })
  void a_change_is_not_made(String sql) {
    assertThatThrownBy(() -> explained(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).isEqualTo(SqlFailure.State.NOT_SUPPORTED))
        .hasMessageContaining("EXPLAIN shows how a change would run");
    assertThat(db.text("SELECT COUNT(*) FROM t")).isEqualTo("100");
  }

  @Test
  void bounds_are_the_querys() {
    assertThatThrownBy(() -> explained("SELECT id / (id - 5) FROM t"))
        .hasMessage("division by zero");
    db.memoryBytesMax(1000);
    assertThatThrownBy(() -> explained("SELECT id FROM t ORDER BY name"))
        .hasMessageContaining("needs more than 1000 bytes");
    assertThatThrownBy(() -> explained("SELECT name, COUNT(*) FROM t GROUP BY name ORDER BY 2"))
        .hasMessageContaining("needs more than 1000 bytes");
  }
}
