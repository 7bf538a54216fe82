package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class NodeThreadsTest {
  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
  private final NodeThreads threads = new NodeThreads(uncaught::add);

  @Test
  void a_node_that_ends_while_it_warms_up_has_not_failed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    threads.warmUp(
        () -> {
          begun.countDown();
          try {
            while (!threads.endings.isShutdown()) {
              Thread.onSpinWait();
            }
            threads.endings.execute(() -> {});
          } finally {
            ended.countDown();
          }
        });
    begun.await();
    threads.close();
    assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    threads.awaitWarm();
    assertThat(uncaught).isEmpty();
  }

  @Test
  void what_fails_while_a_node_warms_up_stops_it() {
    threads.warmUp(
        () -> {
          throw new IllegalStateException("as the test wants");
        });
    threads.awaitWarm();
    threads.close();
    assertThat(uncaught).hasOnlyElementsOfType(IllegalStateException.class).hasSize(1);
  }
}
