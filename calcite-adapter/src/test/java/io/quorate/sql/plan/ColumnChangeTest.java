package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns that come and go, from text to rows that were written before and after. */
final class ColumnChangeTest {
  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void make() {
    database.execute("CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(10))");
    database.execute("INSERT INTO t VALUES (1, 'one'), (2, 'two')");
  }

  private SqlFailure failure(String sql) {
    return catchThrowableOfType(SqlFailure.class, () -> database.execute(sql));
  }

  private void alter(String change) {
    database.execute("ALTER TABLE t " + change);
  }

  private String rows() {
    return database.text("SELECT * FROM t ORDER BY a");
  }

  @Test
  void a_new_column_is_null_in_the_rows_that_are_there() {
    alter("ADD COLUMN c INT");
    database.execute("INSERT INTO t VALUES (3, 'three', 30)");
    assertThat(rows()).isEqualTo("1|one|null\n2|two|null\n3|three|30");
    database.execute("UPDATE t SET c = 20 WHERE a = 2");
    assertThat(rows()).isEqualTo("1|one|null\n2|two|20\n3|three|30");
  }

  @Test
  void rows_that_are_there_keep_the_default_that_the_column_came_with() {
    alter("ADD c VARCHAR(10) DEFAULT 'x' || 'y' NOT NULL");
    alter("ALTER c SET DEFAULT 'z'");
    database.execute("INSERT INTO t (a) VALUES (3)");
    assertThat(rows()).isEqualTo("1|one|xy\n2|two|xy\n3|null|z");
    database.execute("UPDATE t SET b = 'b' WHERE a = 2");
    alter("ALTER c DROP DEFAULT");
    alter("ALTER c DROP NOT NULL");
    database.execute("INSERT INTO t (a) VALUES (4)");
    assertThat(rows()).isEqualTo("1|one|xy\n2|b|xy\n3|null|z\n4|null|null");
  }

  @Test
  void every_way_to_read_sees_the_missing_value() {
    alter("ADD c DECIMAL(6, 2) DEFAULT 7");
    alter("ADD d TIMESTAMP DEFAULT TIMESTAMP '2026-01-02 03:04:05.123456789'");
    alter("ADD e VARBINARY(4) DEFAULT X'0102'");
    database.execute("INSERT INTO t (a, c) VALUES (3, 8)");
    assertThat(database.text("SELECT c FROM t WHERE a = 1")).isEqualTo("7.00");
    assertThat(database.text("SELECT a FROM t WHERE c = 7 ORDER BY c, a DESC")).isEqualTo("2\n1");
    assertThat(database.text("SELECT d FROM t WHERE a = 2"))
        .isEqualTo("2026-01-02T03:04:05.123456789");
    assertThat(database.text("SELECT c, COUNT(*), MAX(d) FROM t GROUP BY c ORDER BY c"))
        .isEqualTo("7.00|2|2026-01-02T03:04:05.123\n8.00|1|2026-01-02T03:04:05.123");
    assertThat(database.text("SELECT x.a, y.a FROM t x JOIN t y ON x.c < y.c ORDER BY 1"))
        .isEqualTo("1|3\n2|3");
    assertThat(database.text("SELECT COUNT(*) FROM t WHERE e = X'0102'")).isEqualTo("3");
    database.execute("CREATE INDEX by_c ON t (c)");
    assertThat(database.explain("SELECT a FROM t WHERE c = 7")).contains("BY_C");
    assertThat(database.text("SELECT a FROM t WHERE c = 7 ORDER BY a")).isEqualTo("1\n2");
    database.execute("UPDATE t SET c = c + 1 WHERE c = 7");
    assertThat(database.text("SELECT a FROM t WHERE c = 8 ORDER BY a")).isEqualTo("1\n2\n3");
    assertThat(database.execute("DELETE FROM t WHERE c = 8 AND a < 3")).isEqualTo(2);
    assertThat(database.text("SELECT a FROM t WHERE c = 8")).isEqualTo("3");
  }

  @Test
  void the_time_of_the_statement_is_a_default_and_chance_is_none() {
    alter("ADD c TIMESTAMP DEFAULT CURRENT_TIMESTAMP");
    assertThat(database.text("SELECT COUNT(DISTINCT c), COUNT(c) FROM t")).isEqualTo("1|2");
    SqlFailure refused = failure("ALTER TABLE t ADD d DOUBLE DEFAULT RAND()");
    assertThat(refused.state()).isEqualTo(State.NOT_SUPPORTED);
    assertThat(refused).hasMessageContaining("another one for each row");
    database.execute("TRUNCATE t");
    alter("ADD d DOUBLE DEFAULT RAND()");
    database.execute("INSERT INTO t (a) VALUES (1), (2)");
    assertThat(database.text("SELECT COUNT(DISTINCT d) FROM t")).isEqualTo("2");
  }

