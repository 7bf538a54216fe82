package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.SqlFailure;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ANALYZE, what it shows, and what plans make of it. */
class AnalyzeTest {
  private static final int ROWS = 2000;

  private final TestDatabase db = new TestDatabase();

  /** One order of a hundred is open; one of twenty has no note. */
  @BeforeEach
  void fill() {
    db.execute(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, state VARCHAR(8), day DATE, note VARCHAR)");
    db.execute("CREATE INDEX by_state ON orders (state)");
    db.execute("CREATE INDEX by_day ON orders (day)");
    Plan.Change insert = (Plan.Change) db.plan("INSERT INTO orders VALUES (?, ?, ?, ?)");
    for (int i = 0; i < ROWS; i++) {
      @Nullable Object[] row = {
        i,
        i % 100 == 0 ? "open" : "done",
        LocalDate.of(2026, 1, 1).plusDays(i / 10),
        i % 20 == 0 ? null : "note " + i
      };
      db.view().apply(insert.evaluate(db.context(row)).changes());
    }
  }

  @Test
  void what_is_found_is_shown() {
    assertThat(db.text("SELECT * FROM system.table_statistics ORDER BY table_schema"))
        .isEqualTo("PUBLIC|ORDERS|2000|null|null|null\nSYSTEM|KV|0|null|null|null");
    db.execute("ANALYZE orders");
    assertThat(db.text("SELECT * FROM system.table_statistics WHERE table_name = 'ORDERS'"))
        .isEqualTo("PUBLIC|ORDERS|2000|2026-11-22T10:20:30.123|2000|2000");
    assertThat(
            db.text(
                "SELECT column_name, null_share, distinct_count, min_value, max_value"
                    + " FROM system.column_statistics ORDER BY column_name"))
        .isEqualTo(
            """
            DAY|0.0|200|2026-01-01|2026-07-19
            ID|0.0|2000|0|1999
            NOTE|0.05|1900|note 1|note 999
            STATE|0.0|2|done|open""");
    assertThat(
            db.text(
                "SELECT most_common_values, most_common_shares, histogram_bounds"
                    + " FROM system.column_statistics WHERE column_name = 'STATE'"))
        .isEqualTo("{done, open}|{0.990000, 0.010000}|null");
    assertThat(
            db.text("SELECT histogram_bounds FROM system.column_statistics WHERE column_name='ID'"))
        .startsWith("{0, 19, 39, ")
        .endsWith(", 1979, 1999}");
  }

  @Test
  void some_columns_may_be_chosen_and_the_others_stay() {
    db.execute("ANALYZE TABLE public.orders (state, state)");
    String columns =
        "SELECT column_name FROM system.column_statistics WHERE table_name = 'ORDERS' ORDER BY 1";
    assertThat(db.text(columns)).isEqualTo("STATE");
    db.execute("ANALYZE orders (id)");
    assertThat(db.text(columns)).isEqualTo("ID\nSTATE");
    assertThat(
            db.text("SELECT analyzed_at FROM system.table_statistics WHERE table_name = 'ORDERS'"))
        .isEqualTo("null");
    db.execute("ANALYZE");
    assertThat(db.text(columns)).isEqualTo("DAY\nID\nNOTE\nSTATE");
  }

