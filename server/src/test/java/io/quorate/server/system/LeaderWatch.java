package io.quorate.server.system;

import io.quorate.server.system.ProbeClient.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Knows who takes writes, by asking each node every few milliseconds on a thread of its own. A node
 * that has been silent for a moment is not believed to lead any longer. Thread-safe.
 */
final class LeaderWatch implements AutoCloseable {
  private static final Duration BETWEEN = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final long BELIEVED_NANOS = Duration.ofMillis(400).toNanos();

  private final Map<SystemNode, Heard> heard = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  private record Heard(Status status, long nanos) {}

  LeaderWatch(List<SystemNode> nodes) {
    for (SystemNode node : nodes) {
      Thread thread = new Thread(() -> watch(node), "watch-" + node.name());
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  void open() {
    threads.forEach(Thread::start);
  }

  private void watch(SystemNode node) {
    while (!closed) {
      try (ProbeClient client = node.connect(PATIENCE)) {
        while (!closed) {
          heard.put(node, new Heard(client.status(), System.nanoTime()));
          LockSupport.parkNanos(BETWEEN.toNanos());
        }
      } catch (IOException e) {
        heard.remove(node);
        LockSupport.parkNanos(BETWEEN.toNanos());
      }
    }
  }

  /** Who leads the highest term, among those that were heard a moment ago. */
  Optional<SystemNode> leader() {
    SystemNode found = null;
    long term = -1;
    long now = System.nanoTime();
    for (Map.Entry<SystemNode, Heard> entry : heard.entrySet()) {
      Status status = entry.getValue().status();
      if (now - entry.getValue().nanos() < BELIEVED_NANOS
          && status.ready()
          && status.term() > term) {
        found = entry.getKey();
        term = status.term();
      }
    }
    return Optional.ofNullable(found);
  }

  @Override
  public void close() {
    closed = true;
  }
}