  @Test
  void rows_that_are_there_are_held_against_what_the_column_says() {
    assertThat(failure("ALTER TABLE t ADD c INT NOT NULL").state())
        .isEqualTo(State.NOT_NULL_VIOLATION);
    assertThat(failure("ALTER TABLE t ADD c INT DEFAULT 1 CHECK (c > a)"))
        .hasMessageContaining("T_C_CHECK")
        .extracting(SqlFailure::state)
        .isEqualTo(State.CHECK_VIOLATION);
    assertThat(failure("ALTER TABLE t ADD c INT DEFAULT 1 UNIQUE").state())
        .isEqualTo(State.UNIQUE_VIOLATION);
    assertThat(rows()).isEqualTo("1|one\n2|two");
    alter("ADD c INT CONSTRAINT more CHECK (c > a) UNIQUE");
    assertThat(failure("INSERT INTO t VALUES (3, '', 3)")).hasMessageContaining("MORE");
    database.execute("INSERT INTO t VALUES (3, '', 4)");
    assertThat(failure("UPDATE t SET c = 4 WHERE a = 2").state()).isEqualTo(State.UNIQUE_VIOLATION);
    assertThat(database.explain("SELECT a FROM t WHERE c = 4")).contains("T_C_KEY");
    assertThat(database.text("SELECT a FROM t WHERE c = 4")).isEqualTo("3");
  }

  @Test
  void an_empty_table_takes_what_one_with_rows_cannot() {
    database.execute("DELETE FROM t");
    alter("ADD c INT NOT NULL");
    alter("ADD id BIGINT GENERATED ALWAYS AS IDENTITY");
    database.execute("INSERT INTO t (a, b, c) VALUES (1, 'x', 2), (2, 'y', 3)");
    assertThat(rows()).isEqualTo("1|x|2|1\n2|y|3|2");
    assertThat(failure("ALTER TABLE t ADD n INT GENERATED ALWAYS AS IDENTITY").state())
        .isEqualTo(State.SYNTAX_ERROR);
    alter("DROP id");
    assertThat(failure("ALTER TABLE t ADD n INT GENERATED ALWAYS AS IDENTITY").state())
        .isEqualTo(State.NOT_SUPPORTED);
  }

  @Test
  void a_table_without_a_key_stays_one() {
    database.execute("CREATE TABLE h (a INT)");
    database.execute("INSERT INTO h VALUES (1)");
    database.execute("ALTER TABLE h ADD b INT DEFAULT 5");
    database.execute("INSERT INTO h VALUES (2, 6)");
    database.execute("CREATE INDEX by_b ON h (b)");
    database.execute("ALTER TABLE h DROP a");
    database.execute("ALTER TABLE h ADD a INT");
    database.execute("INSERT INTO h VALUES (7, 8)");
    assertThat(database.text("SELECT * FROM h ORDER BY b")).isEqualTo("5|null\n6|null\n7|8");
    database.execute("UPDATE h SET a = 1 WHERE b = 5");
    assertThat(database.text("SELECT * FROM h WHERE b < 7 ORDER BY b")).isEqualTo("5|1\n6|null");
    assertThat(database.execute("DELETE FROM h WHERE a IS NULL")).isEqualTo(1);
    assertThat(failure("ALTER TABLE h DROP \"$ROWID\"").state()).isEqualTo(State.COLUMN_NOT_FOUND);
    assertThat(failure("ALTER TABLE h ADD \"$ROWID\" INT").state())
        .isEqualTo(State.DUPLICATE_COLUMN);
  }

  @Test
  void a_dropped_column_does_not_come_back_under_its_name() {
    alter("DROP COLUMN b RESTRICT");
    assertThat(failure("SELECT b FROM t").state()).isEqualTo(State.COLUMN_NOT_FOUND);
    alter("ADD b VARCHAR(10)");
    assertThat(rows()).isEqualTo("1|null\n2|null");
    database.execute("UPDATE t SET b = 'new' WHERE a = 1");
    alter("ADD c INT DEFAULT 9");
    alter("DROP b");
    assertThat(rows()).isEqualTo("1|9\n2|9");
  }

