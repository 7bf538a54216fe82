package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(5), due DATE)");
    db.execute("INSERT INTO t VALUES (1, 'a', NULL), (2, 'b', DATE '2020-01-01')");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT * FROM nope; TABLE_NOT_FOUND; NOPE",
        "SELECT * FROM other.nope; TABLE_NOT_FOUND; line 1, column 15",
        "INSERT INTO nope VALUES (1); TABLE_NOT_FOUND; NOPE",
        "UPDATE nope SET a = 1; TABLE_NOT_FOUND; NOPE",
        "DELETE FROM nope; TABLE_NOT_FOUND; NOPE",
        "SELECT nope FROM t; COLUMN_NOT_FOUND; NOPE",
        "SELECT t.nope FROM t; COLUMN_NOT_FOUND; NOPE",
        "SELECT x.id FROM t; TABLE_NOT_FOUND; X",
        "INSERT INTO t (nope) VALUES (1); COLUMN_NOT_FOUND; NOPE",
        "UPDATE t SET nope = 1; COLUMN_NOT_FOUND; NOPE",
        "SELECT id FROM t a, t b; AMBIGUOUS_COLUMN; ID",
        "SELECT nope(id) FROM t; UNKNOWN_FUNCTION; NOPE",
        "SELECT id FROM t WHERE id; TYPE_MISMATCH; condition",
        "SELECT due + due FROM t; TYPE_MISMATCH; Cannot apply",
        "INSERT INTO t VALUES (1, 'a', TRUE); TYPE_MISMATCH; Cannot assign",
        "INSERT INTO t VALUES (1, 'a', NULL, 4); SYNTAX_ERROR; target columns",
        "SELECT name, COUNT(*) FROM t; SYNTAX_ERROR; grouped",
        "SELEC 1; SYNTAX_ERROR; line 1",
        "SELECT 1 FROM t WHERE; SYNTAX_ERROR; end",
        "SELECT ? FROM t; TYPE_MISMATCH; dynamic parameter",
        "CREATE TABLE u (a VARCHAR(8 OCTETS)); NOT_SUPPORTED; OCTETS",
        "SELECT SUBSTRING(name FROM 1 USING OCTETS) FROM t; NOT_SUPPORTED; OCTETS",
        "CREATE TABLE u (a FLOAT(54)); INVALID_PARAMETER; 54",
        "SELECT DATE '2020-13-01' FROM t; INVALID_DATETIME; DATE",
        "INSERT INTO INFORMATION_SCHEMA.TABLES VALUES (1); NOT_SUPPORTED; cannot be changed",
        "CALL nope(); NOT_SUPPORTED; PROCEDURE_CALL",
      })
  void planning_fails_in_one_line_with_its_state(String sql, State state, String part) {
    assertThatThrownBy(() -> db.plan(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> {
              assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state);
              assertThat(failure.getMessage()).contains(part).doesNotContain("\n");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT 1 / (id - 1) FROM t; DIVISION_BY_ZERO; division by zero",
        "SELECT SUM(1 / (id - 1)) FROM t; DIVISION_BY_ZERO; division by zero",
        "SELECT SUM(1.5 / (id - 1)) FROM t; DIVISION_BY_ZERO; division by zero",
        "SELECT MOD(id, id - 1) FROM t; DIVISION_BY_ZERO; division by zero",
        "SELECT id + 2147483647 FROM t; NUMBER_OUT_OF_RANGE; out of range",
        "SELECT MAX(id + 2147483647) FROM t; NUMBER_OUT_OF_RANGE; overflow",
        "SELECT CAST(name AS INTEGER) FROM t; INVALID_TEXT; INTEGER",
        "SELECT MAX(CAST(name AS INTEGER)) FROM t; INVALID_TEXT; a",
        "SELECT CAST(name AS DATE) FROM t; INVALID_DATETIME; DATE",
        "SELECT (SELECT id FROM t) FROM t; CARDINALITY_VIOLATION; more than one",
        "SELECT id FROM t WHERE id = (SELECT id FROM t); CARDINALITY_VIOLATION; more than one",
        "SELECT id FROM t LIMIT -1; SYNTAX_ERROR; -",
        "SELECT ABS(CAST(-2147483648 AS INTEGER)); NUMBER_OUT_OF_RANGE; -2147483648",
        "SELECT SUBSTRING('hello' FROM 2 FOR -1); SUBSTRING_ERROR; negative",
        "SELECT MAX(SUBSTRING(name FROM 1 FOR -1)) FROM t; SUBSTRING_ERROR; negative",
        "SELECT 'x' LIKE 'x' ESCAPE 'long'; INVALID_PARAMETER; escape 'long'",
        "SELECT name FROM t WHERE 'x' SIMILAR TO 'x' ESCAPE 'long'; INVALID_TEXT; scape",
      })
  void running_fails_in_one_line_with_its_state(String sql, State state, String part) {
    assertThatThrownBy(() -> db.query(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> {
              assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state);
              assertThat(failure.getMessage()).contains(part).doesNotContain("\n");
            });
  }

  @Test
  void a_constant_that_cannot_be_computed_is_told_each_time() {
    for (String sql :
        new String[] {
          "SELECT SUBSTRING('hello' FROM 2 FOR -1)",
          "SELECT SUBSTRING('hello' FROM 2 FOR -1), COUNT(*) FROM t",
          "SELECT id FROM t WHERE name < SUBSTRING('hello' FROM 2 FOR -1) GROUP BY id"
        }) {
      Plan.Query plan = (Plan.Query) db.plan(sql);
      for (int run = 0; run < 3; run++) {
        assertThatThrownBy(() -> db.rows(plan))
            .as(sql)
            .isInstanceOfSatisfying(
                SqlFailure.class,
                failure -> {
                  assertThat(failure.state()).isEqualTo(State.SUBSTRING_ERROR);
                  assertThat(failure.getMessage())
                      .isEqualTo("Substring error: negative substring length not allowed");
                });
      }
    }
  }

  @Test
  void a_query_that_keeps_too_much_stops() {
    for (int i = 10; i < 300; i++) {
      db.execute("INSERT INTO t VALUES (?, 'x', NULL)", i);
    }
    db.memoryBytesMax(10_000);
    for (String sql :
        new String[] {
          "SELECT * FROM t ORDER BY name",
          "SELECT * FROM t a JOIN t b ON a.id = b.id",
          "SELECT * FROM t a, t b WHERE a.id < b.id",
          "SELECT id + 1, COUNT(*) FROM t GROUP BY id + 1"
        }) {
      assertThatThrownBy(() -> db.query(sql))
          .isInstanceOfSatisfying(
              SqlFailure.class, f -> assertThat(f.state()).isEqualTo(State.OUT_OF_MEMORY));
    }
    assertThatThrownBy(() -> db.execute("UPDATE t SET name = 'y'"))
        .isInstanceOfSatisfying(
            SqlFailure.class, f -> assertThat(f.state()).isEqualTo(State.OUT_OF_MEMORY));
    assertThat(db.query("SELECT * FROM t")).hasSize(292);
  }

  @Test
  void a_cancelled_query_stops() {
    db.cancel(
        () -> {
          throw new SqlFailure(State.CANCELLED, "cancelled");
        });
    for (String sql : new String[] {"SELECT * FROM t", "SELECT MAX(id) FROM t"}) {
      assertThatThrownBy(() -> db.query(sql))
          .isInstanceOfSatisfying(
              SqlFailure.class, f -> assertThat(f.state()).isEqualTo(State.CANCELLED));
    }
  }
}
