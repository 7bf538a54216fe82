package io.quorate.server.frontend;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection: they run one after the other in the order they came, each on the
 * event loop if that neither waits nor takes long, else on a worker. Confined to the connection's
 * event loop.
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
  private boolean held;
  private boolean closing;
  private @Nullable Runnable last;

  /** A request. */
  interface Request {
    /**
     * Does it on the event loop, answer and all.
     *
     * @return false if it might wait or take long; nothing was done then
     */
    boolean tryNow();

    /**
     * Begins it on the event loop. What is left then is not waited for by anyone: {@link #ended} or
     * {@link #goOn} is told, on the event loop.
     *
     * @return false if it cannot be done so; nothing was done then
     */
    default boolean tryBegin() {
      return false;
    }

    /** Does it on a worker. */
    void run();

    /** Answers, on the event loop, that there is no worker for it. */
    void refuse();

    /** Gives back, on the event loop, what it holds, for nobody is left to answer to. */
    void drop();
  }

  RequestQueue(Channel channel, StatementWorkers workers) {
    this.channel = channel;
    this.workers = workers;
  }

  /** A request of one kind only: work for a worker, or a trifle for the event loop. */
  private record Task(Runnable work, Runnable refused, Runnable dropped, boolean trifle)
      implements Request {
    @Override
    public boolean tryNow() {
      if (trifle) {
        work.run();
      }
      return trifle;
    }

    @Override
    public void run() {
      work.run();
    }

    @Override
    public void refuse() {
      refused.run();
    }

    @Override
    public void drop() {
      dropped.run();
    }
  }

  /** For what always needs a worker. Exactly one of them runs, and to its end. */
  void add(Runnable work, Runnable refused, Runnable dropped) {
    add(new Task(work, refused, dropped, false));
  }

  /** For answers that need no statement; they keep their place in the order. */
  void addTrifle(Runnable work) {
    add(new Task(work, work, () -> {}, true));
  }

  void add(Request request) {
    waiting.add(request);
    runNext();
    regulate();
  }

  private void runNext() {
    while (!running && !held && channel.isWritable() && !waiting.isEmpty()) {
      Request next = waiting.remove();
      if (!takenNow(next)) {
        running = workers.tryRun(() -> run(next::run));
        if (!running) {
          next.refuse();
        }
      }
    }
    if (closing && !running && !held && waiting.isEmpty()) {
      channel.flush();
      var unused = channel.close();
    }
  }

  private boolean takenNow(Request next) {
    try {
      if (next.tryNow()) {
        return true;
      }
      running = next.tryBegin();
      return running;
    } catch (RuntimeException | Error e) {
      // What becomes of the node then is for the handler of a worker to say.
      running =
          workers.tryRun(
              () ->
                  run(
                      () -> {
                        throw e;
                      }));
      return true;
    }
  }

  private void run(Runnable work) {
    try {
      work.run();
    } finally {
      try {
        channel.eventLoop().execute(this::onDone);
      } catch (RejectedExecutionException e) {
        log.atDebug().log("a statement ended after its port was closed");
      }
    }
  }

  /** The request that was begun is answered. */
  void ended() {
    onDone();
  }

  /**
   * The request that was begun needs a worker for the rest; it gets one as soon as there is one.
   */
  void goOn(Runnable rest) {
    if (!workers.tryRun(() -> run(rest)) && !workers.closed()) {
      var unused =
          channel.eventLoop().schedule(() -> goOn(rest), RETRY_MILLIS, TimeUnit.MILLISECONDS);
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

  /**
   * Sends an answer later, and runs nothing before that, for answers come in the order of their
   * requests. From the worker of the request.
   */
  void answerAfter(Duration delay, Runnable send) {
    // In front of onDone, which the end of the request puts there.
    channel.eventLoop().execute(() -> held = true);
    var unused =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  send.run();
                  held = false;
                  runNext();
                  regulate();
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
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
    return !running && !held && waiting.isEmpty();
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
      next.drop();
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
