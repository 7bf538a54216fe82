package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.lang.SqlFailure;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TableOfQueryTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL, code CHAR(3),"
            + " price DECIMAL(8, 2), made TIMESTAMP(3))");
    db.execute("INSERT INTO t VALUES (1, 'apple', 'ap', 1.50, TIMESTAMP '2020-01-01 10:00:00')");
    db.execute("INSERT INTO t VALUES (2, 'pear', NULL, NULL, NULL)");
  }

  private List<String> columns(String table) {
    return db.catalog().find("PUBLIC", table).orElseThrow().visibleColumns().stream()
        .map(TableOfQueryTest::shown)
        .toList();
  }

  private static String shown(ColumnDef column) {
    return column.name() + " " + column.type() + (column.nullable() ? "" : " NOT NULL");
  }

  @Test
  void columns_have_the_types_they_come_from_and_may_be_null() {
    db.execute("CREATE TABLE u AS SELECT * FROM t");
    assertThat(columns("U"))
        .containsExactly(
            "ID INTEGER",
            "NAME VARCHAR(20)",
            "CODE CHAR(3)",
            "PRICE DECIMAL(8, 2)",
            "MADE TIMESTAMP(3)");
    assertThat(db.text("SELECT * FROM u ORDER BY id")).isEqualTo(db.text("SELECT * FROM t"));
    db.execute("INSERT INTO u (id) VALUES (1)");
    assertThat(db.text("SELECT COUNT(*) FROM u")).isEqualTo("3");
  }

  @Test
  void what_is_computed_is_not_bound_to_the_length_it_has() {
    db.execute("CREATE TABLE u (a, b, c) AS SELECT 'x', CURRENT_TIMESTAMP, COUNT(*) FROM t");
    assertThat(columns("U")).containsExactly("A VARCHAR", "B TIMESTAMP", "C BIGINT");
    db.execute("INSERT INTO u VALUES ('longer', NULL, NULL)");
    assertThat(db.text("SELECT a, c FROM u WHERE c = 2")).isEqualTo("x|2");
  }

  @Test
  void a_query_of_any_form_is_taken_with_its_rows_or_without() {
    db.execute("CREATE TABLE u AS (WITH w AS (SELECT id FROM t) SELECT id n FROM w) WITH DATA");
    assertThat(db.text("SELECT n FROM u ORDER BY n")).isEqualTo("1\n2");
    db.execute("CREATE TABLE v AS VALUES (1, 'a') UNION SELECT id, name FROM t WITH NO DATA");
    assertThat(db.text("SELECT COUNT(*) FROM v")).isEqualTo("0");
    db.execute("CREATE TABLE IF NOT EXISTS v AS SELECT name FROM t");
    assertThat(columns("V")).hasSize(2);
  }

  @Test
  void many_rows_come_in_batches_small_enough_for_the_log() {
    StringBuilder digits = new StringBuilder("(VALUES 0");
    for (int i = 1; i < 32; i++) {
      digits.append(", ").append(i);
    }
    String all = digits.append(")").toString();
    Plan.Definition plan =
        (Plan.Definition)
            db.plan(
                "CREATE TABLE n AS SELECT a.x * 1024 + b.x * 32 + c.x AS n FROM "
                    + all
                    + " a (x), "
                    + all
                    + " b (x), "
                    + all
                    + " c (x)");
    Iterator<? extends List<?>> batches = plan.evaluate(db.context()).preparation();
    int rows = 0;
    int count = 0;
    while (batches.hasNext()) {
      int size = batches.next().size();
      assertThat(size).isLessThanOrEqualTo(ChangeBatch.ENTRIES_MAX);
      rows += size;
      count++;
    }
    assertThat(rows).isEqualTo(32 * 32 * 32);
    assertThat(count).isEqualTo(4);
  }

  @Test
  void rows_that_fail_leave_no_table() {
    db.execute("CREATE SEQUENCE s");
    assertThatThrownBy(() -> db.execute("CREATE TABLE u AS SELECT 1 / (id - 2) AS x FROM t"))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).isEqualTo(SqlFailure.State.DIVISION_BY_ZERO));
    assertThat(db.catalog().find("PUBLIC", "U")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "42P07; CREATE TABLE t AS SELECT 1 AS x",
        "42601; CREATE TABLE u (a, b) AS SELECT 1",
        "42701; CREATE TABLE u AS SELECT id, name AS id FROM t",
        "42P01; CREATE TABLE u AS SELECT * FROM missing",
        "0A000; CREATE TABLE u AS SELECT NEXT VALUE FOR s AS n FROM t",
        "0A000; CREATE TABLE u AS SELECT id FROM t WHERE id = ?",
        "0A000; CREATE TABLE u AS SELECT b FROM large",
      })
  void what_cannot_be_a_table_is_refused(String state, String sql) {
    db.execute("CREATE SEQUENCE s");
    db.execute("CREATE TABLE large (b BLOB)");
    assertThatThrownBy(() -> db.execute(sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure ->
                assertThat(failure.state().sqlState()).as(failure.getMessage()).isEqualTo(state));
  }
}
