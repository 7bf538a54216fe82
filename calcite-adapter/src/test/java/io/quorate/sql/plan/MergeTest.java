package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.sql.lang.SqlFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MergeTest {
  private final TestDatabase db = new TestDatabase();

  @BeforeEach
  void make() {
    db.execute(
        "CREATE TABLE stock (item VARCHAR(10) PRIMARY KEY, n INT DEFAULT 5 NOT NULL CHECK (n >= 0),"
            + " no INT GENERATED ALWAYS AS IDENTITY, twice INT GENERATED ALWAYS AS (n * 2))");
    db.execute("CREATE UNIQUE INDEX stock_no ON stock (no)");
    db.execute("INSERT INTO stock (item, n) VALUES ('bolt', 10), ('nut', 20), ('saw', 1)");
    db.execute("CREATE TABLE news (item VARCHAR(10), change INT)");
    db.execute("INSERT INTO news VALUES ('bolt', 5), ('saw', -1), ('axe', 7), (NULL, 1)");
  }

  private String rows() {
    return db.text("SELECT item, n, no, twice FROM stock ORDER BY item");
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
  void each_row_of_the_source_goes_to_the_first_clause_about_it() {
    assertThat(
            db.execute(
                "MERGE INTO stock AS s USING news AS w ON s.item = w.item"
                    + " WHEN MATCHED AND s.n + w.change = 0 THEN DELETE"
                    + " WHEN MATCHED THEN UPDATE SET n = s.n + w.change"
                    + " WHEN NOT MATCHED AND w.item IS NULL THEN DO NOTHING"
                    + " WHEN NOT MATCHED THEN INSERT (item, n) VALUES (w.item, w.change * 100 / 7)"))
        .isEqualTo(3);
    assertThat(rows()).isEqualTo("axe|100|4|200\nbolt|15|1|30\nnut|20|2|40");
    db.assertIndexesAgree("STOCK");
  }

  @Test
  void only_the_values_of_the_clause_are_computed() {
    assertThat(
            db.execute(
                "MERGE INTO stock s USING (VALUES ('bolt', 0), ('new', 4)) AS v (item, d)"
                    + " ON s.item = v.item WHEN MATCHED THEN UPDATE SET n = DEFAULT"
                    + " WHEN NOT MATCHED THEN INSERT (item, n) VALUES (v.item, 8 / v.d)"))
        .isEqualTo(2);
    assertThat(rows()).isEqualTo("bolt|5|1|10\nnew|2|4|4\nnut|20|2|40\nsaw|1|3|2");
  }

  @Test
  void parameters_may_stand_anywhere() {
    String sql =
        "MERGE INTO stock USING (SELECT item, change + CAST(? AS INT) AS c FROM news WHERE change > ?)"
            + " AS w ON stock.item = w.item AND stock.n > ? WHEN MATCHED AND c < ? THEN"
            + " UPDATE SET n = ? WHEN NOT MATCHED AND w.item = ? THEN INSERT VALUES (?, ?, DEFAULT, DEFAULT)";
    assertThat(db.execute(sql, 1, 0, 9, 100, 77, "axe", "spade", 3)).isEqualTo(2);
    assertThat(rows()).isEqualTo("bolt|77|1|154\nnut|20|2|40\nsaw|1|3|2\nspade|3|4|6");
  }

  @Test
  void a_row_that_comes_takes_the_key_of_one_that_goes() {
    assertThat(
            db.execute(
                "MERGE INTO stock s USING (VALUES ('x', 1), ('nut', 2)) AS v (item, n)"
                    + " ON s.item = 'nut' AND v.n = 2 WHEN NOT MATCHED THEN"
                    + " INSERT (item, n) VALUES ('nut', 9) WHEN MATCHED THEN DELETE"))
        .isEqualTo(2);
    assertThat(rows()).isEqualTo("bolt|10|1|20\nnut|9|4|18\nsaw|1|3|2");
    db.assertIndexesAgree("STOCK");
  }

  @Test
  void a_table_may_be_merged_with_itself() {
    db.execute(
        "MERGE INTO stock s USING (SELECT MAX(n) AS m FROM stock) AS x ON s.n < x.m"
            + " WHEN MATCHED THEN UPDATE SET n = x.m");
    assertThat(db.text("SELECT DISTINCT n FROM stock")).isEqualTo("20");
    assertThat(
            db.explain(
                "MERGE INTO stock s USING news w ON s.item = w.item WHEN MATCHED THEN DELETE"))
        .contains("Merge into PUBLIC.STOCK");
  }

  @Test
  void a_row_changes_once_and_constraints_hold() {
    db.execute("INSERT INTO news VALUES ('bolt', 6)");
    fails(
        "21000",
        "MERGE INTO stock s USING news w ON s.item = w.item WHEN MATCHED THEN UPDATE SET n = change");
    fails(
        "23505",
        "MERGE INTO stock s USING (VALUES 1, 2) AS v (x) ON FALSE"
            + " WHEN NOT MATCHED THEN INSERT (item) VALUES ('same')");
    fails(
        "23514",
        "MERGE INTO stock s USING news w ON s.item = w.item AND change < 0"
            + " WHEN MATCHED THEN UPDATE SET n = change");
    fails(
        "23502",
        "MERGE INTO stock s USING news w ON s.item = w.item WHEN NOT MATCHED THEN"
            + " INSERT (item, n) VALUES (w.item, 1)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "42P01; MERGE INTO missing s USING news w ON TRUE WHEN MATCHED THEN DELETE",
        "42703; MERGE INTO stock s USING news w ON s.x = w.item WHEN MATCHED THEN DELETE",
        "42703; MERGE INTO stock s USING news w ON TRUE WHEN MATCHED THEN UPDATE SET x = 1",
        "42701; MERGE INTO stock s USING news w ON TRUE WHEN MATCHED THEN UPDATE SET n = 1, n = 2",
        "428C9; MERGE INTO stock s USING news w ON TRUE WHEN MATCHED THEN UPDATE SET twice = 1",
        "428C9; MERGE INTO stock s USING news w ON TRUE WHEN NOT MATCHED THEN INSERT (no) VALUES (1)",
        "42601; MERGE INTO stock s USING news w ON TRUE WHEN NOT MATCHED THEN INSERT VALUES ('x')",
        "42804; MERGE INTO stock s USING news w ON TRUE WHEN MATCHED THEN UPDATE SET n = CURRENT_DATE",
        "42601; MERGE INTO stock s USING news w ON TRUE WHEN NOT MATCHED THEN DELETE",
        "42601; MERGE INTO stock s USING news w ON TRUE",
      })
  void what_is_wrong_is_told(String state, String sql) {
    fails(state, sql);
  }
}
