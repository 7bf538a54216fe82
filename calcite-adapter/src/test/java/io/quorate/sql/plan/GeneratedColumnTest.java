package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that are made of their row, on every way on which rows are written. */
final class GeneratedColumnTest {
  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void make() {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, price DECIMAL(8, 2), n INT DEFAULT 1,"
            + " total DECIMAL(10, 2) GENERATED ALWAYS AS (price * n) STORED)");
    database.execute("INSERT INTO t (id, price, n) VALUES (1, 2.50, 4), (2, 1, NULL)");
  }

  private SqlFailure failure(String sql) {
    return catchThrowableOfType(SqlFailure.class, () -> database.execute(sql));
  }

  private String totals() {
    return database.text("SELECT id, total FROM t ORDER BY id");
  }

  @Test
  void values_are_made_with_the_row_and_again_when_it_changes() {
    assertThat(totals()).isEqualTo("1|10.00\n2|null");
    database.execute("UPDATE t SET n = 2 WHERE id = 2");
    database.execute("UPDATE t SET price = price + 1");
    assertThat(totals()).isEqualTo("1|14.00\n2|4.00");
    database.execute("INSERT INTO t (id, price) SELECT id + 10, price FROM t");
    database.execute("INSERT INTO t (id, price, n) VALUES (?, ?, ?)", 20, "3", 5);
    assertThat(totals()).isEqualTo("1|14.00\n2|4.00\n11|3.50\n12|2.00\n20|15.00");
    database.execute(
        "UPDATE t SET n = (SELECT COUNT(*) - 1 FROM t) WHERE id IN (SELECT MAX(id) FROM t)");
    assertThat(database.text("SELECT total FROM t WHERE id = 20")).isEqualTo("12.00");
  }

  @Test
  void default_is_all_that_a_statement_may_give() {
    database.execute("INSERT INTO t VALUES (3, 1, 7, DEFAULT)");
    database.execute("INSERT INTO t (total, id, price) VALUES (DEFAULT, 4, 8), (DEFAULT, 5, 9)");
    assertThat(totals()).endsWith("3|7.00\n4|8.00\n5|9.00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BOOLEAN       | v = 'x'                            | true
          TINYINT       | 1                                  | 1
          DOUBLE        | CAST(0.5 AS DOUBLE)                | 0.5
          CHAR(3)       | v                                  | x
          DATE          | DATE '2026-01-02'                  | 2026-01-02
          TIME          | TIME '01:02:03'                    | 01:02:03
          TIMESTAMP     | CAST('2026-01-02 03:04:05' AS TIMESTAMP) | 2026-01-02T03:04:05
          UUID          | CAST('123e4567-e89b-12d3-a456-426614174000' AS UUID) | 123e4567-e89b-12d3-a456-426614174000
          """)
  void default_stands_for_every_type(String type, String expression, String value) {
    database.execute(
        "CREATE TABLE e (v VARCHAR(5), g "
            + type
            + " GENERATED ALWAYS AS ("
            + expression
            + ") NOT NULL)");
    database.execute("INSERT INTO e VALUES ('x', DEFAULT)");
    database.execute("INSERT INTO e VALUES ('x', DEFAULT), ((SELECT MIN(v) FROM e), DEFAULT)");
    assertThat(database.text("SELECT DISTINCT g FROM e")).isEqualTo(value);
    assertThat(database.text("SELECT COUNT(*) FROM e")).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES (3, 1, 7, 7)",
        "INSERT INTO t VALUES (3, 1, 7, NULL)",
        "INSERT INTO t VALUES (3, 1, 7, DEFAULT), (4, 1, 7, 7)",
        "INSERT INTO t (id, total) VALUES (3, 7)",
        "INSERT INTO t SELECT * FROM t",
        "INSERT INTO t (id, total) SELECT 3, 7",
        "UPDATE t SET total = 1",
        "UPDATE t SET total = NULL WHERE id = 1",
      })
  void other_values_are_refused(String sql) {
    assertThat(failure(sql).state()).isEqualTo(State.GENERATED_ALWAYS);
    assertThat(totals()).isEqualTo("1|10.00\n2|null");
  }

  @Test
  void keys_checks_and_not_null_see_the_value() {
    database.execute(
        "CREATE TABLE k (a INT, b INT, c INT GENERATED ALWAYS AS (a + b) NOT NULL CHECK (c < 100),"
            + " d VARCHAR(4) GENERATED ALWAYS AS (UPPER(e)) UNIQUE, e VARCHAR(9), PRIMARY KEY (c))");
    database.execute("CREATE INDEX by_d ON k (d, c)");
    database.execute("INSERT INTO k (a, b, e) VALUES (1, 2, 'x'), (2, 2, 'y')");
    database.execute("INSERT INTO k VALUES (3, 2, DEFAULT, DEFAULT, NULL)");
    assertThat(database.text("SELECT a, d FROM k WHERE c = 4")).isEqualTo("2|Y");
    assertThat(database.explain("SELECT a FROM k WHERE d = 'X'")).contains("K_D_KEY");
    assertThat(database.text("SELECT a FROM k WHERE d = 'X'")).isEqualTo("1");
    assertThat(failure("INSERT INTO k (a, b) VALUES (0, 3)").state())
        .isEqualTo(State.UNIQUE_VIOLATION);
    assertThat(failure("UPDATE k SET e = 'X' WHERE c = 4").state())
        .isEqualTo(State.UNIQUE_VIOLATION);
    assertThat(failure("UPDATE k SET b = 99 WHERE c = 4").state()).isEqualTo(State.CHECK_VIOLATION);
    assertThat(failure("INSERT INTO k (a) VALUES (1)").state()).isEqualTo(State.NOT_NULL_VIOLATION);
    assertThat(failure("INSERT INTO k (a, b, e) VALUES (1, 9, 'too long')").state())
        .isEqualTo(State.STRING_TOO_LONG);
    database.execute("UPDATE k SET a = a + 1");
    assertThat(database.text("SELECT a, c FROM k ORDER BY c")).isEqualTo("2|4\n3|5\n4|6");
  }

  @Test
  void what_cannot_be_computed_names_the_column() {
    database.execute("CREATE TABLE q (a INT, b INT GENERATED ALWAYS AS (100 / a))");
    SqlFailure failure = failure("INSERT INTO q (a) VALUES (0)");
    assertThat(failure.state()).isEqualTo(State.DIVISION_BY_ZERO);
    assertThat(failure).hasMessageContaining("generated column \"B\" of table \"PUBLIC.Q\"");
    database.execute("INSERT INTO q (a) VALUES (7)");
    assertThat(database.text("SELECT b FROM q")).isEqualTo("14");
  }

  @Test
  void an_identity_may_be_used_and_generated_code_computes_what_it_must() {
    database.execute(
        "CREATE TABLE g (id INT GENERATED ALWAYS AS IDENTITY, v VARCHAR(20), d DATE,"
            + " code VARCHAR(30) GENERATED ALWAYS AS (OVERLAY(v PLACING 'zz' FROM 2) || '-' ||"
            + " CAST(id AS VARCHAR)), y INT GENERATED ALWAYS AS (EXTRACT(YEAR FROM d)))");
    database.execute("INSERT INTO g (v, d) VALUES ('abcd', DATE '2026-11-22'), (NULL, NULL)");
    assertThat(database.text("SELECT code, y FROM g ORDER BY id"))
        .isEqualTo("azzd-1|2026\nnull|null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          b INT GENERATED ALWAYS AS (x)                      | COLUMN_NOT_FOUND
          b INT GENERATED ALWAYS AS (a) DEFAULT 1            | SYNTAX_ERROR
          b INT DEFAULT 1 GENERATED ALWAYS AS (a)            | SYNTAX_ERROR
          b INT GENERATED BY DEFAULT AS (a)                  | SYNTAX_ERROR
          b INT GENERATED ALWAYS AS IDENTITY GENERATED ALWAYS AS (a) | SYNTAX_ERROR
          b INT GENERATED ALWAYS AS (a) VIRTUAL              | NOT_SUPPORTED
          b INT GENERATED ALWAYS AS (b)                      | INVALID_TABLE
          b INT GENERATED ALWAYS AS (a), c INT GENERATED ALWAYS AS (b) | INVALID_TABLE
          b DATE GENERATED ALWAYS AS (a)                     | TYPE_MISMATCH
          b DOUBLE GENERATED ALWAYS AS (RAND())              | NOT_SUPPORTED
          b DATE GENERATED ALWAYS AS (CURRENT_DATE)          | NOT_SUPPORTED
          b INT GENERATED ALWAYS AS (SUM(a))                 | NOT_SUPPORTED
          b INT GENERATED ALWAYS AS ((SELECT 1))             | NOT_SUPPORTED
          b INT GENERATED ALWAYS AS (?)                      | NOT_SUPPORTED
          b INT GENERATED ALWAYS AS a                        | SYNTAX_ERROR
          b INT DEFAULT SUM(1)                               | GROUPING_ERROR
          """)
  void what_no_row_could_have_is_refused(String column, State state) {
    assertThat(failure("CREATE TABLE x (a INT, " + column + ")").state()).isEqualTo(state);
  }

  @Test
  void a_column_that_is_added_is_filled() {
    database.execute("CREATE INDEX by_n ON t (n)");
    database.execute("ALTER TABLE t ADD half DECIMAL(9, 1) GENERATED ALWAYS AS (price / 2)");
    database.execute("INSERT INTO t (id, price) VALUES (3, 5)");
    assertThat(database.text("SELECT id, half, total FROM t ORDER BY id"))
        .isEqualTo("1|1.3|10.00\n2|0.5|null\n3|2.5|5.00");
    assertThat(database.text("SELECT id FROM t WHERE n = 4")).isEqualTo("1");
    assertThat(failure("ALTER TABLE t ADD w INT GENERATED ALWAYS AS (1 / (id - 1))").state())
        .isEqualTo(State.DIVISION_BY_ZERO);
    assertThat(failure("ALTER TABLE t ADD w INT GENERATED ALWAYS AS (n) NOT NULL").state())
        .isEqualTo(State.NOT_NULL_VIOLATION);
    assertThat(failure("ALTER TABLE t ADD w INT GENERATED ALWAYS AS (id) CHECK (w < 3)").state())
        .isEqualTo(State.CHECK_VIOLATION);
    assertThat(failure("ALTER TABLE t ADD w INT GENERATED ALWAYS AS (id) UNIQUE").state())
        .isEqualTo(State.NOT_SUPPORTED);
    assertThat(failure("ALTER TABLE t ADD w INT DEFAULT SUM(1)").state())
        .isEqualTo(State.GROUPING_ERROR);
  }

  @Test
  void columns_it_is_made_of_are_its_own_business() {
    assertThat(failure("ALTER TABLE t RENAME n TO m").state()).isEqualTo(State.DEPENDENT_OBJECTS);
    assertThat(failure("ALTER TABLE t ALTER n TYPE BIGINT").state()).isEqualTo(State.NOT_SUPPORTED);
    assertThat(failure("ALTER TABLE t ALTER total SET DEFAULT 1").state())
        .isEqualTo(State.INVALID_TABLE);
    assertThat(failure("ALTER TABLE t DROP n"))
        .hasMessageContaining("generated column \"TOTAL\"")
        .extracting(SqlFailure::state)
        .isEqualTo(State.DEPENDENT_OBJECTS);
    database.execute("CREATE INDEX by_total ON t (total)");
    database.execute("ALTER TABLE t ALTER total TYPE DECIMAL(12, 1)");
    database.execute("ALTER TABLE t RENAME total TO sum_of_it");
    assertThat(database.text("SELECT sum_of_it FROM t WHERE id = 1")).isEqualTo("10.0");
    long version = database.catalog().version();
    database.execute("ALTER TABLE t DROP n CASCADE");
    assertThat(database.catalog().version()).isEqualTo(version + 1);
    assertThat(database.text("SELECT * FROM t ORDER BY id")).isEqualTo("1|2.50\n2|1.00");
    assertThat(database.catalog().find("PUBLIC", "T").orElseThrow().indexes()).isEmpty();
  }
}