  @Test
  void an_unknown_table_or_column_is_refused() {
    assertThatThrownBy(() -> db.execute("ANALYZE nothing"))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            failure -> assertThat(failure.state()).isEqualTo(SqlFailure.State.TABLE_NOT_FOUND));
    assertThatThrownBy(() -> db.execute("ANALYZE orders (id, nothing)"))
        .isInstanceOf(SqlFailure.class)
        .hasMessage("column \"NOTHING\" of table \"ORDERS\" not found");
  }

  @Test
  void an_index_serves_a_rare_value_and_a_scan_a_common_one() {
    String open = "SELECT id FROM orders WHERE state = 'open'";
    String done = "SELECT id FROM orders WHERE state = 'done'";
    assertThat(db.explain(done)).contains("BY_STATE");
    db.execute("ANALYZE orders");
    assertThat(db.explain(open)).contains("BY_STATE");
    assertThat(db.explain(done)).contains("full scan");
    assertThat(db.explain("UPDATE orders SET note = 'x' WHERE state = 'done'"))
        .contains("full scan");
    assertThat(db.query(open)).hasSize(ROWS / 100);
    assertThat(db.query(done)).hasSize(ROWS - ROWS / 100);
  }

  @Test
  void a_narrow_range_is_read_by_its_index_and_a_wide_one_is_not() {
    db.execute("ANALYZE orders");
    String range = "SELECT id FROM orders WHERE day >= DATE '%s' AND day < DATE '%s'";
    assertThat(db.explain(range.formatted("2026-03-01", "2026-03-05"))).contains("BY_DAY");
    assertThat(db.explain(range.formatted("2026-02-01", "2026-07-01"))).contains("full scan");
    assertThat(db.query(range.formatted("2026-03-01", "2026-03-05"))).hasSize(40);
  }

  @Test
  void of_two_indexes_the_one_to_fewer_rows_is_taken() {
    db.execute("ANALYZE orders");
    String sql = "SELECT id FROM orders WHERE state = '%s' AND day = DATE '2026-03-01'";
    assertThat(db.explain(sql.formatted("open"))).contains("BY_DAY");
    db.execute("DELETE FROM orders WHERE state = 'open' AND id > 100");
    db.execute("INSERT INTO orders SELECT id + 10000, 'done', DATE '2026-03-01', note FROM orders");
    db.execute("ANALYZE orders");
    assertThat(db.explain(sql.formatted("open"))).contains("BY_STATE");
    assertThat(db.explain(sql.formatted("done"))).contains("full scan");
  }

  @Test
  void plans_are_made_again_when_their_table_was_analyzed_and_else_kept() {
    db.execute("CREATE TABLE other (id INTEGER PRIMARY KEY)");
    String counted = "SELECT state, COUNT(*) FROM orders GROUP BY state ORDER BY 1";
    for (String sql : new String[] {"SELECT id FROM orders WHERE state = 'done'", counted}) {
      Plan before = db.plan(sql);
      assertThat(db.plan(sql)).isSameAs(before);
      db.execute("ANALYZE other");
      assertThat(db.plan(sql)).isSameAs(before);
      db.execute("ANALYZE orders");
      Plan after = db.plan(sql);
      assertThat(after).isNotSameAs(before);
      assertThat(db.plan(sql)).isSameAs(after);
    }
    Plan point = db.plan("SELECT * FROM orders WHERE id = ?");
    db.execute("ANALYZE orders");
    assertThat(db.plan("SELECT * FROM orders WHERE id = ?")).isSameAs(point);
  }

  @Test
  void answers_are_right_when_statistics_are_out_of_date() {
    db.execute("ANALYZE orders");
    db.execute("UPDATE orders SET state = 'new', day = day + INTERVAL '1' YEAR WHERE id < 1500");
    assertThat(db.text("SELECT COUNT(*) FROM orders WHERE state = 'new'")).isEqualTo("1500");
    assertThat(db.text("SELECT COUNT(*) FROM orders WHERE day > DATE '2026-12-31'"))
        .isEqualTo("1500");
    assertThat(
            db.text(
                "SELECT COUNT(*) FROM orders a JOIN orders b ON a.day = b.day"
                    + " WHERE a.state = 'new' AND b.note LIKE 'note 1%'"))
        .isEqualTo("5810");
  }

  @Test
  void statistics_go_with_their_table() {
    db.execute("ANALYZE orders");
    assertThat(db.view().rowCount(Catalog.STATISTICS_TABLE)).isEqualTo(1);
    db.execute("DROP TABLE orders");
    assertThat(db.view().rowCount(Catalog.STATISTICS_TABLE)).isZero();
    assertThat(db.text("SELECT * FROM system.column_statistics")).isEmpty();
  }

  @Test
  void a_renamed_column_has_none_until_it_is_analyzed() {
    db.execute("ANALYZE orders");
    db.execute("ALTER TABLE orders RENAME COLUMN state TO phase");
    assertThat(db.explain("SELECT id FROM orders WHERE phase = 'done'")).contains("BY_STATE");
    assertThat(db.text("SELECT column_name FROM system.column_statistics ORDER BY 1"))
        .isEqualTo("DAY\nID\nNOTE");
  }
}
