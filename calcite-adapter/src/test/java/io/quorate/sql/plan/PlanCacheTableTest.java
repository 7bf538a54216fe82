package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SYSTEM.PLAN_CACHE: what it says of each plan, of which there is none, and to whom. */
final class PlanCacheTableTest {
  private static final String BY_KEY = "SELECT b FROM t WHERE a = 1";

  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void table() {
    db.execute("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
  }

  private String asked(String what, String statement) {
    return db.text("SELECT " + what + " FROM system.plan_cache WHERE statement = ?", statement);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT b FROM t WHERE a = 1 | SHORT",
        "SELECT COUNT(*) FROM t | SHORT",
        "VALUES (1) | SHORT",
        "INSERT INTO t VALUES (1, 2) | SHORT",
        "UPDATE t SET b = 3 WHERE a = 1 | SHORT",
        "DELETE FROM t WHERE a = 1 RETURNING b | SHORT",
        "EXPLAIN PLAN FOR SELECT b FROM t WHERE a = 1 | SHORT",
        "SELECT b, COUNT(*) FROM t GROUP BY b | GENERAL",
        "INSERT INTO t SELECT a + 1, COUNT(*) FROM t GROUP BY a | GENERAL",
        "UPDATE t SET b = (SELECT MAX(x.b) FROM t x) WHERE a = 1 | GENERAL",
        "DELETE FROM t WHERE b = (SELECT SUM(x.b) FROM t x) RETURNING a | GENERAL",
        "MERGE INTO t USING (VALUES (1)) s(x) ON t.a = s.x WHEN MATCHED THEN UPDATE SET b = 4"
            + " | GENERAL",
        "EXPLAIN PLAN FOR SELECT b, COUNT(*) FROM t GROUP BY b | GENERAL",
        "EXPLAIN ANALYZE SELECT b, COUNT(*) FROM t GROUP BY b | GENERAL",
        "CREATE TABLE u AS SELECT b, COUNT(*) AS c FROM t GROUP BY b | DEFINITION",
        "COMMIT | SESSION"
      })
  void a_plan_has_its_kind(String statement, String kind) {
    db.plan(statement);
    assertThat(asked("kind", statement)).isEqualTo(kind);
  }

  @Test
  void hits_are_counted_from_the_second_time_on() {
    db.plan(BY_KEY);
    assertThat(asked("hits", BY_KEY)).isEqualTo("0");
    db.plan(BY_KEY);
    db.plan(BY_KEY);
    assertThat(asked("hits", BY_KEY)).isEqualTo("2");
  }

  @Test
  void a_plan_is_of_one_schema_and_version_and_has_the_time_when_it_was_made() {
    long version = db.catalog().version();
    db.plan(BY_KEY);
    db.execute("CREATE SCHEMA s");
    db.execute("CREATE TABLE s.t (a INT PRIMARY KEY, b INT)");
    db.planner().plan(db.catalog(), "S", BY_KEY);
    assertThat(asked("schema_name, catalog_version, made_at", BY_KEY))
        .isEqualTo(
            Catalog.DEFAULT_SCHEMA
                + ("|" + version + "|2026-11-22T10:20:30.123\n")
                + ("S|" + (version + 2) + "|2026-11-22T10:20:30.123"));
  }

  @Test
  void a_plan_for_other_literals_too_has_its_level_and_none_of_the_values() {
    for (String key : List.of("1", "2", "3", "4")) {
      db.plan("SELECT b, 17 FROM t WHERE a = " + key + " AND b < 99 ");
    }
    assertThat(
            db.text(
                "SELECT statement, kind, hits, level FROM system.plan_cache"
                    + " WHERE statement LIKE 'SELECT b%'"))
        .isEqualTo(
            "SELECT b, 17 FROM t WHERE a = 1 AND b < 99 |SHORT|0|TEXT\n"
                + "SELECT b, 17 FROM t WHERE a = «INTEGER» AND b < «INTEGER» |SHORT|2|LITERALS");
  }

  @Test
  void no_password_is_shown() {
    db.execute("CREATE USER root PASSWORD 'hush'");
    db.as("ROOT").execute("ALTER USER root PASSWORD 'hushed'");
    assertThat(db.text("SELECT statement FROM system.plan_cache"))
        .contains("CREATE TABLE t")
        .doesNotContain("CREATE USER", "ALTER USER");
  }

  @Test
  void only_administrators_may_read_it() {
    db.execute("CREATE USER root PASSWORD 'x'");
    db.as("ROOT").execute("CREATE USER eve PASSWORD 'x'");
    assertThat(asked("hits", BY_KEY)).isEmpty();
    db.as("EVE");
    assertThatExceptionOfType(SqlFailure.class)
        .isThrownBy(() -> asked("hits", BY_KEY))
        .matches(failure -> failure.state() == State.INSUFFICIENT_PRIVILEGE);
  }

  @Test
  void the_information_schema_names_it() {
    assertThat(
            db.text(
                "SELECT column_name, column_type FROM information_schema.columns"
                    + " WHERE table_schema = 'SYSTEM' AND table_name = 'PLAN_CACHE'"
                    + " ORDER BY ordinal_position"))
        .isEqualTo(
            "STATEMENT|VARCHAR\nSCHEMA_NAME|VARCHAR\nKIND|VARCHAR\nHITS|BIGINT\n"
                + "MADE_AT|TIMESTAMP(3)\nCATALOG_VERSION|BIGINT\nLEVEL|VARCHAR");
  }
}
