package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an OR over several tables says of each of them is asked before they are joined. */
class ImpliedConditionsTest {
  private static final TestDatabase DB = new TestDatabase();

  @BeforeAll
  static void create() {
    for (String table : List.of("a", "b")) {
      DB.execute("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, x INTEGER, y INTEGER)");
      for (int i = 0; i < 12; i++) {
        DB.execute(
            "INSERT INTO " + table + " VALUES (?, ?, ?)", i, i % 4, i % 3 == 0 ? null : i % 3);
      }
    }
  }

  private static final String JOINED = "SELECT a.id, b.id FROM a JOIN b ON a.id = b.id WHERE ";

  @Test
  void each_table_is_asked_for_what_every_alternative_says_of_it() {
    String sql = JOINED + "(a.x = 1 AND b.y = 2) OR (a.x = 2 AND b.y = 1 AND a.y = 1)";
    assertThat(DB.explain(sql)).contains("filter=[OR(=(Y, 1), =(Y, 2))]");
    assertThat(DB.text(sql + " ORDER BY 1")).isEqualTo("5|5\n10|10");
    assertThat(
            DB.explain("SELECT 1 FROM a, b WHERE (a.x = 1 AND b.y = 2) OR (a.x = 3 AND b.y = 1)"))
        .contains("filter=[OR(=(X, 1), =(X, 3))]");
  }

  @Test
  void an_alternative_that_says_nothing_of_a_table_says_anything() {
    assertThat(DB.explain(JOINED + "(a.x = 1 AND b.y = 2) OR b.y = 1"))
        .contains("filter=[OR(=(Y, 1), =(Y, 2))]")
        .doesNotContain("=(X, 1)]");
  }

  @Test
  void rows_without_partner_are_kept_where_the_condition_keeps_them() {
    String on = "SELECT a.id, b.id FROM a LEFT JOIN b ON a.id = b.id AND b.x = 1";
    assertThat(DB.text(on + " WHERE (a.x = 1 AND b.y = 2) OR (a.x = 2 AND b.y IS NULL) ORDER BY 1"))
        .isEqualTo("2|null\n5|5\n6|null\n10|null");
  }

  /** Where b.x is zero a.x is not 1. */
  @Test
  void what_may_fail_is_asked_of_joined_rows_only() {
    String sql = JOINED + "(a.x = 1 AND 6 / b.x > 2) OR (a.x = 2 AND 8 / b.x > 2)";
    assertThat(DB.explain(sql)).contains("filter=[OR(=(X, 1), =(X, 2))]");
    assertThat(DB.text(sql + " ORDER BY 1")).isEqualTo("1|1\n2|2\n5|5\n6|6\n9|9\n10|10");
  }

  @Test
  void a_scan_asks_single_columns_for_what_every_alternative_says_of_them() {
    String sql =
        "SELECT x, COUNT(*) FROM a WHERE (x = 1 AND y = 2 AND id > 3) OR (x = 2 AND y IN (1, 2))"
            + " GROUP BY x";
    assertThat(DB.explain(sql))
        .contains("filter=[AND(OR(=(X, 1), =(X, 2)), OR(=(Y, 2), =(Y, 1)))]");
    assertThat(DB.text(sql + " ORDER BY 1")).isEqualTo("1|1\n2|2");
    assertThat(DB.explain("SELECT x, COUNT(*) FROM a WHERE x = 1 OR y = 2 GROUP BY x"))
        .doesNotContain("filter=");
    assertThat(DB.text("SELECT x, COUNT(*) FROM a WHERE x = 1 OR y = 2 GROUP BY x ORDER BY 1"))
        .isEqualTo("0|1\n1|3\n2|1\n3|1");
  }
}