  @Test
  void a_dropped_column_takes_what_uses_it_only_with_cascade() {
    database.execute(
        "CREATE TABLE k (a INT PRIMARY KEY, b INT UNIQUE, c INT CHECK (c <> 3),"
            + " d INT CONSTRAINT \"b\" CHECK (d <> 1), e VARCHAR(9) CHECK (e <> 'd'))");
    database.execute("CREATE INDEX i ON k (c, b)");
    database.execute("INSERT INTO k VALUES (1, 2, 2, 4, 'e')");
    SqlFailure refused = failure("ALTER TABLE k DROP b");
    assertThat(refused.state()).isEqualTo(State.DEPENDENT_OBJECTS);
    assertThat(refused).hasMessageContaining("index \"K_B_KEY\", index \"I\"; CASCADE");
    assertThat(failure("ALTER TABLE k DROP c")).hasMessageContaining("constraint \"K_C_CHECK\"");
    int before = storedEntries();
    database.execute("ALTER TABLE k DROP b CASCADE");
    assertThat(before - storedEntries()).isEqualTo(2);
    assertThat(database.catalog().find("PUBLIC", "K").orElseThrow().indexes()).isEmpty();
    database.execute("ALTER TABLE k DROP d CASCADE");
    assertThat(failure("INSERT INTO k VALUES (2, 3, 'x')").state())
        .isEqualTo(State.CHECK_VIOLATION);
    assertThat(failure("INSERT INTO k VALUES (2, 4, 'd')").state())
        .isEqualTo(State.CHECK_VIOLATION);
    database.execute("ALTER TABLE k DROP c CASCADE");
    database.execute("INSERT INTO k VALUES (2, 'x')");
    assertThat(database.text("SELECT * FROM k ORDER BY a")).isEqualTo("1|e\n2|x");
  }

  private int storedEntries() {
    int count = 0;
    for (int table = 1; table < database.catalog().nextId(); table++) {
      count += (int) database.view().rowCount(table);
    }
    return count;
  }

  @Test
  void what_is_there_or_is_not_is_left_alone_where_that_is_said() {
    alter("ADD COLUMN IF NOT EXISTS b INT");
    alter("DROP COLUMN IF EXISTS c CASCADE");
    database.execute("ALTER TABLE IF EXISTS nowhere ADD c INT");
    database.execute("ALTER TABLE IF EXISTS nowhere DROP c");
    assertThat(rows()).isEqualTo("1|one\n2|two");
    alter("ADD IF NOT EXISTS if INT");
    alter("DROP IF EXISTS if");
    assertThat(rows()).isEqualTo("1|one\n2|two");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ALTER TABLE nowhere ADD c INT | TABLE_NOT_FOUND
          ALTER TABLE t ADD b INT | DUPLICATE_COLUMN
          ALTER TABLE t ADD c INT PRIMARY KEY | NOT_SUPPORTED
          ALTER TABLE t ADD c INT DEFAULT a | NOT_SUPPORTED
          ALTER TABLE t ADD c INT DEFAULT DATE '2026-01-01' | TYPE_MISMATCH
          ALTER TABLE t ADD c TINYINT DEFAULT 1000 | NUMBER_OUT_OF_RANGE
          ALTER TABLE t ADD c VARCHAR(2) DEFAULT 'abc' | STRING_TOO_LONG
          ALTER TABLE t ADD c INT DEFAULT NULL NOT NULL | NOT_NULL_VIOLATION
          ALTER TABLE t ADD c INT CHECK (d > 0) | COLUMN_NOT_FOUND
          ALTER TABLE t ADD c INT CHECK (c + 1) | TYPE_MISMATCH
          ALTER TABLE t ADD c INT CONSTRAINT t_PKEY UNIQUE | OBJECT_EXISTS
          ALTER TABLE t ADD c | SYNTAX_ERROR
          ALTER TABLE information_schema.tables ADD c INT | NOT_SUPPORTED
          ALTER TABLE t DROP c | COLUMN_NOT_FOUND
          ALTER TABLE t DROP a CASCADE | NOT_SUPPORTED
          ALTER TABLE information_schema.tables DROP c | NOT_SUPPORTED
          """)
  void what_cannot_be_is_refused_and_changes_nothing(String sql, State state) {
    long version = database.catalog().version();
    assertThat(failure(sql).state()).isEqualTo(state);
    assertThat(database.catalog().version()).isEqualTo(version);
    assertThat(rows()).isEqualTo("1|one\n2|two");
  }

  @Test
  void the_last_column_stays() {
    database.execute("CREATE TABLE one (a INT)");
    assertThat(failure("ALTER TABLE one DROP a").state()).isEqualTo(State.INVALID_TABLE);
  }
}
