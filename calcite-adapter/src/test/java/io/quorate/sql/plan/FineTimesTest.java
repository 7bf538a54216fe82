package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where the digits of a TIMESTAMP behind its milliseconds stay, and where they do not yet: what is
 * said in docs/conformance.md.
 */
final class FineTimesTest {
  private static final TestDatabase DB = new TestDatabase();
  private static final LocalDateTime FIRST = LocalDateTime.parse("2020-01-01T10:00:00.123456001");
  private static final LocalDateTime SECOND = LocalDateTime.parse("2020-01-01T10:00:00.123456002");

  @BeforeAll
  static void fill() {
    DB.execute("CREATE TABLE plain (n INTEGER PRIMARY KEY, ts TIMESTAMP(9))");
    DB.execute("CREATE TABLE indexed (n INTEGER PRIMARY KEY, ts TIMESTAMP(9))");
    DB.execute("CREATE UNIQUE INDEX i_ts ON indexed (ts)");
    for (String table : List.of("plain", "indexed")) {
      DB.execute("INSERT INTO " + table + " VALUES (1, ?), (2, ?)", SECOND, FIRST);
    }
  }

  private static void assertKept(String sql, Object... parameters) {
    assertThat(DB.query(sql, parameters)).as(sql).isEqualTo(List.of(List.of(FIRST)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "indexed"})
  void queries_of_one_table_keep_them(String table) {
    assertKept("SELECT ts FROM " + table + " WHERE n = 2");
    assertKept("SELECT ts FROM " + table + " ORDER BY n DESC LIMIT 1");
    assertKept("SELECT ts FROM " + table + " ORDER BY ts LIMIT 1");
    assertKept("SELECT ts FROM " + table + " WHERE ts < ?", SECOND);
    assertKept(
        "SELECT ts FROM " + table + " WHERE ts <= TIMESTAMP '2020-01-01 10:00:00.123456001'");
    assertKept("SELECT CAST(ts AS TIMESTAMP(9)) FROM " + table + " WHERE ts = ?", FIRST);
    assertKept("SELECT CASE WHEN n = 2 THEN ts END FROM " + table + " WHERE n > 1");
  }

  @Test
  void ends_of_indexes_keep_them() {
    assertKept("SELECT MIN(ts) FROM indexed");
  }

  @Test
  void copies_of_one_table_keep_them() {
    DB.execute("CREATE TABLE copy (n INTEGER PRIMARY KEY, ts TIMESTAMP(9))");
    DB.execute("INSERT INTO copy SELECT * FROM plain");
    DB.execute("UPDATE copy SET n = n + 10");
    assertKept("SELECT ts FROM copy WHERE n = 12");
  }

  /** Compiled plans count in milliseconds: these are wrong, and known to be. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT MIN(ts) FROM plain",
        "SELECT ts FROM plain GROUP BY ts",
        "SELECT DISTINCT ts FROM plain",
        "SELECT ts FROM plain UNION SELECT ts FROM indexed",
        "SELECT MAX(a.ts) FROM plain a JOIN plain b ON a.ts = b.ts AND a.n < b.n",
        "SELECT ts FROM plain WHERE n IN (SELECT MAX(n) FROM indexed)",
      })
  void compiled_plans_cut_them(String sql) {
    assertThat(DB.query(sql))
        .isEqualTo(List.of(List.of(LocalDateTime.parse("2020-01-01T10:00:00.123"))));
  }
}
