package io.quorate.server.frontend;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection: they run one after the other in the order they came, each on a
 * worker. Confined to the connection's event loop.
 *
 * <p>The connection is read from only while few requests wait, and none runs while the client has
 * answers before it that it does not take. That bounds what one client can make a node keep.
 */
final class RequestQueue {
  private static final Logger log = LoggerFactory.getLogger(RequestQueue.class);

  private static final int RETRY_MILLIS = 50;

  private final Channel channel;
  private final StatementWorkers workers;
  private final Queue<Request> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean closing;
  private @Nullable Runnable last;

  /**
   * A request.
   *
   * @param work writes the answer
   * @param refused writes what the client gets when there is no worker for it
   * @param dropped gives back what it holds when nobody is left to answer to
   * @param onEventLoop whether the work is a trifle that needs none
   */
  private record Request(Runnable work, Runnable refused, Runnable dropped, boolean onEventLoop) {}

  RequestQueue(Channel channel, StatementWorkers workers) {
    this.channel = channel;
    this.workers = workers;
  }

  /** Exactly one of them runs, and to its end. */
  void add(Runnable work, Runnable refused, Runnable dropped) {
    add(new Request(work, refused, dropped, false));
  }

  /** For answers that need no statement; they keep their place in the order. */
  void addTrifle(Runnable work) {
    add(new Request(work, work, () -> {}, true));
  }

  private void add(Request request) {
    waiting.add(request);
    runNext();
    regulate();
  }

  private void runNext() {
    while (!running && channel.isWritable() && !waiting.isEmpty()) {
      Request next = waiting.remove();
      if (next.onEventLoop) {
        next.work.run();
      } else {
        running = workers.tryRun(() -> run(next));
        if (!running) {
          next.refused.run();
        }
      }
    }
    if (closing && !running && waiting.isEmpty()) {
      var unused = channel.close();
    }
  }

  private void run(Request request) {
    try {
      request.work.run();
    } finally {
      try {
        channel.eventLoop().execute(this::onDone);
      } catch (RejectedExecutionException e) {
        log.atDebug().log("a statement ended after its port was closed");
      }
    }
  }

  private void onDone() {
    running = false;
    if (last != null) {
      runLast();
      return;
    }
    runNext();
    regulate();
  }

  /** To be called when the client has taken answers. */
  void onWritable() {
    runNext();
    regulate();
  }

  private void regulate() {
    boolean read = waiting.size() < Limits.REQUESTS_READ && !closing;
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  /** Whether nothing runs and nothing waits. */
  boolean idle() {
    return !running && waiting.isEmpty();
  }

  /** Closes the connection when what was read has been answered; reads nothing more. */
  void closeWhenDone() {
    closing = true;
    runNext();
    regulate();
  }

  /**
   * Drops what waits, because the connection is gone.
   *
   * @param end runs on a worker behind what still runs, as soon as there is one
   */
  void drop(Runnable end) {
    closing = true;
    for (Request next = waiting.poll(); next != null; next = waiting.poll()) {
      next.dropped.run();
    }
    last = end;
    if (!running) {
      runLast();
    }
  }

  private void runLast() {
    Runnable end = last;
    if (end != null && !workers.tryRun(end) && !workers.closed()) {
      var unused = channel.eventLoop().schedule(this::runLast, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
