package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.store.ReadView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes on the node that leads that nobody waits for. */
@Timeout(30)
final class ImmediateWriteTest {
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

  @Test
  void a_write_that_nobody_waits_for_is_answered_when_it_is_seen() {
    local.hold();
    CompletableFuture<Written> write = writeNow(Rows.insert("a", "1"), 1);
    await("the log is a thread of its own").until(() -> local.heldCount() == 1);
    assertThat(write).isNotDone();
    local.letGo();

    Written written = write.join();
    assertThat(written.updateCounts()).containsExactly(1L);
    try (ReadView view = local.replica().readView()) {
      assertThat(view.revision()).isEqualTo(written.revision());
    }
    assertThat(write(Rows.insert("a", "1"), named(1, true))).isEqualTo(written);
    assertThat(transactions.requireLeadership().locks().size()).isZero();
  }

  @Test
  void what_would_wait_fail_or_find_out_first_is_left_alone() {
    write(Rows.insert("a", "1"));
    Transaction holder = transactions.begin();
    change(holder, Rows.update("a", Rows.plus(1)));

    assertThat(transactions.writeNow(Rows.update("a", Rows.plus(5)), named(1, false))).isNull();
    assertThat(transactions.writeNow(Rows.insert("b", "1"), named(1, true))).isNull();
    assertThat(transactions.writeNow(Rows.insert("b", "1"), Request.UNNAMED)).isNull();
    holder.rollback();
    assertThat(transactions.writeNow(Rows.insert("a", "1"), named(1, false))).isNull();
    assertThat(transactions.writeNow(Rows.insert("big", "x".repeat(2 << 20)), named(1, false)))
        .isNull();
    assertThat(transactions.requireLeadership().locks().size()).isZero();
    assertThat(writeNow(Rows.update("nobody", Rows.plus(1)), 1).join().updateCount()).isZero();
    local.stopLeading();
    assertThat(transactions.writeNow(Rows.insert("b", "1"), named(2, false))).isNull();
    assertThat(rows()).containsExactly("a=1");
  }

  @Test
  void a_repetition_joins_a_write_that_nobody_waits_for() {
    local.hold();
    CompletableFuture<Written> first = writeNow(Rows.insert("a", "1"), 1);
    await("the log is a thread of its own").until(() -> local.heldCount() == 1);
    assertThat(transactions.writeNow(Rows.insert("b", "1"), named(1, false))).isNull();
    CompletableFuture<Written> again =
        CompletableFuture.supplyAsync(() -> write(Rows.insert("a", "1"), named(1, true)), threads);
    local.letGo();

    assertThat(again.join()).isEqualTo(first.join());
    assertThat(rows()).containsExactly("a=1");
  }

  @Test
  void a_write_that_nobody_waits_for_keeps_its_locks_while_in_doubt() {
    local.hold();
    CompletableFuture<Written> write = writeNow(Rows.insert("a", "1"), 1);
    await("the log is a thread of its own").until(() -> local.heldCount() == 1);
    local.losesSight();

    assertFails(() -> unwrapped(write), ErrorCode.OUTCOME_UNKNOWN);
    assertThat(transactions.writeNow(Rows.update("a", Rows.plus(1)), named(2, false))).isNull();
    assertThat(transactions.writeNow(Rows.insert("c", "1"), named(1, false))).isNull();
    assertFails(() -> write(Rows.insert("a", "1"), named(1, true)), ErrorCode.OUTCOME_UNKNOWN);
    local.lead(2);
    assertThat(write(Rows.insert("a", "1"), named(1, true)).updateCount()).isEqualTo(1);
    assertThat(writeNow(Rows.update("a", Rows.plus(1)), 2).join().updateCount()).isEqualTo(1);
    assertThat(rows()).containsExactly("a=2");
  }

  @Test
  void a_write_that_nobody_waits_for_has_no_effect_behind_the_next_epoch() {
    local.hold();
    CompletableFuture<Written> write = writeNow(Rows.insert("a", "1"), 1);
    await("the log is a thread of its own").until(() -> local.heldCount() == 1);
    local.epochBegins(2);
    local.letGo();

    assertFails(() -> unwrapped(write), ErrorCode.NO_LEADER);
    assertThat(rows()).isEmpty();
  }

  /** Whatever way each takes, and however often it is sent, every increment counts once. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void increments_count_once_whether_somebody_waits_or_not(long seed) {
    write(Rows.insert("n", "0"));
    write(Rows.insert("m", "0"));
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    AtomicInteger immediate = new AtomicInteger();
    for (int worker = 0; worker < 6; worker++) {
      long client = 100L + worker;
      Random random = new Random(seed * 31 + client);
      workers.add(CompletableFuture.runAsync(() -> increment(client, random, immediate), threads));
    }
    workers.forEach(CompletableFuture::join);

    int sum = rows().stream().mapToInt(row -> Integer.parseInt(row.split("=", 2)[1])).sum();
    assertThat(sum).as("SEED=%s", seed).isEqualTo(6 * 50);
    assertThat(immediate).as("SEED=%s", seed).hasPositiveValue();
    assertThat(transactions.requireLeadership().locks().size()).as("SEED=%s", seed).isZero();
  }

  private void increment(long client, Random random, AtomicInteger immediate) {
    for (int i = 1; i <= 50; i++) {
      Evaluation plus = Rows.update(random.nextBoolean() ? "n" : "m", Rows.plus(1));
      Optional<RequestId> id = Optional.of(new RequestId(client, i));
      CompletableFuture<Written> begun =
          random.nextInt(4) == 0 ? null : transactions.writeNow(plus, new Request(id, 0, false));
      Written first;
      if (begun == null) {
        first = write(plus, new Request(id, 0, false));
      } else {
        immediate.incrementAndGet();
        first = random.nextBoolean() ? begun.join() : write(plus, new Request(id, 0, true));
      }
      if (random.nextInt(3) == 0) {
        assertThat(write(plus, new Request(id, 0, true))).isEqualTo(first);
      }
    }
  }

  private CompletableFuture<Written> writeNow(Evaluation statement, long sequence) {
    CompletableFuture<Written> write = transactions.writeNow(statement, named(sequence, false));
    assertThat(write).isNotNull();
    return Objects.requireNonNull(write);
  }

  private Written write(Evaluation statement) {
    return write(statement, Request.UNNAMED);
  }

  private Written write(Evaluation statement, Request request) {
    return transactions.write(List.of(statement), request, CONTROL);
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
