package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes in descending order: which queries use them, and that these find what all others do. */
final class DescendingIndexTest {
  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void make() {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, b BIGINT, c VARCHAR(9))");
    SplittableRandom random = new SplittableRandom(5);
    for (int id = 0; id < 300; id++) {
      database.execute(
          "INSERT INTO t VALUES (?, ?, ?, ?)",
          id,
          random.nextInt(8) == 0 ? null : random.nextInt(-10, 10),
          random.nextInt(8) == 0 ? null : random.nextLong(-5, 5),
          random.nextInt(8) == 0 ? null : "x" + random.nextInt(5));
    }
  }

  private static final List<String> INDEXES =
      List.of(
          "CREATE INDEX i ON t (a DESC, b)",
          "CREATE INDEX j ON t (c, b DESC)",
          "CREATE UNIQUE INDEX u ON t (b DESC, c DESC, id)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id FROM t WHERE a = 3 ORDER BY id",
        "SELECT id FROM t WHERE a BETWEEN -2 AND 2 ORDER BY id",
        "SELECT id FROM t WHERE a > -2 AND a < 2 ORDER BY id",
        "SELECT id FROM t WHERE a >= 8 ORDER BY id",
        "SELECT id FROM t WHERE a < -8 ORDER BY id",
        "SELECT id FROM t WHERE a > 2.5 AND a <= 4.5 ORDER BY id",
        "SELECT id FROM t WHERE a IN (5, -3, 9, 100000000000) ORDER BY id",
        "SELECT id FROM t WHERE a = 3 AND b > 0 ORDER BY id",
        "SELECT id FROM t WHERE a IS NULL ORDER BY id",
        "SELECT id FROM t WHERE c = 'x3' AND b <= 1 ORDER BY id",
        "SELECT id FROM t WHERE c = 'x3' AND b > 1 ORDER BY b DESC, id",
        "SELECT id FROM t WHERE b = 2 AND c > 'x2' ORDER BY c DESC, id",
        "SELECT a, b, id FROM t ORDER BY a DESC, b, id",
        "SELECT a, b, id FROM t ORDER BY a DESC NULLS LAST, b, id",
        "SELECT a FROM t ORDER BY a DESC LIMIT 40",
        "SELECT a FROM t ORDER BY a LIMIT 40",
        "SELECT c, b FROM t ORDER BY c, b DESC LIMIT 50 OFFSET 7",
        "SELECT b, c, id FROM t ORDER BY b DESC, c DESC, id LIMIT 200",
        "SELECT a, COUNT(*) FROM t WHERE a BETWEEN 1 AND 3 GROUP BY a ORDER BY a DESC",
      })
  void results_are_the_same_with_and_without(String query) {
    String before = database.text(query);
    assertThat(before).isNotEmpty();
    INDEXES.forEach(database::execute);
    assertThat(database.text(query)).isEqualTo(before);
    database.execute("UPDATE t SET a = a + 1, b = b - 1");
    database.execute("UPDATE t SET a = a - 1, b = b + 1");
    assertThat(database.text(query)).isEqualTo(before);
    database.execute("ALTER TABLE t ALTER a TYPE BIGINT");
    assertThat(database.text(query)).isEqualTo(before);
  }

  @Test
  void the_order_of_the_index_spares_the_sort() {
    INDEXES.forEach(database::execute);
    assertThat(database.explain("SELECT id FROM t ORDER BY a DESC LIMIT 5"))
        .contains("Order: as the key has it");
    assertThat(database.explain("SELECT id FROM t ORDER BY a DESC, b LIMIT 5"))
        .contains("Order: as the key has it");
    assertThat(database.explain("SELECT id FROM t WHERE c = 'x1' ORDER BY b DESC"))
        .contains("index range of index J")
        .contains("Order: as the key has it");
    assertThat(database.explain("SELECT id FROM t ORDER BY a, b DESC LIMIT 5"))
        .contains("full scan of index I, backward")
        .contains("Order: as the key has it");
    for (String other :
        List.of(
            "a DESC NULLS LAST", "a DESC, b DESC", "a, b", "a NULLS FIRST", "a DESC, id DESC")) {
      assertThat(database.explain("SELECT id FROM t ORDER BY " + other + " LIMIT 5"))
          .contains("Sort:");
    }
    assertThat(database.explain("SELECT id FROM t WHERE a BETWEEN 1 AND 2"))
        .contains("index range of index I (A)");
  }
}
