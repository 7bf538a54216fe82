package io.quorate.server.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.LockTable.Mode;
import io.quorate.server.tx.LockTable.Owner;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class LockTableTest {
  private static final LockName A = new LockName(16, Rows.key("a"));
  private static final LockName B = new LockName(16, Rows.key("b"));
  private static final LockName TABLE = LockName.definition(16);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean leading = new AtomicBoolean(true);
  private final LockTable locks =
      new LockTable(Duration.ofSeconds(20), System::nanoTime, leading::get);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void different_rows_do_not_wait_for_each_other() {
    take(new Owner(), A);
    take(new Owner(), B);

    assertThat(locks.size()).isEqualTo(2);
  }

  @Test
  void a_lock_is_taken_again_by_its_owner_and_gone_when_released() {
    Owner owner = new Owner();
    take(owner, A);
    take(owner, A);
    locks.release(owner);

    assertThat(locks.size()).isZero();
  }

  @Test
  void who_came_first_is_served_first() {
    Owner holder = new Owner();
    take(holder, A);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      Owner owner = new Owner();
      waiting.add(
          CompletableFuture.runAsync(
              () -> {
                take(owner, A);
                order.add(number);
                locks.release(owner);
              },
              threads));
      awaitWaiting(i + 1);
    }

    locks.release(holder);
    waiting.forEach(CompletableFuture::join);

    assertThat(order).containsExactly(0, 1, 2, 3, 4);
    assertThat(locks.size()).isZero();
  }

  @Test
  void writers_share_a_definition_and_keep_a_redefinition_out() {
    Owner writer = new Owner();
    Owner other = new Owner();
    Owner definer = new Owner();
    locks.acquire(writer, List.of(TABLE), Mode.SHARED, control());
    locks.acquire(other, List.of(TABLE), Mode.SHARED, control());
    CompletableFuture<Void> defining =
        CompletableFuture.runAsync(
            () -> locks.acquire(definer, List.of(TABLE), Mode.EXCLUSIVE, control()), threads);
    awaitWaiting(1);
    Owner late = new Owner();
    CompletableFuture<Void> lateWriter =
        CompletableFuture.runAsync(
            () -> locks.acquire(late, List.of(TABLE), Mode.SHARED, control()), threads);
    awaitWaiting(2);

    locks.release(writer);
    locks.release(other);
    defining.join();
    assertThat(lateWriter).isNotDone();
    locks.release(definer);
    lateWriter.join();
  }

  @Test
  void a_ring_of_two_ends_at_once_for_the_one_that_closes_it() {
    Owner one = new Owner();
    Owner two = new Owner();
    take(one, A);
    take(two, B);
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> take(one, B), threads);
    awaitWaiting(1);

    assertFails(() -> take(two, A), ErrorCode.WRITE_CONFLICT);
    locks.release(two);
    first.join();
  }

  @Test
  void two_that_share_and_both_want_it_alone_are_a_ring() {
    Owner one = new Owner();
    Owner two = new Owner();
    locks.acquire(one, List.of(TABLE), Mode.SHARED, control());
    locks.acquire(two, List.of(TABLE), Mode.SHARED, control());
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
            () -> locks.acquire(one, List.of(TABLE), Mode.EXCLUSIVE, control()), threads);
    awaitWaiting(1);

    assertFails(
        () -> locks.acquire(two, List.of(TABLE), Mode.EXCLUSIVE, control()),
        ErrorCode.WRITE_CONFLICT);
    locks.release(two);
    first.join();
  }

  @Test
  void waiting_ends_with_the_lock_timeout_and_leaves_no_trace() {
    LockTable impatient = new LockTable(Duration.ofMillis(20), System::nanoTime, () -> true);
    Owner holder = new Owner();
    impatient.acquire(holder, List.of(A), Mode.EXCLUSIVE, control());

    assertFails(
        () -> impatient.acquire(new Owner(), List.of(A), Mode.EXCLUSIVE, control()),
        ErrorCode.LOCK_TIMEOUT);
    impatient.release(holder);
    assertThat(impatient.size()).isZero();
  }

  @Test
  void waiting_ends_with_the_statement_and_with_the_leadership() {
    take(new Owner(), A);
    CancelFlag cancelled =
        () -> {
          throw new SqlFailure(SqlFailure.State.CANCELLED, "cancelled");
        };
    assertThatThrownBy(
            () ->
                locks.acquire(
                    new Owner(),
                    List.of(A),
                    Mode.EXCLUSIVE,
                    new Control(control().deadline(), cancelled)))
        .isInstanceOf(SqlFailure.class);

    leading.set(false);
    assertFails(() -> take(new Owner(), A), ErrorCode.WRITE_CONFLICT);
  }

  /** Rows taken in any order by many: nobody is lost, and nobody holds what another does. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void owners_exclude_each_other_and_always_come_to_an_end(long seed) {
    AtomicInteger[] inside = new AtomicInteger[5];
    for (int i = 0; i < inside.length; i++) {
      inside[i] = new AtomicInteger();
    }
    List<CompletableFuture<Integer>> workers = new ArrayList<>();
    for (int worker = 0; worker < 6; worker++) {
      Random random = new Random(seed * 31 + worker);
      workers.add(CompletableFuture.supplyAsync(() -> work(random, inside), threads));
    }

    int done = workers.stream().mapToInt(CompletableFuture::join).sum();

    assertThat(done).as("SEED=%s", seed).isPositive();
    assertThat(locks.size()).as("SEED=%s", seed).isZero();
  }

  private int work(Random random, AtomicInteger[] inside) {
    int done = 0;
    for (int round = 0; round < 300; round++) {
      Owner owner = new Owner();
      List<Integer> mine = new ArrayList<>();
      try {
        for (int i = 0; i < 3; i++) {
          int row = random.nextInt(inside.length);
          take(owner, new LockName(16, Rows.key("row" + row)));
          if (!mine.contains(row)) {
            mine.add(row);
            assertThat(inside[row].incrementAndGet()).isEqualTo(1);
          }
        }
        done++;
      } catch (QuorateException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.WRITE_CONFLICT);
      } finally {
        mine.forEach(row -> inside[row].decrementAndGet());
        locks.release(owner);
      }
    }
    return done;
  }

  @Test
  void all_locks_are_given_at_once_or_none() {
    Owner holder = new Owner();
    take(holder, B);
    Owner hasty = new Owner();

    assertThat(locks.tryAcquire(hasty, List.of(TABLE), List.of(A, B))).isFalse();
    assertThat(locks.size()).isEqualTo(1);
    locks.release(holder);
    assertThat(locks.tryAcquire(hasty, List.of(TABLE), List.of(A, B))).isTrue();
    assertThat(locks.size()).isEqualTo(3);
    Owner sharing = new Owner();
    assertThat(locks.tryAcquire(sharing, List.of(TABLE), List.of())).isTrue();
    locks.release(sharing);
    locks.release(hasty);
    assertThat(locks.size()).isZero();
  }

  @Test
  void who_does_not_wait_does_not_overtake_who_waits() {
    Owner writer = new Owner();
    locks.acquire(writer, List.of(TABLE), Mode.SHARED, control());
    Owner definer = new Owner();
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () -> locks.acquire(definer, List.of(TABLE), Mode.EXCLUSIVE, control()), threads);
    awaitWaiting(1);

    assertThat(locks.tryAcquire(new Owner(), List.of(TABLE), List.of(A))).isFalse();
    locks.release(writer);
    waiting.join();
    locks.release(definer);
    assertThat(locks.size()).isZero();
  }

  private void take(Owner owner, LockName name) {
    locks.acquire(owner, List.of(name), Mode.EXCLUSIVE, control());
  }

  private void awaitWaiting(int count) {
    await("others queue up on threads of their own").until(() -> locks.waiting() == count);
  }

  private static Control control() {
    return new Control(Deadline.after(Duration.ofSeconds(20), System::nanoTime), CancelFlag.NEVER);
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
