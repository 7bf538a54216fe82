package io.quorate.server.cli;

import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Undoes what a command has begun exactly once: on the main thread when the work ends, or on the
 * thread of a signal that comes first. Thread-safe.
 */
final class Ending {
  private final Runnable undo;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);

  Ending(Runnable undo) {
    this.undo = undo;
  }

  /** What the command does. */
  @FunctionalInterface
  interface Work {
    int run() throws InterruptedException;
  }

  /**
   * Does the work, then undoes it.
   *
   * @return the exit code of the work, or of a stop that was asked for
   */
  int after(Work work) throws InterruptedException {
    int code = ExitCode.OK;
    try {
      code = work.run();
    } catch (RuntimeException | Error e) {
      if (begun.compareAndSet(false, true)) {
        undo.run();
        throw e;
      }
      // Asked to stop meanwhile: what failed, failed for that.
    }
    if (begun.compareAndSet(false, true)) {
      undo.run();
      return code;
    }
    done.await();
    return ExitCode.OK;
  }

  /** For {@link StopSignals}. */
  OptionalInt onSignal() {
    if (!begun.compareAndSet(false, true)) {
      return OptionalInt.empty();
    }
    try {
      undo.run();
      return OptionalInt.of(ExitCode.OK);
    } finally {
      done.countDown();
    }
  }

  /** Blocks the work until a signal has undone it. */
  int awaitSignal() throws InterruptedException {
    done.await();
    return ExitCode.OK;
  }
}
