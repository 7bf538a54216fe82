package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.RowKey;
import io.quorate.sql.store.StoreChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class TransactionsTest {
  private static final Control CONTROL = control(Duration.ofSeconds(20));

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong clock = new AtomicLong();
  private LocalReplica local;
  private Transactions transactions;

  @BeforeEach
  void open() {
    local = new LocalReplica(directory);
    transactions =
        new Transactions(local.replica(), Rows::catalog, TxConfig.DEFAULT, clock::get, 77);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    local.close();
  }

  // Autocommit

  @Test
  void a_write_is_seen_at_the_revision_that_it_answers() {
    Written written = write(Rows.insert("a", "1"));

    assertThat(written.updateCounts()).containsExactly(1L);
    try (ReadView view = local.replica().readView()) {
      assertThat(view.revision()).isEqualTo(written.revision());
      assertThat(Rows.all(view)).containsExactly("a=1");
    }
  }

  @Test
  void increments_of_one_row_by_many_are_all_there() {
    write(Rows.insert("n", "0"));
    List<CompletableFuture<Void>> workers =
        IntStream.range(0, 8)
            .mapToObj(
                worker ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < 50; i++) {
                            write(Rows.update("n", Rows.plus(1)));
                          }
                        },
                        threads))
            .toList();
    workers.forEach(CompletableFuture::join);

    assertThat(rows()).containsExactly("n=400");
  }

  @Test
  void writes_of_different_rows_are_under_way_together() {
    local.hold();
    List<CompletableFuture<Written>> writes =
        IntStream.range(0, 5)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> write(Rows.insert("k" + i, "v")), threads))
            .toList();
    await("five threads propose").until(() -> local.heldCount() == 5);

    local.letGo();
    writes.forEach(CompletableFuture::join);
    assertThat(rows()).hasSize(5);
  }

  @Test
  void a_row_inserted_by_two_at_once_is_refused_to_one() {
    AtomicInteger violations = new AtomicInteger();
    List<CompletableFuture<Void>> inserts =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> {
                          try {
                            write(Rows.insert("same", Integer.toString(i)));
                          } catch (SqlFailure e) {
                            violations.incrementAndGet();
                          } catch (QuorateException e) {
                            assertThat(e.code()).isEqualTo(ErrorCode.UNIQUE_VIOLATION);
                            violations.incrementAndGet();
                          }
                        },
                        threads))
            .toList();
    inserts.forEach(CompletableFuture::join);

    assertThat(violations).hasValue(3);
    assertThat(rows()).hasSize(1);
  }

  @Test
  void statements_of_a_batch_see_each_other_and_fail_together() {
    Written written =
        transactions.write(
            List.of(Rows.insert("a", "1"), Rows.update("a", Rows.plus(4))),
            Request.UNNAMED,
            CONTROL);
    assertThat(written.updateCounts()).containsExactly(1L, 1L);
    assertThat(rows()).containsExactly("a=5");

    assertThatThrownBy(
            () ->
                transactions.write(
                    List.of(Rows.insert("b", "1"), Rows.insert("b", "2")),
                    Request.UNNAMED,
                    CONTROL))
        .isInstanceOf(SqlFailure.class);
    assertThat(rows()).containsExactly("a=5");
  }

  @Test
  void a_write_larger_than_an_entry_is_refused_and_has_no_effect() {
    assertFails(() -> write(Rows.insert("big", "x".repeat(2 << 20))), ErrorCode.LIMIT_EXCEEDED);
    assertThat(rows()).isEmpty();
    assertThat(write(Rows.insert("big", "small")).updateCount()).isEqualTo(1);
  }

  // Exactly once

  @Test
  void a_repeated_request_gets_its_first_answer() {
    Written first = write(Rows.insert("a", "1"), named(1, false));
    write(Rows.insert("b", "1"));

    Written again = write(Rows.insert("a", "1"), named(1, true));

    assertThat(again).isEqualTo(first);
    assertThat(rows()).containsExactly("a=1", "b=1");
  }

  @Test
  void a_repetition_of_a_request_under_way_joins_it() {
    local.hold();
    CompletableFuture<Written> first =
        CompletableFuture.supplyAsync(() -> write(Rows.insert("a", "1"), named(1, false)), threads);
    await("the first proposes on its thread").until(() -> local.heldCount() == 1);
    CompletableFuture<Written> again =
        CompletableFuture.supplyAsync(() -> write(Rows.insert("a", "1"), named(1, true)), threads);
    local.letGo();

    assertThat(again.join()).isEqualTo(first.join());
    assertThat(rows()).containsExactly("a=1");
  }

  @Test
  void a_request_that_is_forgotten_is_not_run_again() {
    long base = write(Rows.insert("a", "1"), named(1, false)).revision();
    for (int i = 0; i < 1001; i++) {
      write(Rows.insert("k" + i, ""));
    }

    assertFails(
        () ->
            write(
                Rows.insert("a", "1"),
                new Request(Optional.of(new RequestId(5, 1)), base - 1, true)),
        ErrorCode.OUTCOME_UNKNOWN);
  }

  @Test
  void a_write_in_doubt_is_told_of_by_the_next_leadership() {
    local.hold();
    CompletableFuture<Written> write =
        CompletableFuture.supplyAsync(() -> write(Rows.insert("a", "1"), named(1, false)), threads);
    await("it proposes on its thread").until(() -> local.heldCount() == 1);
    local.losesSight();

    assertFails(() -> unwrapped(write), ErrorCode.OUTCOME_UNKNOWN);
    assertFails(() -> write(Rows.insert("a", "1"), named(1, true)), ErrorCode.OUTCOME_UNKNOWN);
    local.lead(2);
    assertThat(write(Rows.insert("a", "1"), named(1, true)).updateCount()).isEqualTo(1);
    assertThat(rows()).containsExactly("a=1");
  }

  @Test
  void the_rows_of_a_write_in_doubt_stay_locked_while_the_leadership_lasts() {
    local.hold();
    CompletableFuture<Written> write =
        CompletableFuture.supplyAsync(() -> write(Rows.insert("a", "1")), threads);
    await("it proposes on its thread").until(() -> local.heldCount() == 1);
    local.losesSight();
    assertFails(() -> unwrapped(write), ErrorCode.OUTCOME_UNKNOWN);

    assertFails(
        () ->
            transactions.write(
                List.of(Rows.update("a", Rows.plus(1))),
                Request.UNNAMED,
                control(Duration.ofMillis(30))),
        ErrorCode.CANCELLED);
    local.lead(2);
    assertThat(write(Rows.update("a", Rows.plus(1))).updateCount()).isEqualTo(1);
  }

  @Test
  void a_write_that_reaches_the_log_behind_the_next_epoch_has_no_effect() {
    local.hold();
    CompletableFuture<Written> write =
        CompletableFuture.supplyAsync(() -> write(Rows.insert("a", "1")), threads);
    await("it proposes on its thread").until(() -> local.heldCount() == 1);
    local.epochBegins(2);
    local.letGo();

    assertFails(() -> unwrapped(write), ErrorCode.NO_LEADER);
    assertThat(rows()).isEmpty();
  }

  @Test
  void without_leadership_nothing_is_taken() {
    local.stopLeading();

    assertFails(() -> write(Rows.insert("a", "1")), ErrorCode.NO_LEADER);
    assertFails(() -> transactions.begin(), ErrorCode.NO_LEADER);
  }

  // Transactions

  @Test
  void a_transaction_sees_its_snapshot_and_its_own_writes() {
    write(Rows.insert("a", "1"));
    write(Rows.insert("c", "1"));
    write(Rows.insert("e", "1"));
    try (Transaction transaction = transactions.begin()) {
      change(transaction, Rows.insert("b", "own"));
      change(transaction, Rows.delete("c"));
      change(transaction, Rows.update("e", Rows.plus(1)));
      write(Rows.insert("d", "other"));

      try (ReadView view = transaction.view()) {
        assertThat(Rows.all(view)).containsExactly("a=1", "b=own", "e=2");
        assertThat(Rows.walk(view, Optional.of(Rows.key("b")), Optional.of(Rows.key("e"))))
            .containsExactly("b=own");
        assertThat(Rows.walkBackward(view, Optional.empty(), Optional.empty()))
            .containsExactly("e=2", "b=own", "a=1");
        assertThat(view.rowCount(Rows.TABLE)).isEqualTo(3);
        assertThat(Rows.read(view, "c")).isEmpty();
      }
      assertThat(rows()).containsExactly("a=1", "c=1", "d=other", "e=1");
      transaction.commit(Request.UNNAMED, CONTROL);
    }
    assertThat(rows()).containsExactly("a=1", "b=own", "d=other", "e=2");
  }

  @Test
  void an_open_cursor_does_not_see_later_writes_of_its_transaction() {
    try (Transaction transaction = transactions.begin()) {
      change(transaction, Rows.insert("a", "1"));
      change(transaction, Rows.insert("b", "1"));
      try (ReadView view = transaction.view()) {
        ReadView.RowCursor cursor = view.scan(Rows.TABLE, Optional.empty(), Optional.empty());
        assertThat(cursor.next()).isTrue();
        change(transaction, Rows.insert("c", "1"));
        change(transaction, Rows.update("b", Rows.plus(1)));
        assertThat(cursor.next()).isTrue();
        assertThat(Rows.text(cursor.row())).isEqualTo("1");
        assertThat(cursor.next()).isFalse();
        transaction.commit(Request.UNNAMED, CONTROL);
        assertThat(Rows.all(view)).containsExactly("a=1", "b=1");
      }
    }
    assertThat(rows()).containsExactly("a=1", "b=2", "c=1");
  }

  @Test
  void the_first_to_update_a_row_wins() {
    write(Rows.insert("n", "0"));
    try (Transaction late = transactions.begin()) {
      write(Rows.update("n", Rows.plus(1)));

      assertThatThrownBy(() -> change(late, Rows.update("n", Rows.plus(10))))
          .hasMessageContaining("PUBLIC.T0")
          .isInstanceOfSatisfying(
              QuorateException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.WRITE_CONFLICT));
      assertFails(() -> late.commit(Request.UNNAMED, CONTROL), ErrorCode.INVALID_TRANSACTION_STATE);
    }
    assertThat(rows()).containsExactly("n=1");
  }

  @Test
  void a_write_waits_for_the_transaction_that_has_written_the_row() {
    write(Rows.insert("n", "0"));
    Transaction transaction = transactions.begin();
    change(transaction, Rows.update("n", Rows.plus(1)));
    CompletableFuture<Written> other =
        CompletableFuture.supplyAsync(() -> write(Rows.update("n", Rows.plus(10))), threads);
    await("the other waits on its thread")
        .until(() -> transactions.requireLeadership().locks().waiting() == 1);

    transaction.commit(Request.UNNAMED, CONTROL);
    other.join();
    assertThat(rows()).containsExactly("n=11");
  }

  @Test
  void a_failed_statement_is_undone_and_the_transaction_goes_on() {
    write(Rows.insert("taken", "1"));
    try (Transaction transaction = transactions.begin()) {
      change(transaction, Rows.insert("a", "1"));
      assertThatThrownBy(
              () ->
                  transaction.write(
                      List.of(Rows.insert("b", "1"), Rows.insert("taken", "2")), CONTROL))
          .isInstanceOf(SqlFailure.class);
      try (ReadView view = transaction.view()) {
        assertThat(Rows.all(view)).containsExactly("a=1", "taken=1");
      }
      transaction.commit(Request.UNNAMED, CONTROL);
    }
    assertThat(rows()).containsExactly("a=1", "taken=1");
  }

  @Test
  void rolled_back_rows_are_gone_and_free() {
    Transaction transaction = transactions.begin();
    change(transaction, Rows.insert("a", "1"));
    transaction.rollback();

    assertThat(write(Rows.insert("a", "2")).updateCount()).isEqualTo(1);
    assertThat(transactions.count()).isZero();
  }

  @Test
  void a_transaction_ends_with_its_leadership() {
    Transaction transaction = transactions.begin();
    change(transaction, Rows.insert("a", "1"));
    local.lead(2);

    assertFails(() -> transaction.commit(Request.UNNAMED, CONTROL), ErrorCode.WRITE_CONFLICT);
    assertThat(rows()).isEmpty();
  }

  @Test
  void an_idle_transaction_is_rolled_back_and_says_so() {
    Transaction transaction = transactions.begin();
    change(transaction, Rows.insert("a", "1"));
    clock.addAndGet(Duration.ofMinutes(6).toNanos());
    transactions.expire();

    assertThat(transactions.count()).isZero();
    assertFails(() -> transaction.commit(Request.UNNAMED, CONTROL), ErrorCode.WRITE_CONFLICT);
    assertThat(write(Rows.insert("a", "2")).updateCount()).isEqualTo(1);
  }

  @Test
  void a_commit_that_was_sent_before_is_found_or_will_never_be() {
    Transaction committed = transactions.begin();
    change(committed, Rows.insert("a", "1"));
    Written first = committed.commit(named(1, false), CONTROL);
    assertThat(transactions.resolveCommit(named(1, true), CONTROL)).isEqualTo(first);

    Transaction late = transactions.begin();
    change(late, Rows.insert("b", "1"));
    assertFails(
        () -> transactions.resolveCommit(named(2, true), CONTROL), ErrorCode.WRITE_CONFLICT);
    assertFails(() -> late.commit(named(2, false), CONTROL), ErrorCode.WRITE_CONFLICT);
    assertThat(rows()).containsExactly("a=1");
  }

  // Definitions

  @Test
  void a_redefinition_waits_for_writers_and_ends_transactions_planned_before() {
    Transaction writer = transactions.begin();
    Transaction idle = transactions.begin();
    change(writer, Rows.insert("a", "1"));
    CompletableFuture<Written> redefinition =
        CompletableFuture.supplyAsync(() -> redefine(Rows.newVersion(List.of())), threads);
    await("it waits on its thread")
        .until(() -> transactions.requireLeadership().locks().waiting() == 1);
    writer.commit(Request.UNNAMED, CONTROL);
    redefinition.join();

    assertFails(() -> change(idle, Rows.insert("b", "1")), ErrorCode.WRITE_CONFLICT);
    assertThat(write(Rows.insert("b", "1")).updateCount()).isEqualTo(1);
  }

  @Test
  void a_redefinition_prepares_clears_and_removes_what_another_left_behind() {
    write(Rows.insert("a", "1"));
    StoreChange entry = new StoreChange(17, Rows.key("new"), null, Rows.row("entry"));
    StoreChange failing = new StoreChange(18, Rows.key("x"), null, Rows.row("y".repeat(2 << 20)));
    assertFails(
        () -> redefine(Rows.newVersion(List.of(List.of(entry), List.of(failing)))),
        ErrorCode.LIMIT_EXCEEDED);
    try (ReadView view = local.replica().readView()) {
      assertThat(view.rowCount(17)).isEqualTo(1);
    }

    redefine(Rows.newVersion(List.of(), Rows.TABLE));

    try (ReadView view = local.replica().readView()) {
      assertThat(view.rowCount(17)).isZero();
      assertThat(view.rowCount(Rows.TABLE)).isZero();
      assertThat(Rows.catalog(view).version()).isEqualTo(1);
    }
  }

  /** Transfers between accounts by transactions and by single statements keep the sum. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void money_moves_and_neither_comes_nor_goes(long seed) {
    for (int i = 0; i < 5; i++) {
      write(Rows.insert("acc" + i, "100"));
    }
    AtomicInteger committed = new AtomicInteger();
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int worker = 0; worker < 6; worker++) {
      Random random = new Random(seed * 17 + worker);
      workers.add(CompletableFuture.runAsync(() -> transfer(random, committed), threads));
    }
    workers.forEach(CompletableFuture::join);

    assertThat(committed).as("SEED=%s", seed).hasPositiveValue();
    assertThat(rows().stream().mapToInt(row -> Integer.parseInt(row.split("=", 2)[1])).sum())
        .as("SEED=%s", seed)
        .isEqualTo(500);
    assertThat(transactions.requireLeadership().locks().size()).as("SEED=%s", seed).isZero();
  }

  private void transfer(Random random, AtomicInteger committed) {
    for (int round = 0; round < 60; round++) {
      String from = "acc" + random.nextInt(5);
      String to = "acc" + random.nextInt(5);
      int amount = random.nextInt(20);
      List<Evaluation> both =
          List.of(Rows.update(from, Rows.plus(-amount)), Rows.update(to, Rows.plus(amount)));
      try {
        if (random.nextBoolean()) {
          transactions.write(both, Request.UNNAMED, CONTROL);
        } else {
          try (Transaction transaction = transactions.begin()) {
            for (Evaluation statement : both) {
              change(transaction, statement);
            }
            if (random.nextInt(5) > 0) {
              transaction.commit(Request.UNNAMED, CONTROL);
            }
          }
        }
        committed.incrementAndGet();
      } catch (QuorateException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.WRITE_CONFLICT);
      }
    }
  }

  /** The overlay against a map, through random writes, undone statements and scans. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void a_transaction_reads_like_a_map(long seed) {
    Random random = new Random(seed);
    TreeMap<String, String> model = new TreeMap<>();
    for (int i = 0; i < 30; i++) {
      String key = "k" + random.nextInt(60);
      if (model.put(key, "base") == null) {
        write(Rows.insert(key, "base"));
      }
    }
    try (Transaction transaction = transactions.begin()) {
      for (int i = 0; i < 300; i++) {
        String key = "k" + random.nextInt(60);
        String value = Integer.toString(i);
        if (model.containsKey(key)) {
          if (random.nextBoolean()) {
            change(transaction, Rows.update(key, old -> value));
            model.put(key, value);
          } else {
            change(transaction, Rows.delete(key));
            model.remove(key);
          }
        } else {
          change(transaction, Rows.insert(key, value));
          model.put(key, value);
        }
        // Behind the snapshot, so that the transaction shows none of it.
        write(Rows.insert("k" + random.nextInt(60) + "-" + i, "other"));
        assertReads(transaction, model, random, seed);
      }
      transaction.commit(Request.UNNAMED, CONTROL);
    }
    assertThat(rows().stream().filter(row -> !row.endsWith("=other")))
        .as("SEED=%s", seed)
        .containsExactlyElementsOf(texts(model));
  }

  private static void assertReads(
      Transaction transaction, NavigableMap<String, String> model, Random random, long seed) {
    NavigableMap<String, String> expected = new TreeMap<>(model);
    Optional<RowKey> from = Optional.empty();
    Optional<RowKey> to = Optional.empty();
    if (random.nextInt(4) > 0) {
      String key = "k" + random.nextInt(60);
      from = Optional.of(Rows.key(key));
      expected.headMap(key, false).clear();
    }
    if (random.nextInt(4) > 0) {
      String key = "k" + random.nextInt(60);
      to = Optional.of(Rows.key(key));
      expected.tailMap(key, true).clear();
    }
    try (ReadView view = transaction.view()) {
      assertThat(Rows.walk(view, from, to)).as("SEED=%s", seed).isEqualTo(texts(expected));
      assertThat(Rows.walkBackward(view, from, to))
          .as("SEED=%s", seed)
          .isEqualTo(texts(expected.descendingMap()));
      assertThat(view.rowCount(Rows.TABLE)).as("SEED=%s", seed).isEqualTo(model.size());
    }
  }

  private static List<String> texts(SortedMap<String, String> rows) {
    return rows.entrySet().stream().map(Object::toString).toList();
  }

  private Written write(Evaluation statement) {
    return write(statement, Request.UNNAMED);
  }

  private Written write(Evaluation statement, Request request) {
    return transactions.write(List.of(statement), request, CONTROL);
  }

  private Written redefine(Redefining statement) {
    return transactions.redefine(statement, Request.UNNAMED, CONTROL);
  }

  private static void change(Transaction transaction, Evaluation statement) {
    transaction.write(List.of(statement), CONTROL);
  }

  private static Request named(long sequence, boolean repeated) {
    return new Request(Optional.of(new RequestId(5, sequence)), 0, repeated);
  }

  private List<String> rows() {
    try (ReadView view = local.replica().readView()) {
      return Rows.all(view);
    }
  }

  private static Control control(Duration time) {
    return new Control(Deadline.after(time, System::nanoTime), CancelFlag.NEVER);
  }

  private static void unwrapped(CompletableFuture<Written> write) throws Throwable {
    try {
      write.join();
    } catch (java.util.concurrent.CompletionException e) {
      throw e.getCause();
    }
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
