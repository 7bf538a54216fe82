package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReturningTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute(
        "CREATE TABLE t (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR(10),"
            + " n DECIMAL(6, 2) DEFAULT 1, twice DECIMAL(8, 2) GENERATED ALWAYS AS (n * 2), b BLOB)");
    db.execute("INSERT INTO t (name, n) VALUES ('a', 1), ('b', 2), ('c', 3)");
  }

  /** The rows that are returned, as text; the changes are made. */
  private String returned(String sql, @Nullable Object... parameters) {
    Plan.Change plan = (Plan.Change) db.plan(sql);
    List<String> rows = new ArrayList<>();
    Plan.Changes changes =
        plan.evaluate(
            db.context(parameters),
            new InsertedRows() {
              @Override
              public void row(TableDef table, @Nullable Object[] values) {}

              @Override
              public void returned(@Nullable Object[] values) {
                rows.add(
                    Arrays.stream(values).map(String::valueOf).collect(Collectors.joining("|")));
              }
            });
    assertThat(changes.updateCount()).isEqualTo(rows.size());
    assertThat(plan.isShort()).isFalse();
    db.view().apply(changes.changes());
    return String.join("\n", rows);
  }

  @Test
  void an_insert_tells_what_was_made() {
    assertThat(
            returned(
                "INSERT INTO t (name) VALUES (?), ('e') RETURNING id, name || CAST(? AS VARCHAR), twice AS double_n",
                "d",
                "!"))
        .isEqualTo("4|d!|2.00\n5|e!|2.00");
    Plan.Change plan =
        (Plan.Change) db.plan("INSERT INTO t (name) VALUES ('x') RETURNING id, n AS m");
    assertThat(plan.returning().stream().map(ResultColumn::label)).containsExactly("ID", "M");
    assertThat(((Plan.Change) db.plan("DELETE FROM t")).returning()).isEmpty();
  }

  @Test
  void an_update_tells_rows_as_they_are_and_a_delete_as_they_were() {
    assertThat(returned("UPDATE t AS u SET n = n + ? WHERE id > ? RETURNING u.id, n, twice", 1, 1))
        .isEqualTo("2|3.00|6.00\n3|4.00|8.00");
    assertThat(returned("UPDATE t SET n = (SELECT MAX(n) FROM t) WHERE id = 1 RETURNING n"))
        .isEqualTo("4.00");
    assertThat(returned("DELETE FROM t WHERE name <> 'b' RETURNING UPPER(name), n"))
        .isEqualTo("A|4.00\nC|4.00");
    assertThat(returned("DELETE FROM t WHERE name = 'zz' RETURNING name")).isEmpty();
    assertThat(db.text("SELECT name, n FROM t")).isEqualTo("b|3.00");
  }

  @Test
  void a_star_is_all_columns_and_expressions_may_be_of_any_kind() {
    db.execute("CREATE TABLE u (a INT, c CHAR(3))");
    assertThat(
            returned(
                "INSERT INTO u SELECT id, name FROM t WHERE id < 3"
                    + " RETURNING *, SUBSTRING(c FROM 1 FOR 1), a / 2.0"))
        .isEqualTo("1|a|a|0.5000000000\n2|b|b|1.0000000000");
  }

  @Test
  void an_upsert_tells_what_came_and_what_changed() {
    db.execute("CREATE TABLE k (id INT PRIMARY KEY, n INT)");
    db.execute("INSERT INTO k VALUES (1, 10), (2, 20)");
    assertThat(
            returned(
                "INSERT INTO k VALUES (1, ?), (2, 2), (3, 3) ON CONFLICT (id) DO UPDATE"
                    + " SET n = k.n + EXCLUDED.n + ? WHERE k.n < ? RETURNING id + ?, n",
                1,
                100,
                15,
                1000))
        .isEqualTo("1001|111\n1003|3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "42703; DELETE FROM t RETURNING missing",
        "42803; DELETE FROM t RETURNING COUNT(*)",
        "0A000; DELETE FROM t RETURNING (SELECT 1 FROM t)",
        "0A000; DELETE FROM t RETURNING b",
        "0A000; DELETE FROM t RETURNING NEXT VALUE FOR s",
        "42601; DELETE FROM t RETURNING",
        "42601; SELECT 1 RETURNING 1",
      })
  void what_cannot_be_returned_is_refused(String state, String sql) {
    db.execute("CREATE SEQUENCE s");
    assertThatThrownBy(() -> db.plan(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure ->
                assertThat(failure.state().sqlState()).as(failure.getMessage()).isEqualTo(state));
  }
}
