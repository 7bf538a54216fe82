package io.quorate.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GeneratedCodeTest {
  private static final int THREADS = 4;

  /** Of all threads together more than one of what is kept serves before it is thrown away. */
  private static final int PLANS = 60;

  @Test
  void what_is_known_of_classes_serves_compilations_of_many_threads() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int first = i;
        threads.add(pool.submit(() -> askOtherShapesInTurn(first)));
      }
      for (Future<?> thread : threads) {
        thread.get(5, TimeUnit.MINUTES);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void askOtherShapesInTurn(int first) {
    TestDatabase database = new TestDatabase();
    database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR(10), c DECIMAL(9,2))");
    database.execute("INSERT INTO t VALUES (1, 'x', 1.50), (2, 'y', 2.25), (3, NULL, NULL)");
    for (int i = 0; i < PLANS; i++) {
      switch ((first + i) % 3) {
        case 0 ->
            assertThat(
                    database.query("SELECT COUNT(*) + " + i + " FROM t x JOIN t y ON x.a <> y.a"))
                .containsExactly(List.of(6L + i));
        case 1 ->
            assertThat(
                    database.query(
                        "SELECT b, SUM(c) + " + i + " FROM t GROUP BY b HAVING SUM(c) > 2"))
                .containsExactly(List.of("y", new BigDecimal("2.25").add(BigDecimal.valueOf(i))));
        default ->
            assertThat(
                    database.query(
                        "SELECT UPPER(x.b) || y.b FROM t x JOIN t y ON x.a = y.a - 1 AND y.a < 3 + "
                            + i))
                .contains(List.of("Xy"));
      }
    }
  }
}
