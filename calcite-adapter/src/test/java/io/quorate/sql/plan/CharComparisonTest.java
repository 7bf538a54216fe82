package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blanks at the end of a CHAR(n) count for nothing, of a VARCHAR they do. */
class CharComparisonTest {
  private static final TestDatabase DB = new TestDatabase();

  @BeforeAll
  static void create() {
    DB.execute("CREATE TABLE t (id INT PRIMARY KEY, c CHAR(3), v VARCHAR(9))");
    DB.execute("INSERT INTO t VALUES (1, 'b', 'b'), (2, NULL, 'b  '), (3, 'a', 'a'), (4, '', ' ')");
    DB.execute("CREATE INDEX by_c ON t (c)");
    DB.execute("CREATE TABLE u (id INT PRIMARY KEY)");
    DB.execute("INSERT INTO u VALUES (1), (2), (3), (4)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "c = 'b  '; 1",
        "c = 'b      '; 1",
        "'b ' = c; 1",
        "c = '  '; 4",
        "c <> 'a '; 1 4",
        "c > 'a  '; 1",
        "c <= 'a  '; 3 4",
        "c BETWEEN 'a  ' AND 'b   '; 1 3",
        "c IN ('b ', 'x'); 1",
        "c IN ('b ', 'a', 'z  '); 1 3",
        "c NOT IN ('b ', 'a   '); 4",
        "c = SOME (VALUES ('b'), ('z')); 1",
        "CASE c WHEN 'b ' THEN id = 1 WHEN 'a  ' THEN FALSE END; 1",
        "NULLIF(c, 'a  ') = 'b '; 1",
        "NULLIF(c, 'a  ') IS NULL; 2 3",
        "COALESCE(c, 'b') = 'b'; 1 2",
        "COALESCE(c, 'b') IN ('b', 'c'); 1 2",
        "COALESCE(c, 'b') <> 'b'; 3 4",
        "c IS NOT DISTINCT FROM 'b  '; 1",
        "v = 'b  '; 2",
        "v = 'b'; 1",
        "v IN ('b  ', 'x '); 2",
        "v || 'x' = 'b  x'; 2",
        "'b' = 'b' AND c = v; 1 3",
      })
  void blanks_count_for_nothing_beside_a_char(String condition, String ids) {
    assertThat(DB.text("SELECT id FROM t WHERE " + condition + " ORDER BY id").replace('\n', ' '))
        .isEqualTo(ids);
    assertThat(
            DB.text(
                    "SELECT t.id FROM t JOIN u ON t.id = u.id WHERE "
                        + condition.replaceAll("\\bid\\b", "t.id")
                        + " ORDER BY t.id")
                .replace('\n', ' '))
        .isEqualTo(ids);
  }

  @Test
  void an_index_is_used() {
    assertThat(DB.explain("SELECT id FROM t WHERE c = 'b  '"))
        .contains("index range of index BY_C (C)");
    for (String value : List.of("b", "b ", "b     ")) {
      assertThat(DB.text("SELECT id FROM t WHERE c = ?", value)).isEqualTo("1");
      assertThat(DB.text("SELECT id FROM t WHERE c || '' = 'b' AND c >= ?", value)).isEqualTo("1");
      assertThat(DB.text("SELECT t.id FROM t JOIN u ON t.id = u.id WHERE t.c = ?", value))
          .isEqualTo("1");
    }
  }

  @Test
  void changes_find_their_rows() {
    TestDatabase db = new TestDatabase();
    db.execute("CREATE TABLE t (id INT PRIMARY KEY, c CHAR(3) CHECK (c <> 'no '))");
    db.execute("INSERT INTO t VALUES (1, 'b'), (2, 'a')");
    assertThat(db.execute("UPDATE t SET id = 9 WHERE c = 'b '")).isEqualTo(1);
    assertThat(db.execute("DELETE FROM t WHERE c IN ('a  ', 'x')")).isEqualTo(1);
    assertThat(db.text("SELECT id FROM t")).isEqualTo("9");
  }
}
