package io.quorate.server.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.dispatch.FreshnessGauge.Mark;
import io.quorate.server.dispatch.FreshnessGauge.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The second road to the bound: a model that knows when each revision was acknowledged, against a
 * replica that applies late and whose questions are answered late, in another order, or never. The
 * bound that is told must never be smaller than the true staleness.
 */
final class FreshnessModelTest {
  private static final int SEEDS = 2_000;
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  @Test
  void the_bound_is_never_smaller_than_the_truth() {
    long claims = 0;
    long close = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Run run = new Run(seed, false);
      run.run();
      claims += run.claims;
      close += run.close;
    }
    assertThat(claims).as("views that a bound was told of").isGreaterThan(SEEDS * 20L);
    assertThat(close).as("bounds within 50 ms of the truth").isGreaterThan(claims / 10);
  }

  @Test
  void a_bound_that_is_up_to_20_ms_too_small_is_found_out() {
    boolean found =
        LongStream.rangeClosed(1, 200)
            .anyMatch(
                seed -> {
                  try {
                    new Run(seed, true).run();
                    return false;
                  } catch (AssertionError expected) {
                    return true;
                  }
                });
    assertThat(found).isTrue();
  }

  /** One seed: virtual time, one thread. */
  private static final class Run extends UnusedConsensus {
    private final SplittableRandom random;
    private final long seed;
    private final boolean planted;
    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));

    /** When each revision, from 1 on, was acknowledged; the model's own knowledge. */
    private final List<Long> acknowledged = new ArrayList<>();

    private final List<Waiting> waiting = new ArrayList<>();
    private final List<View> views = new ArrayList<>();
    private final FreshnessGauge gauge;
    private long order;
    private long now;
    private long applied;
    private boolean stuck;
    private long claims;
    private long close;

    private record Event(long at, long order, Runnable task) {}

    /** A barrier that its index must be applied for. */
    private record Waiting(long index, CompletableFuture<Long> answer) {}

    private record View(long revision, Mark mark) {}

    Run(long seed, boolean planted) {
      this.seed = seed;
      this.planted = planted;
      this.random = new SplittableRandom(seed);
      this.gauge =
          new FreshnessGauge(
              this,
              () -> applied,
              () -> now,
              new Timing(Duration.ofMillis(100), Duration.ofMillis(500)));
    }

    private void after(long nanos, Runnable task) {
      events.add(new Event(now + nanos, order++, task));
    }

    private long between(long low, long high) {
      return random.nextLong(low, high + 1);
    }

    void run() {
      after(0, this::write);
      after(0, this::applySome);
      after(0, this::tick);
      after(0, this::look);
      while (now < 3_000 * MILLI) {
        Event next = events.remove();
        now = next.at;
        next.task.run();
      }
    }

    private void write() {
      acknowledged.add(now);
      after(between(10 * MICRO, 80 * MILLI), this::write);
    }

    /** Goes on late, in steps, and at times not at all for a while. */
    private void applySome() {
      if (random.nextInt(40) == 0) {
        stuck = !stuck;
      }
      if (!stuck && applied < acknowledged.size()) {
        applied = between(applied + 1, acknowledged.size());
        List<Waiting> ready = waiting.stream().filter(w -> w.index <= applied).toList();
        waiting.removeAll(ready);
        ready.forEach(w -> after(between(0, 5 * MILLI), () -> w.answer.complete(w.index)));
      }
      after(between(10 * MICRO, 30 * MILLI), this::applySome);
    }

    /** Lost, refused, or answered with what is acknowledged at some time after the call. */
    @Override
    public CompletableFuture<Long> readBarrier() {
      CompletableFuture<Long> answer = new CompletableFuture<>();
      int fate = random.nextInt(10);
      if (fate == 0) {
        after(
            between(0, 50 * MILLI),
            () -> answer.completeExceptionally(new IllegalStateException("nobody leads")));
      } else if (fate > 1) {
        after(between(0, 20 * MILLI), () -> reachLeader(answer));
      }
      return answer;
    }

    private void reachLeader(CompletableFuture<Long> answer) {
      long index = acknowledged.size();
      after(
          between(0, random.nextInt(5) == 0 ? 300 * MILLI : 10 * MILLI),
          () -> {
            if (applied >= index) {
              answer.complete(index);
            } else {
              waiting.add(new Waiting(index, answer));
            }
          });
    }

    private void tick() {
      gauge.tick();
      if (random.nextInt(4) == 0) {
        var unused = gauge.askSince(now - between(0, 40 * MILLI));
      }
      after(between(5 * MILLI, 40 * MILLI), this::tick);
    }

    /** Opens a view, and asks at some later time how old it is. */
    private void look() {
      views.add(new View(applied, gauge.newest()));
      View view = views.get(random.nextInt(views.size()));
      long told = gauge.stalenessMillis(view.revision, view.mark);
      if (told >= 0) {
        check(view, planted ? told - random.nextInt(20) : told);
      }
      after(between(100 * MICRO, 25 * MILLI), this::look);
    }

    private void check(View view, long toldMillis) {
      claims++;
      boolean misses = view.revision < acknowledged.size();
      long truth = misses ? now - acknowledged.get((int) view.revision) : 0;
      assertThat(toldMillis * MILLI)
          .as("SEED=%s at %s ns, revision %s", seed, now, view.revision)
          .isGreaterThanOrEqualTo(truth);
      if (toldMillis * MILLI - truth < 50 * MILLI) {
        close++;
      }
    }
  }
}
