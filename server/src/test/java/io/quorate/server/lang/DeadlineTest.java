package io.quorate.server.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
  private final AtomicLong now = new AtomicLong();

  @Test
  void what_remains_shrinks_with_the_clock_and_stops_at_zero() {
    Deadline deadline = Deadline.after(Duration.ofMillis(10), now::get);
    assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(10));

    now.addAndGet(Duration.ofMillis(4).toNanos());
    assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(6));
    assertThat(deadline.expired()).isFalse();

    now.addAndGet(Duration.ofMillis(60).toNanos());
    assertThat(deadline.remaining()).isZero();
    assertThat(deadline.expired()).isTrue();
  }

  @Test
  void it_expires_at_the_very_instant() {
    Deadline deadline = Deadline.after(Duration.ZERO, now::get);

    assertThat(deadline.expired()).isTrue();
  }

  @Test
  void a_clock_that_wraps_around_does_not_disturb_it() {
    now.set(Long.MAX_VALUE - 1);
    Deadline deadline = Deadline.after(Duration.ofNanos(5), now::get);
    assertThat(deadline.expired()).isFalse();

    now.addAndGet(3);
    assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(2));
  }
}
