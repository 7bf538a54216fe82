package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.store.ReadView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that lock rows which they read. */
@Timeout(120)
final class RowLocksTest {
  private static final Control CONTROL = PlannedSql.control();

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final PlannedSql planned = new PlannedSql();
  private LocalReplica local;
  private Transactions transactions;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(
            local.replica(),
            planned::catalog,
            new TxConfig(Duration.ofMinutes(2), Duration.ofMinutes(5), 100),
            System::nanoTime,
            77);
    transactions.redefine(
        planned.definition("CREATE TABLE t (id INT PRIMARY KEY, n INT)"), Request.UNNAMED, CONTROL);
    write("INSERT INTO t VALUES (1, 0), (2, 0), (3, 0)");
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    local.close();
  }

  private void write(String sql) {
    transactions.write(List.of(planned.change(sql, List.of())), Request.UNNAMED, CONTROL);
  }

  private void write(Transaction transaction, String sql) {
    transaction.write(List.of(planned.change(sql, List.of())), CONTROL);
  }

  /** The first column of what is locked. */
  private List<Object> lock(Transaction transaction, String sql) {
    List<Object> told = new ArrayList<>();
    List<Long> counts = transaction.write(List.of(planned.locking(sql, told)), CONTROL);
    assertThat(counts).containsExactly((long) told.size());
    return told;
  }

  private CompletableFuture<List<Object>> lockLater(Transaction transaction, String sql) {
    CompletableFuture<List<Object>> later =
        CompletableFuture.supplyAsync(() -> lock(transaction, sql), threads);
    awaitWaiting(1);
    return later;
  }

  private void awaitWaiting(int count) {
    await("others wait on threads of their own")
        .until(() -> transactions.requireLeadership().locks().waiting() == count);
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private long value(int id) {
    try (ReadView view = local.replica().readView()) {
      return planned.number(view, "SELECT CAST(n AS BIGINT) FROM t WHERE id = " + id);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT n FROM t WHERE id = 1 FOR UPDATE",
        "SELECT n FROM t WHERE id IN (SELECT MIN(id) FROM t) FOR UPDATE"
      })
  void who_waits_for_a_row_reads_what_was_written(String sql) {
    Transaction first = transactions.begin();
    Transaction second = transactions.begin();
    assertThat(lock(first, sql)).containsExactly(0);
    CompletableFuture<List<Object>> other = lockLater(second, sql);
    write(first, "UPDATE t SET n = 1 WHERE id = 1");
    first.commit(Request.UNNAMED, CONTROL);

    assertThat(other.join()).containsExactly(1);
    write(second, "UPDATE t SET n = 2 WHERE id = 1");
    second.commit(Request.UNNAMED, CONTROL);
    assertThat(value(1)).isEqualTo(2);
    assertThat(transactions.requireLeadership().locks().size()).isZero();
  }

  @Test
  void increments_of_many_that_lock_first_are_all_there_and_nobody_has_to_repeat() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int worker = 0; worker < 8; worker++) {
      all.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 25; i++) {
                  try (Transaction transaction = transactions.begin()) {
                    Object n = lock(transaction, "SELECT n FROM t WHERE id = 2 FOR UPDATE").get(0);
                    write(transaction, "UPDATE t SET n = " + n + " + 1 WHERE id = 2");
                    transaction.commit(Request.UNNAMED, CONTROL);
                  }
                }
              },
              threads));
    }
    all.forEach(CompletableFuture::join);
    assertThat(value(2)).isEqualTo(200);
  }

  @Test
  void a_row_that_changed_since_the_transaction_read_something_is_a_conflict() {
    for (String before : List.of("read", "write", "savepoint")) {
      Transaction late = transactions.begin();
      switch (before) {
        case "read" -> late.view().close();
        case "write" -> write(late, "INSERT INTO t VALUES (99, 0)");
        default -> late.savepoint(SavepointStep.SET, "s");
      }
      late.planningView().close();
      write("UPDATE t SET n = n + 1 WHERE id = 1");
      assertFails(
          () -> lock(late, "SELECT * FROM t WHERE id = 1 FOR UPDATE"), ErrorCode.WRITE_CONFLICT);
      assertFails(() -> late.commit(Request.UNNAMED, CONTROL), ErrorCode.INVALID_TRANSACTION_STATE);
    }
    Transaction fresh = transactions.begin();
    fresh.planningView().close();
    write("UPDATE t SET n = n + 1 WHERE id = 1");
    assertThat(lock(fresh, "SELECT n FROM t WHERE id = 1 FOR UPDATE")).containsExactly(4);
    write("DELETE FROM t WHERE id = 2");
    assertFails(
        () -> lock(fresh, "SELECT * FROM t WHERE id = 2 FOR UPDATE"), ErrorCode.WRITE_CONFLICT);
  }

  @Test
  void a_writer_waits_for_a_locked_row_and_for_no_other() {
    Transaction locker = transactions.begin();
    lock(locker, "SELECT * FROM t WHERE id < 3 ORDER BY id DESC LIMIT 1 FOR UPDATE");
    write("UPDATE t SET n = 5 WHERE id = 1");
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> write("UPDATE t SET n = 7 WHERE id = 2"), threads);
    awaitWaiting(1);
    locker.rollback();
    other.join();
    assertThat(value(2)).isEqualTo(7);
  }

  @Test
  void nobody_waits_who_does_not_want_to() {
    Transaction first = transactions.begin();
    lock(first, "SELECT * FROM t WHERE id = 1 FOR UPDATE");
    try (Transaction second = transactions.begin()) {
      assertFails(() -> lock(second, "SELECT * FROM t FOR UPDATE NOWAIT"), ErrorCode.LOCK_TIMEOUT);
      String next = "SELECT id FROM t ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";
      assertThat(lock(second, next)).as("the failed one has not ended it").containsExactly(2);
      assertThat(lock(second, next)).as("its own").containsExactly(2);
      try (Transaction third = transactions.begin()) {
        assertThat(lock(third, next)).containsExactly(3);
        assertThat(lock(transactions.begin(), next)).isEmpty();
      }
      first.commit(Request.UNNAMED, CONTROL);
      assertThat(lock(second, next)).containsExactly(1);
    }
  }

  @Test
  void jobs_are_taken_by_one_worker_each() {
    for (int id = 10; id < 60; id++) {
      write("INSERT INTO t VALUES (" + id + ", 0)");
    }
    List<CompletableFuture<List<Object>>> workers = new ArrayList<>();
    for (int worker = 0; worker < 6; worker++) {
      workers.add(
          CompletableFuture.supplyAsync(
              () -> {
                List<Object> done = new ArrayList<>();
                while (true) {
                  try (Transaction transaction = transactions.begin()) {
                    List<Object> job =
                        lock(
                            transaction,
                            "SELECT id FROM t WHERE id >= 10 ORDER BY id LIMIT 1"
                                + " FOR UPDATE SKIP LOCKED");
                    if (job.isEmpty()) {
                      return done;
                    }
                    write(transaction, "DELETE FROM t WHERE id = " + job.get(0));
                    transaction.commit(Request.UNNAMED, CONTROL);
                    done.addAll(job);
                  }
                }
              },
              threads));
    }
    List<Object> all = new ArrayList<>();
    workers.forEach(worker -> all.addAll(worker.join()));
    assertThat(all).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void shared_locks_go_together_and_keep_writers_out() {
    Transaction first = transactions.begin();
    Transaction second = transactions.begin();
    String share = "SELECT n FROM t WHERE id = 1 FOR SHARE";
    lock(first, share);
    assertThat(lock(second, share + " NOWAIT")).containsExactly(0);
    try (Transaction third = transactions.begin()) {
      assertThat(lock(third, "SELECT id FROM t WHERE id < 3 FOR UPDATE SKIP LOCKED"))
          .containsExactly(2);
    }
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> write("UPDATE t SET n = 9 WHERE id = 1"), threads);
    awaitWaiting(1);
    first.rollback();
    assertThat(value(1)).isZero();
    second.rollback();
    writer.join();
    assertThat(value(1)).isEqualTo(9);
  }

  @Test
  void two_that_wait_for_each_other_are_told() {
    Transaction first = transactions.begin();
    Transaction second = transactions.begin();
    lock(first, "SELECT * FROM t WHERE id = 1 FOR UPDATE");
    lock(second, "SELECT * FROM t WHERE id = 2 FOR UPDATE");
    CompletableFuture<List<Object>> other =
        lockLater(first, "SELECT id FROM t WHERE id = 2 FOR UPDATE");
    assertFails(
        () -> lock(second, "SELECT * FROM t WHERE id = 1 FOR UPDATE"), ErrorCode.WRITE_CONFLICT);
    assertThat(other.join()).containsExactly(2);
  }

  @Test
  void what_is_only_locked_is_no_write() {
    long before = local.replica().applied().current();
    Transaction transaction = transactions.begin();
    lock(transaction, "SELECT * FROM t FOR UPDATE");
    write(transaction, "INSERT INTO t VALUES (4, 4)");
    assertThat(lock(transaction, "SELECT n FROM t WHERE id = 4 FOR UPDATE")).containsExactly(4);
    transaction.rollback();
    Transaction other = transactions.begin();
    lock(other, "SELECT * FROM t FOR UPDATE");
    other.commit(Request.UNNAMED, CONTROL);
    assertThat(local.replica().applied().current()).isEqualTo(before);
    assertThat(transactions.requireLeadership().locks().size()).isZero();
  }
}
