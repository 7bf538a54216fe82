package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sql.store.ReadView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scans keep of rows that were there and of those that a transaction has changed. */
@Timeout(60)
final class OwnWritesScanTest {
  private static final int KEYS = 60;
  private static final int VALUES = 8;
  private static final int STATEMENTS = 80;

  @TempDir Path directory;
  private final PlannedSql planned = new PlannedSql();
  private final TreeMap<Integer, @Nullable Integer> model = new TreeMap<>();

  @ParameterizedTest(name = "SEED={0}")
  @ValueSource(longs = {1, 2, 3})
  void a_condition_is_told_of_own_rows_too(long seed) {
    Random random = new Random(seed);
    try (LocalReplica local = new LocalReplica(directory)) {
      Transactions transactions =
          new Transactions(
              local.replica(), planned::catalog, TxConfig.DEFAULT, System::nanoTime, 77);
      transactions.redefine(
          planned.definition("CREATE TABLE t (id INT PRIMARY KEY, v INT)"),
          Request.UNNAMED,
          PlannedSql.control());
      try (Transaction before = transactions.begin()) {
        for (int id = 0; id < KEYS; id += 2) {
          insert(random, before, id);
        }
        before.commit(Request.UNNAMED, PlannedSql.control());
      }
      try (Transaction transaction = transactions.begin()) {
        for (int i = 0; i < STATEMENTS; i++) {
          change(random, transaction);
          compare(random, transaction);
        }
      }
    }
  }

  private void change(Random random, Transaction transaction) {
    int id = random.nextInt(KEYS);
    int value = random.nextInt(VALUES);
    switch (random.nextInt(3)) {
      case 0 -> {
        if (!model.containsKey(id)) {
          insert(random, transaction, id);
        }
      }
      case 1 -> {
        write(transaction, "DELETE FROM t WHERE v = ? AND id <> ?", value, id);
        model.entrySet().removeIf(row -> is(row.getValue(), value) && row.getKey() != id);
      }
      default -> {
        write(transaction, "UPDATE t SET v = ? WHERE id = ? OR id = ?", value, id, id + 1);
        model.replace(id, value);
        model.replace(id + 1, value);
      }
    }
  }

  private static boolean is(@Nullable Integer value, int other) {
    return value != null && value == other;
  }

  private void insert(Random random, Transaction transaction, int id) {
    Integer value = random.nextInt(4) == 0 ? null : random.nextInt(VALUES);
    write(transaction, "INSERT INTO t VALUES (?, ?)", id, value);
    model.put(id, value);
  }

  private void write(Transaction transaction, String sql, @Nullable Object... parameters) {
    var unused =
        transaction.write(
            List.of(planned.change(sql, Arrays.asList(parameters))), PlannedSql.control());
  }

  private void compare(Random random, Transaction transaction) {
    int value = random.nextInt(VALUES);
    try (ReadView view = transaction.view()) {
      assertThat(planned.number(view, "SELECT COALESCE(SUM(id), -1) FROM t WHERE v >= " + value))
          .isEqualTo(sum(value));
      assertThat(planned.number(view, "SELECT COUNT(*) FROM t WHERE v IS NULL AND id > " + value))
          .isEqualTo(model.tailMap(value, false).values().stream().filter(v -> v == null).count());
    }
  }

  private long sum(int least) {
    long sum = -1;
    for (var row : model.entrySet()) {
      if (row.getValue() != null && row.getValue() >= least) {
        sum = Math.max(sum, 0) + row.getKey();
      }
    }
    return sum;
  }
}
