package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.StoreChange;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(5) NOT NULL, amount DECIMAL(7, 2),"
            + " num BIGINT DEFAULT 7 UNIQUE, made TIMESTAMP(9) DEFAULT CURRENT_TIMESTAMP)");
    db.execute("CREATE INDEX i_name ON t (name)");
  }

  private void fails(State state, String part, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> {
              assertThat(failure.state()).as(failure.getMessage()).isEqualTo(state);
              assertThat(failure.getMessage()).contains(part).doesNotContain("\n");
            });
  }

  private long run(String sql, @Nullable Object... parameters) {
    return db.execute(sql, parameters);
  }

  @Test
  void rows_are_inserted_with_defaults_and_in_any_order_of_columns() {
    assertThat(run("INSERT INTO t (name, id) VALUES ('a', 1)")).isEqualTo(1);
    assertThat(
            run(
                "INSERT INTO t VALUES (2, 'b', 1.005, DEFAULT + 1, NULL)"
                    .replace("DEFAULT + 1", "8")))
        .isEqualTo(1);
    assertThat(run("INSERT INTO t (id, name, num) VALUES (3, 'c', NULL), (4, 'dd', NULL)"))
        .isEqualTo(2);
    assertThat(db.text("SELECT id, name, amount, num, made FROM t"))
        .isEqualTo(
            """
            1|a|null|7|2026-11-22T10:20:30.123456789
            2|b|1.01|8|null
            3|c|null|null|2026-11-22T10:20:30.123456789
            4|dd|null|null|2026-11-22T10:20:30.123456789\
            """);
    fails(
        State.UNIQUE_VIOLATION,
        "(NUM)=(7)",
        () -> run("INSERT INTO t (id, name, num) VALUES (5, 'e', DEFAULT)"));
  }

  @Test
  void parameters_have_the_types_of_their_columns() {
    Plan plan = db.plan("INSERT INTO t VALUES (?, ?, ?, ?, ?)");
    assertThat(plan.parameters())
        .extracting(p -> p.type().toString())
        .containsExactly("INTEGER", "VARCHAR(5)", "DECIMAL(7, 2)", "BIGINT", "TIMESTAMP(9)");
    run(
        "INSERT INTO t VALUES (?, ?, ?, ?, ?)",
        1L,
        "x",
        1.5d,
        3,
        LocalDateTime.of(2020, 1, 1, 0, 0));
    run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", "2", "y", "2.5", 4, LocalDate.of(2020, 1, 1));
    assertThat(db.text("SELECT * FROM t WHERE made = ?", LocalDateTime.of(2020, 1, 1, 0, 0)))
        .isEqualTo("1|x|1.50|3|2020-01-01T00:00\n2|y|2.50|4|2020-01-01T00:00");
  }

  @Test
  void updates_move_keys_and_entries_of_indexes() {
    run("INSERT INTO t (id, name, num) VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)");
    assertThat(run("UPDATE t SET id = id + 1, num = num + 1")).isEqualTo(3);
    assertThat(db.text("SELECT id, name, num FROM t")).isEqualTo("2|a|2\n3|b|3\n4|c|4");
    assertThat(run("UPDATE t SET name = 'z', amount = ? WHERE id = ?", 5, 3)).isEqualTo(1);
    assertThat(db.text("SELECT id, amount FROM t WHERE name = 'z'")).isEqualTo("3|5.00");
    assertThat(db.text("SELECT id FROM t WHERE name = 'b'")).isEmpty();
    assertThat(run("DELETE FROM t WHERE num BETWEEN 2 AND 3")).isEqualTo(2);
    assertThat(run("DELETE FROM t")).isEqualTo(1);
    assertThat(db.view().rowCount(db.catalog().find("PUBLIC", "T").orElseThrow().id())).isZero();
    db.catalog()
        .find("PUBLIC", "T")
        .orElseThrow()
        .indexes()
        .forEach(index -> assertThat(db.view().rowCount(index.id())).isZero());
  }

  @Test
  void sub_queries_choose_rows_and_values() {
    run("INSERT INTO t (id, name, num) VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)");
    assertThat(
            run(
                "UPDATE t SET num = (SELECT MAX(x.num) FROM t x) + t.id, name = UPPER(name)"
                    + " WHERE id IN (SELECT id FROM t y WHERE y.num > 1)"))
        .isEqualTo(2);
    assertThat(db.text("SELECT id, name, num FROM t")).isEqualTo("1|a|1\n2|B|5\n3|C|6");
    assertThat(run("DELETE FROM t WHERE num = (SELECT MIN(num) FROM t)")).isEqualTo(1);
    run("CREATE TABLE u (n BIGINT)");
    assertThat(run("INSERT INTO u SELECT num FROM t UNION ALL SELECT id FROM t")).isEqualTo(4);
    assertThat(db.text("SELECT n FROM u ORDER BY n")).isEqualTo("2\n3\n5\n6");
    assertThat(run("DELETE FROM u WHERE EXISTS (SELECT * FROM t WHERE t.id = u.n)")).isEqualTo(2);
    assertThat(run("UPDATE u SET n = n * 2 WHERE n > 5")).isEqualTo(1);
    assertThat(db.text("SELECT * FROM u ORDER BY n")).isEqualTo("5\n12");
  }

  @Test
  void a_lookup_by_key_changes_without_generated_code() {
    assertThat(db.explain("UPDATE t SET name = ? WHERE id = ?", "a", 1))
        .contains("Route: leader", "Update PUBLIC.T", "point lookup");
    assertThat(db.explain("DELETE FROM t WHERE num = 5"))
        .contains("Delete from PUBLIC.T", "point lookup by index");
    assertThat(db.explain("INSERT INTO t (id, name) VALUES (?, ?)", 1, "a"))
        .contains("Insert into PUBLIC.T", "Rows: 1 given");
  }

  @Test
  void keys_are_unique_against_rows_and_within_a_statement() {
    run("INSERT INTO t (id, name, num) VALUES (1, 'a', 1)");
    fails(
        State.UNIQUE_VIOLATION,
        "(ID)=(1)",
        () -> run("INSERT INTO t (id, name, num) VALUES (1, 'b', 2)"));
    fails(
        State.UNIQUE_VIOLATION,
        "(NUM)=(1)",
        () -> run("INSERT INTO t (id, name, num) VALUES (2, 'b', 1)"));
    fails(
        State.UNIQUE_VIOLATION,
        "(ID)=(2)",
        () -> run("INSERT INTO t (id, name, num) VALUES (2, 'b', 3), (2, 'c', 4)"));
    run("INSERT INTO t (id, name, num) VALUES (2, 'b', 2)");
    fails(State.UNIQUE_VIOLATION, "(ID)=(1)", () -> run("UPDATE t SET id = 1 WHERE id = 2"));
    fails(State.UNIQUE_VIOLATION, "(NUM)=(9)", () -> run("UPDATE t SET num = 9"));
  }

  @Test
  void values_must_fit_their_columns() {
    String insert = "INSERT INTO t (id, name, amount, num) VALUES (?, ?, ?, ?)";
    fails(State.NOT_NULL_VIOLATION, "\"NAME\"", () -> run(insert, 1, null, 1, 1));
    fails(State.NOT_NULL_VIOLATION, "\"ID\"", () -> run(insert, null, "a", 1, 1));
    fails(State.NOT_NULL_VIOLATION, "NAME", () -> run("INSERT INTO t (id) VALUES (1)"));
    fails(State.STRING_TOO_LONG, "\"NAME\"", () -> run(insert, 1, "abcdef", 1, 1));
    fails(
        State.STRING_TOO_LONG,
        "\"NAME\"",
        () -> run("INSERT INTO t (id, name) VALUES (1, 'abcdef')"));
    run(insert, 9, "abc       ", 1, 99);
    fails(State.NUMBER_OUT_OF_RANGE, "DECIMAL(7, 2)", () -> run(insert, 1, "a", 100000, 1));
    fails(State.NUMBER_OUT_OF_RANGE, "INTEGER", () -> run(insert, 3_000_000_000L, "a", 1, 1));
    fails(State.NUMBER_OUT_OF_RANGE, "BIGINT", () -> run(insert, 1, "a", 1, 1e30));
    fails(State.INVALID_TEXT, "INTEGER", () -> run(insert, "x", "a", 1, 1));
    fails(
        State.INVALID_DATETIME,
        "TIMESTAMP",
        () -> run("INSERT INTO t (id, name, made) VALUES (1, 'a', 'yesterday')"));
    fails(State.NUMBER_OUT_OF_RANGE, "", () -> run("UPDATE t SET num = num + 9223372036854775807"));
    fails(State.DIVISION_BY_ZERO, "division by zero", () -> run("UPDATE t SET num = num / 0"));
    fails(State.INVALID_PARAMETER, "4 parameters", () -> run(insert, 1));
  }

  @Test
  void a_thousand_rows_go_in_at_once() {
    List<String> rows = new ArrayList<>();
    List<Object> parameters = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      rows.add("(?, ?, " + i + ".5, ?)");
      parameters.addAll(List.of(i, "n" + i % 100, i));
    }
    String sql = "INSERT INTO t (id, name, amount, num) VALUES " + String.join(", ", rows);
    assertThat(run(sql, parameters.toArray())).isEqualTo(1000);
    assertThat(db.text("SELECT * FROM t WHERE id = 777"))
        .isEqualTo("777|n77|777.50|777|2026-11-22T10:20:30.123456789");
  }

  /** Beside parameters and expressions, where they had been cut. */
  @Test
  void values_that_are_too_long_are_refused_whatever_stands_beside_them() {
    for (String other : List.of("?", "1", "0 + 1")) {
      fails(
          State.STRING_TOO_LONG,
          "NAME",
          () -> run("INSERT INTO t (id, name) VALUES (" + other + ", 'too long')", 1));
    }
    fails(
        State.STRING_TOO_LONG,
        "NAME",
        () -> run("INSERT INTO t (id, name) VALUES (?, 'a'), (2, 'too long')", 1));
    fails(
        State.STRING_TOO_LONG,
        "NAME",
        () -> run("INSERT INTO t (id, name) VALUES (1, 'too' || ' long')"));
    fails(
        State.NUMBER_OUT_OF_RANGE,
        "AMOUNT",
        () -> run("INSERT INTO t (id, name, amount) VALUES (?, 'a', 123456)", 1));
    assertThat(run("INSERT INTO t (id, name, num) VALUES (?, 'four ', 5), (6, 'fit  ', 6)", 5))
        .isEqualTo(2);
    assertThat(db.text("SELECT name FROM t WHERE id IN (5, 6)")).isEqualTo("four \nfit  ");
  }

  @Test
  void text_is_made_a_value_of_its_column() {
    run("INSERT INTO t (id, name, amount, num) VALUES ('7', '8', '1.555', '9')");
    assertThat(db.text("SELECT id, name, amount, num FROM t")).isEqualTo("7|8|1.56|9");
    fails(State.INVALID_TEXT, "ID", () -> run("INSERT INTO t (id, name) VALUES ('x', 'a')"));
  }

  @Test
  void what_is_seen_is_what_stands() {
    run("INSERT INTO t (id, name, num) VALUES (1, 'a', 1)");
    Plan.Change update = (Plan.Change) db.plan("UPDATE t SET amount = 1 WHERE id = 1");
    Plan.Changes changes = update.evaluate(db.context());
    assertThat(changes.changes()).hasSize(1);
    StoreChange change = changes.changes().get(0);
    assertThat(db.view().find(change.table(), change.key()))
        .contains(java.util.Objects.requireNonNull(change.seen()));
    assertThat(changes.tables()).containsExactly(change.table());
  }
}
