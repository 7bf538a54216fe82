package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.store.ReadView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SavepointsTest {
  private static final Control CONTROL =
      new Control(Deadline.after(Duration.ofSeconds(50), System::nanoTime), () -> {});

  @TempDir Path directory;
  private LocalReplica local;
  private Transactions transactions;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(local.replica(), Rows::catalog, TxConfig.DEFAULT, System::nanoTime, 77);
  }

  @AfterEach
  void close() {
    local.close();
  }

  @Test
  void what_was_done_behind_a_savepoint_is_undone_and_the_rest_commits() {
    try (Transaction transaction = transactions.begin()) {
      write(transaction, Rows.insert("a", "1"));
      transaction.savepoint(SavepointStep.SET, "s");
      write(transaction, Rows.update("a", Rows.plus(1)));
      write(transaction, Rows.insert("b", "1"));
      transaction.savepoint(SavepointStep.ROLLBACK_TO, "s");
      assertThat(rows(transaction)).containsExactly("a=1");
      write(transaction, Rows.insert("b", "2"));
      transaction.savepoint(SavepointStep.ROLLBACK_TO, "s");
      write(transaction, Rows.insert("c", "3"));
      transaction.commit(Request.UNNAMED, CONTROL);
    }
    assertThat(committed()).containsExactly("a=1", "c=3");
  }

  @Test
  void a_name_that_is_set_again_hides_the_first_until_it_is_released() {
    try (Transaction transaction = transactions.begin()) {
      transaction.savepoint(SavepointStep.SET, "s");
      write(transaction, Rows.insert("a", "1"));
      transaction.savepoint(SavepointStep.SET, "s");
      write(transaction, Rows.insert("b", "1"));
      transaction.savepoint(SavepointStep.ROLLBACK_TO, "s");
      assertThat(rows(transaction)).containsExactly("a=1");
      transaction.savepoint(SavepointStep.RELEASE, "s");
      transaction.savepoint(SavepointStep.ROLLBACK_TO, "s");
      assertThat(rows(transaction)).isEmpty();
    }
  }

  @Test
  void savepoints_behind_one_that_is_released_or_gone_back_to_are_gone() {
    try (Transaction transaction = transactions.begin()) {
      for (SavepointStep step : List.of(SavepointStep.RELEASE, SavepointStep.ROLLBACK_TO)) {
        transaction.savepoint(SavepointStep.SET, "outer");
        transaction.savepoint(SavepointStep.SET, "inner");
        transaction.savepoint(step, "outer");
        assertFails(
            () -> transaction.savepoint(SavepointStep.ROLLBACK_TO, "inner"),
            ErrorCode.SAVEPOINT_NOT_FOUND);
      }
    }
  }

  @Test
  void a_transaction_that_has_undone_all_it_wrote_commits_nothing() {
    long before = local.replica().applied().current();
    try (Transaction transaction = transactions.begin()) {
      transaction.savepoint(SavepointStep.SET, "s");
      write(transaction, Rows.insert("a", "1"));
      transaction.savepoint(SavepointStep.ROLLBACK_TO, "s");
      transaction.commit(Request.UNNAMED, CONTROL);
    }
    assertThat(local.replica().applied().current()).isEqualTo(before);
  }

  @Test
  void what_is_undone_stays_locked_until_the_end() {
    Control brief = new Control(Deadline.after(Duration.ofMillis(20), System::nanoTime), () -> {});
    try (Transaction transaction = transactions.begin()) {
      transaction.savepoint(SavepointStep.SET, "s");
      write(transaction, Rows.insert("a", "1"));
      transaction.savepoint(SavepointStep.ROLLBACK_TO, "s");
      assertThatThrownBy(
              () -> transactions.write(List.of(Rows.insert("a", "2")), Request.UNNAMED, brief))
          .satisfies(
              e ->
                  assertThat(ErrorMapper.map(e).code())
                      .isIn(ErrorCode.LOCK_TIMEOUT, ErrorCode.CANCELLED));
      write(transaction, Rows.insert("a", "3"));
      transaction.commit(Request.UNNAMED, CONTROL);
    }
    assertThat(committed()).containsExactly("a=3");
  }

  @Test
  void names_and_numbers_of_savepoints_are_bounded() {
    try (Transaction transaction = transactions.begin()) {
      assertFails(() -> transaction.savepoint(SavepointStep.SET, ""), ErrorCode.INVALID_PARAMETER);
      assertFails(
          () -> transaction.savepoint(SavepointStep.SET, "x".repeat(129)),
          ErrorCode.INVALID_PARAMETER);
      for (int i = 0; i < Savepoints.SAVEPOINTS_MAX; i++) {
        transaction.savepoint(SavepointStep.SET, "s");
      }
      assertFails(() -> transaction.savepoint(SavepointStep.SET, "s"), ErrorCode.LIMIT_EXCEEDED);
    }
  }

  @Test
  void what_savepoints_keep_is_bounded_and_given_back_with_them() {
    int bytesMax = transactions.writeSetBytesMax();
    String half = "x".repeat(bytesMax / 2);
    try (Transaction transaction = transactions.begin()) {
      write(transaction, Rows.insert("a", half));
      transaction.savepoint(SavepointStep.SET, "one");
      write(transaction, Rows.update("a", text -> text));
      transaction.savepoint(SavepointStep.SET, "two");
      assertFails(
          () -> write(transaction, Rows.update("a", text -> "short")), ErrorCode.LIMIT_EXCEEDED);
      assertThat(rows(transaction)).containsExactly("a=" + half);
      transaction.savepoint(SavepointStep.RELEASE, "two");
      write(transaction, Rows.update("a", text -> "short"));
      transaction.savepoint(SavepointStep.ROLLBACK_TO, "one");
      assertThat(rows(transaction)).containsExactly("a=" + half);
    }
  }

  /** One model of the rows for each savepoint; the last is the transaction's own. */
  private static final class Model {
    final List<String> names = new ArrayList<>();
    final List<SortedMap<String, String>> rows = new ArrayList<>();

    Model(SortedMap<String, String> committed) {
      rows.add(new TreeMap<>(committed));
    }

    SortedMap<String, String> now() {
      return rows.get(rows.size() - 1);
    }

    /** Whether there is a savepoint of the name. */
    boolean apply(SavepointStep step, String name) {
      int index = names.lastIndexOf(name);
      if (step == SavepointStep.SET) {
        names.add(name);
        rows.add(new TreeMap<>(now()));
        return true;
      } else if (index < 0) {
        return false;
      }
      // What stood at a savepoint is the model below the one that it began.
      SortedMap<String, String> now = now();
      SortedMap<String, String> then = rows.get(index);
      int kept = step == SavepointStep.RELEASE ? index : index + 1;
      names.subList(kept, names.size()).clear();
      rows.subList(kept, rows.size()).clear();
      if (step == SavepointStep.RELEASE) {
        rows.add(now);
      } else {
        rows.add(new TreeMap<>(then));
      }
      return true;
    }
  }

  @Test
  void any_nesting_of_savepoints_does_what_a_list_of_maps_does() {
    SortedMap<String, String> committed = new TreeMap<>();
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      try (Transaction transaction = transactions.begin()) {
        Model model = new Model(committed);
        List<Shown> shown = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
          oneStep(random, transaction, model);
          if (random.nextInt(10) == 0) {
            shown.add(new Shown(transaction.view(), lines(model.now())));
          }
          assertThat(rows(transaction)).as("SEED=%s", seed).isEqualTo(lines(model.now()));
        }
        for (Shown each : shown) {
          assertThat(Rows.all(each.view)).as("SEED=%s", seed).isEqualTo(each.rows);
          each.view.close();
        }
        if (random.nextInt(3) > 0) {
          transaction.commit(Request.UNNAMED, CONTROL);
          committed = model.now();
        }
      }
      assertThat(committed()).as("SEED=%s", seed).isEqualTo(lines(committed));
    }
  }

  /** What a result that was opened then goes on to show. */
  private record Shown(ReadView view, List<String> rows) {}

  private static void oneStep(Random random, Transaction transaction, Model model) {
    String key = "k" + random.nextInt(6);
    String name = "s" + random.nextInt(4);
    SortedMap<String, String> rows = model.now();
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        if (rows.containsKey(key)) {
          assertThatThrownBy(() -> write(transaction, Rows.insert("z", "1"), Rows.insert(key, "")))
              .isInstanceOf(SqlFailure.class);
        } else {
          write(transaction, Rows.insert(key, "1"));
          rows.put(key, "1");
        }
      }
      case 2, 3 -> {
        write(transaction, Rows.update(key, Rows.plus(1)));
        rows.computeIfPresent(key, (k, value) -> Rows.plus(1).apply(value));
      }
      case 4 -> {
        if (rows.remove(key) != null) {
          write(transaction, Rows.delete(key));
        }
      }
      case 5, 6 -> apply(SavepointStep.SET, name, transaction, model);
      default ->
          apply(
              random.nextBoolean() ? SavepointStep.RELEASE : SavepointStep.ROLLBACK_TO,
              name,
              transaction,
              model);
    }
  }

  private static void apply(SavepointStep step, String name, Transaction transaction, Model model) {
    if (model.apply(step, name)) {
      transaction.savepoint(step, name);
    } else {
      assertFails(() -> transaction.savepoint(step, name), ErrorCode.SAVEPOINT_NOT_FOUND);
    }
  }

  private static List<String> lines(SortedMap<String, String> rows) {
    return rows.entrySet().stream().map(row -> row.getKey() + "=" + row.getValue()).toList();
  }

  private static void write(Transaction transaction, Evaluation... statements) {
    assertThat(transaction.write(List.of(statements), CONTROL)).hasSize(statements.length);
  }

  private static List<String> rows(Transaction transaction) {
    try (ReadView view = transaction.view()) {
      return Rows.all(view);
    }
  }

  private List<String> committed() {
    try (ReadView view = local.replica().readView()) {
      return Rows.all(view);
    }
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
