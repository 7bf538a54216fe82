package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OnConflictTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, code VARCHAR(10), n INT DEFAULT 7 CHECK (n < 100),"
            + " twice INT GENERATED ALWAYS AS (n * 2), CONSTRAINT t_code UNIQUE (code))");
    db.execute("INSERT INTO t (id, code, n) VALUES (1, 'a', 10), (2, 'b', 20), (3, NULL, 30)");
  }

  private String rows() {
    return db.text("SELECT * FROM t ORDER BY id");
  }

  private void fails(String state, String sql, @Nullable Object... parameters) {
    String before = rows();
    assertThatThrownBy(() -> db.execute(sql, parameters))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure ->
                assertThat(failure.state().sqlState()).as(failure.getMessage()).isEqualTo(state));
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void rows_whose_key_stands_are_left_out() {
    assertThat(
            db.execute(
                "INSERT INTO t (id, code, n) VALUES (1, 'x', 1), (4, 'a', 1), (5, 'e', 50)"
                    + " ON CONFLICT DO NOTHING"))
        .isEqualTo(1);
    assertThat(rows()).isEqualTo("1|a|10|20\n2|b|20|40\n3|null|30|60\n5|e|50|100");
    db.assertIndexesAgree("T");
  }

  @Test
  void only_the_key_that_is_named_counts() {
    assertThat(db.execute("INSERT INTO t (id, n) VALUES (1, 1) ON CONFLICT (id) DO NOTHING"))
        .isZero();
    fails("23505", "INSERT INTO t (id, code) VALUES (9, 'a') ON CONFLICT (id) DO NOTHING");
    assertThat(
            db.execute(
                "INSERT INTO t (id, code) VALUES (9, 'a')"
                    + " ON CONFLICT ON CONSTRAINT t_code DO NOTHING"))
        .isZero();
    fails(
        "23505",
        "INSERT INTO t (id, code) VALUES (1, 'z') ON CONFLICT ON CONSTRAINT t_code DO NOTHING");
  }

  @Test
  void null_is_nobodys_key() {
    assertThat(db.execute("INSERT INTO t (id) VALUES (9) ON CONFLICT (code) DO NOTHING"))
        .isEqualTo(1);
    assertThat(db.text("SELECT * FROM t WHERE id = 9")).isEqualTo("9|null|7|14");
  }

  @Test
  void the_row_that_is_there_is_updated_from_both() {
    String sql =
        "INSERT INTO t (id, code, n) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
            + " SET n = t.n + EXCLUDED.n + ?, code = EXCLUDED.code WHERE t.n < ?";
    assertThat(db.execute(sql, 1, "z", 5, 100, 0)).isZero();
    fails("23514", sql, 1, "z", 5, 100, 11);
    assertThat(db.execute(sql, 1, "z", 5, 1, 11)).isEqualTo(1);
    assertThat(db.execute(sql, 8, "h", 80, 1, 11)).isEqualTo(1);
    assertThat(rows()).isEqualTo("1|z|16|32\n2|b|20|40\n3|null|30|60\n8|h|80|160");
    db.assertIndexesAgree("T");
  }

  @Test
  void values_may_be_defaults_and_functions_of_any_kind() {
    db.execute(
        "INSERT INTO t (id, code, n) SELECT id, code, n FROM t WHERE id < 3 ON CONFLICT (id)"
            + " DO UPDATE SET n = DEFAULT, code = SUBSTRING(t.code || EXCLUDED.code FROM CAST(? AS INT) FOR 1)"
            + " || CAST(EXCLUDED.n AS VARCHAR)",
        2);
    assertThat(rows()).isEqualTo("1|a10|7|14\n2|b20|7|14\n3|null|30|60");
    db.assertIndexesAgree("T");
  }

  @Test
  void a_row_changes_once() {
    fails(
        "21000",
        "INSERT INTO t (id, n) VALUES (1, 1), (1, 2) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n");
    fails(
        "21000",
        "INSERT INTO t (id, n) VALUES (9, 1), (9, 2) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n");
    assertThat(
            db.execute("INSERT INTO t (id, n) VALUES (9, 1), (9, 2) ON CONFLICT (id) DO NOTHING"))
        .isEqualTo(1);
    assertThat(db.text("SELECT n FROM t WHERE id = 9")).isEqualTo("1");
  }

  @Test
  void a_key_may_move_and_its_place_be_taken_by_the_next_row() {
    assertThat(
            db.execute(
                "INSERT INTO t (id, code, n) VALUES (1, 'c', 1), (9, 'a', 2) ON CONFLICT (id)"
                    + " DO UPDATE SET code = EXCLUDED.code"))
        .isEqualTo(2);
    assertThat(rows()).isEqualTo("1|c|10|20\n2|b|20|40\n3|null|30|60\n9|a|2|4");
    db.assertIndexesAgree("T");
    fails("23505", "INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET code = 'b'");
  }

  @Test
  void those_who_ask_are_told_of_new_and_changed_rows() {
    List<Object> told = new ArrayList<>();
    Plan.Change plan =
        (Plan.Change)
            db.plan(
                "INSERT INTO t (id, n) VALUES (1, 1), (4, 4), (2, 2) ON CONFLICT (id)"
                    + " DO UPDATE SET n = EXCLUDED.n WHERE t.id = 1");
    Plan.Changes changes = plan.evaluate(db.context(), (table, values) -> told.add(values[0]));
    assertThat(told).containsExactly(1, 4);
    assertThat(changes.updateCount()).isEqualTo(2);
    assertThat(
            db.explain(
                "INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n"))
        .contains("On conflict of primary key: update the row that is there");
  }

  @Test
  void a_table_without_a_key_has_no_conflicts() {
    db.execute("CREATE TABLE heap (a INT)");
    assertThat(db.execute("INSERT INTO heap VALUES (1), (1) ON CONFLICT DO NOTHING")).isEqualTo(2);
    fails("42830", "INSERT INTO heap VALUES (1) ON CONFLICT (a) DO NOTHING");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "42601; INSERT INTO t (id) VALUES (1) ON CONFLICT DO UPDATE SET n = 1",
        "42830; INSERT INTO t (id) VALUES (1) ON CONFLICT (n) DO NOTHING",
        "42703; INSERT INTO t (id) VALUES (1) ON CONFLICT (missing) DO NOTHING",
        "42704; INSERT INTO t (id) VALUES (1) ON CONFLICT ON CONSTRAINT missing DO NOTHING",
        "42703; INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET missing = 1",
        "42701; INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 1, n = 2",
        "42702; INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = n + 1",
        "428C9; INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET twice = 1",
        "42804; INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = DATE '2020-01-01'",
        "42804; INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 1 WHERE t.n",
        "0A000; INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = (SELECT 1 FROM t)",
        "22012; INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = t.n / (t.n - 10)",
        "42601; DELETE FROM t WHERE id = 1 ON CONFLICT DO NOTHING",
      })
  void what_is_wrong_is_told_and_nothing_is_done(String state, String sql) {
    fails(state, sql);
  }

  @Test
  void the_words_of_the_clause_remain_names() {
    db.execute("CREATE TABLE do (conflict INT PRIMARY KEY, nothing INT)");
    db.execute("INSERT INTO do (conflict) VALUES (1) ON CONFLICT DO NOTHING");
    assertThat(db.text("SELECT conflict, nothing FROM do")).isEqualTo("1|null");
  }
}
