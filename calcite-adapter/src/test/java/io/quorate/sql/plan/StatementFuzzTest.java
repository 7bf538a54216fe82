package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Valid statements with tokens left out, said twice, swapped, or taken from another one: each has
 * rows or a failure that tells its author what to do, within seconds.
 */
final class StatementFuzzTest {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Of computing time, so that a busy machine does not fail the test. */
  private static final long NANOS_MAX = 10_000_000_000L;

  private static final int IN_THE_BUILD = 3_000;
  private static final int IN_A_LONG_RUN = 300_000;

  /** Statements change what later ones find, so each database gets only so many. */
  private static final int OF_ONE_DATABASE = 500;

  private static final Pattern TOKEN =
      Pattern.compile("'(?:[^']|'')*'|\"[^\"]*\"|\\w+|[<>!|=]+|\\s+|.", Pattern.DOTALL);

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20), n BIGINT, due DATE,"
              + " price DECIMAL(10, 2), ts TIMESTAMP, CHECK (n < 1000))",
          "CREATE TABLE u (a INTEGER, b VARCHAR(10), c DOUBLE, t_id INTEGER REFERENCES t (id),"
              + " PRIMARY KEY (a, b))",
          "CREATE INDEX t_name ON t (name)",
          "CREATE UNIQUE INDEX u_c ON u (c)",
          "CREATE VIEW v AS SELECT id, UPPER(name) AS name FROM t WHERE n > 0",
          "CREATE SEQUENCE s",
          "INSERT INTO t VALUES (1, 'a', 10, DATE '2024-01-31', 1.5, TIMESTAMP '2024-01-01 10:00:00'),"
              + " (2, 'b', NULL, NULL, 2.25, NULL), (3, NULL, -7, DATE '1999-12-31', NULL, NULL)",
          "INSERT INTO u VALUES (1, 'x', 1.5, 1), (1, 'y', NULL, NULL), (2, 'x', -1e10, 2)");

  private static final List<String> VALID =
      List.of(
          "SELECT * FROM t WHERE id = 2",
          "SELECT id, name || '!' FROM t WHERE name LIKE 'a%' OR n BETWEEN 1 AND 20 ORDER BY 2 DESC",
          "SELECT name, COUNT(*), SUM(n), AVG(price) FROM t GROUP BY name HAVING COUNT(*) > 0",
          "SELECT t.id, u.b FROM t JOIN u ON t.id = u.t_id WHERE u.c > 0 LIMIT 5 OFFSET 1",
          "SELECT t.id, u.b FROM t LEFT JOIN u ON t.id = u.t_id AND u.a = 1 ORDER BY t.id, u.b",
          "SELECT id FROM t WHERE id IN (SELECT t_id FROM u WHERE b = 'x')",
          "SELECT id FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.t_id = t.id)",
          "SELECT id, (SELECT MAX(c) FROM u WHERE u.t_id = t.id) AS m FROM t",
          "SELECT id, ROW_NUMBER() OVER (PARTITION BY name ORDER BY n DESC) FROM t",
          "SELECT id, SUM(n) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
          "WITH w AS (SELECT id, n * 2 AS m FROM t) SELECT a.id FROM w a, w b WHERE a.m = b.m",
          "WITH RECURSIVE r (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM r WHERE i < 5)"
              + " SELECT SUM(i) FROM r",
          "SELECT id FROM t UNION SELECT a FROM u EXCEPT SELECT 3 ORDER BY 1",
          "SELECT CASE WHEN n IS NULL THEN 'none' WHEN n > 0 THEN 'more' ELSE 'less' END FROM t",
          "SELECT CAST(price AS INTEGER), EXTRACT(YEAR FROM due), due + INTERVAL '1' DAY FROM t",
          "SELECT COALESCE(name, 'x'), NULLIF(n, 10), SUBSTRING(name FROM 1 FOR 2) FROM t",
          "SELECT UPPER(name), CHAR_LENGTH(name), TRIM(BOTH ' ' FROM name), ABS(n) FROM t",
          "SELECT DISTINCT name FROM t FETCH FIRST 2 ROWS ONLY",
          "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS x (i, j) WHERE i > 1",
          "SELECT COUNT(DISTINCT name), MIN(due) FILTER (WHERE n > 0) FROM t",
          "SELECT name, GROUPING(name), SUM(n) FROM t GROUP BY ROLLUP (name, due)",
          "SELECT * FROM v WHERE name = 'A'",
          "SELECT NEXT VALUE FOR s, id FROM t",
          "SELECT id FROM t WHERE (id, name) IN ((1, 'a'), (2, 'b')) AND price > 0.5",
          "SELECT FLOOR(price), MOD(id, 2), POWER(id, 2), ROUND(price, 1) FROM t",
          "SELECT * FROM t NATURAL JOIN v",
          "SELECT * FROM t CROSS JOIN LATERAL (SELECT a FROM u WHERE u.t_id = t.id) AS l",
          "INSERT INTO t (id, name, n) VALUES (10, 'ten', 5), (11, NULL, 6)",
          "INSERT INTO u SELECT id + 100, 'z', price, id FROM t",
          "INSERT INTO t (id, n) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = excluded.n + t.n",
          "UPDATE t SET n = n + 1, name = UPPER(name) WHERE id > 1 AND price < 10",
          "UPDATE u SET c = (SELECT n FROM t WHERE t.id = u.t_id) WHERE a = 1",
          "DELETE FROM u WHERE a IN (1, 2) AND b <> 'x'",
          "MERGE INTO t USING u ON t.id = u.a WHEN MATCHED THEN UPDATE SET name = u.b"
              + " WHEN NOT MATCHED THEN INSERT (id, name) VALUES (u.a, u.b)",
          "CREATE TABLE w (id INTEGER GENERATED ALWAYS AS IDENTITY, v VARCHAR(5) DEFAULT 'x' NOT NULL,"
              + " d INTEGER GENERATED ALWAYS AS (1 + 1), UNIQUE (v), PRIMARY KEY (id))",
          "ALTER TABLE t ADD COLUMN extra INTEGER DEFAULT 3",
          "ALTER TABLE t ALTER COLUMN name TYPE VARCHAR(30)",
          "CREATE INDEX t_n ON t (n DESC, due)",
          "CREATE TABLE c AS SELECT id, name FROM t",
          "DROP VIEW IF EXISTS v",
          "COMMENT ON COLUMN t.n IS 'a number'",
          "EXPLAIN SELECT * FROM t JOIN u ON t.id = u.a",
          "EXPLAIN ANALYZE SELECT name, COUNT(*) FROM t GROUP BY name",
          "SHOW TABLES",
          "TRUNCATE TABLE u",
          "CREATE USER joe PASSWORD 'secret'");

  @Test
  void mutated_statements_have_an_answer_or_a_clear_failure() {
    run(1, IN_THE_BUILD);
  }

  @Test
  @Tag("slow")
  void many_mutated_statements_have_an_answer_or_a_clear_failure() {
    run(1_000_000, IN_A_LONG_RUN);
  }

  private static void run(long seed, int count) {
    TestDatabase db = database();
    for (int i = 0; i < count; i++) {
      if (i % OF_ONE_DATABASE == OF_ONE_DATABASE - 1) {
        db = database();
      }
      String sql = mutated(new SplittableRandom(seed + i));
      tryOut(db, sql, "SEED=" + (seed + i) + " " + sql);
    }
  }

  private static TestDatabase database() {
    TestDatabase db = new TestDatabase();
    TABLES.forEach(db::execute);
    return db;
  }

  private static void tryOut(TestDatabase db, String sql, String described) {
    long begun = THREADS.getCurrentThreadCpuTime();
    try {
      Plan plan = db.plan(sql);
      if (plan instanceof Plan.Query query) {
        var unused = db.rows(query, nulls(query.parameters().size()));
      } else if (plan instanceof Plan.Change change) {
        db.execute(sql, nulls(change.parameters().size()));
      } else if (plan instanceof Plan.Definition) {
        db.execute(sql);
      }
    } catch (SqlFailure e) {
      if (e.state() == State.INTERNAL_ERROR) {
        throw new AssertionError(described, e);
      }
      assertThat(e.getMessage()).as(described).doesNotContain("\n", "org.apache", "java.");
    } catch (RuntimeException | Error e) {
      throw new AssertionError(described, e);
    }
    assertThat(THREADS.getCurrentThreadCpuTime() - begun).as(described).isLessThan(NANOS_MAX);
  }

  private static @Nullable Object[] nulls(int count) {
    return new @Nullable Object[count];
  }

  private static String mutated(SplittableRandom random) {
    List<String> tokens = tokens(VALID.get(random.nextInt(VALID.size())));
    for (int i = random.nextInt(4); i >= 0 && !tokens.isEmpty(); i--) {
      int at = random.nextInt(tokens.size());
      int other = random.nextInt(tokens.size());
      switch (random.nextInt(6)) {
        case 0 -> tokens.remove(at);
        case 1 -> tokens.add(at, tokens.get(at));
        case 2 -> tokens.set(at, tokens.set(other, tokens.get(at)));
        case 3 -> tokens.set(at, foreign(random));
        case 4 -> tokens.add(at, foreign(random));
        default -> tokens.subList(Math.min(at, other), Math.max(at, other)).clear();
      }
    }
    return String.join("", tokens);
  }

  /** A token of another statement, or one that is rare. */
  private static String foreign(SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      List<String> rare =
          List.of(
              "?",
              "NULL",
              "''",
              "-1",
              "0",
              "1e400",
              "9999999999999999999",
              "'\0'",
              "\"\"",
              "(",
              ")",
              "/*",
              "'",
              "\ud800",
              "ROW(1, 2)",
              "ARRAY[1]",
              "*",
              "X'0'",
              "U&'\\00'",
              "DEFAULT");
      return " " + rare.get(random.nextInt(rare.size())) + " ";
    }
    List<String> from = tokens(VALID.get(random.nextInt(VALID.size())));
    return from.get(random.nextInt(from.size()));
  }

  private static List<String> tokens(String sql) {
    Matcher matcher = TOKEN.matcher(sql);
    return new ArrayList<>(
        Stream.iterate(matcher.find(), found -> found, found -> matcher.find())
            .map(found -> matcher.group())
            .toList());
  }
}
