package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EndingTest {
  private final AtomicInteger undone = new AtomicInteger();
  private final Ending ending = new Ending(undone::incrementAndGet);

  @Test
  void work_that_ends_is_undone_once_and_gives_its_code() throws Exception {
    assertThat(ending.after(() -> 7)).isEqualTo(7);
    assertThat(undone).hasValue(1);
    assertThat(ending.onSignal()).as("the process has its code already").isEmpty();
    assertThat(undone).hasValue(1);
  }

  @Test
  void work_that_fails_is_undone_before_its_failure_is_told() {
    assertThatThrownBy(
            () ->
                ending.after(
                    () -> {
                      throw new IllegalStateException("failed");
                    }))
        .hasMessage("failed");
    assertThat(undone).hasValue(1);
  }

  @Test
  void a_signal_ends_the_work_that_waits_for_it_with_0() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CompletableFuture<Integer> code =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return ending.after(
                    () -> {
                      waiting.countDown();
                      return ending.awaitSignal();
                    });
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(ending.onSignal()).hasValue(0);

    assertThat(code.get(10, TimeUnit.SECONDS)).isZero();
    assertThat(undone).hasValue(1);
  }

  @Test
  void a_failure_that_a_signal_has_caused_is_not_told() throws Exception {
    int code =
        ending.after(
            () -> {
              assertThat(ending.onSignal()).hasValue(0);
              throw new IllegalStateException("its nodes are gone");
            });

    assertThat(code).isZero();
    assertThat(undone).hasValue(1);
  }
}
