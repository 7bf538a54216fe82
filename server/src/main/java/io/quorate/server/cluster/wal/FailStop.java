package io.quorate.server.cluster.wal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the first failure and throws it for ever after. After a failed sync the kernel may have
 * dropped the dirty pages and report success the next time, so trying again would acknowledge what
 * is not on disk (Rebello et al., "Can Applications Recover from fsync Failures?", 2020).
 *
 * <p>Thread-safe.
 */
final class FailStop {
  private final String what;
  private final FailureListener listener;
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /**
   * @param what names the failed thing in messages
   */
  FailStop(String what, FailureListener listener) {
    this.what = what;
    this.listener = listener;
  }

  /** Throws the first failure, if there was one. */
  void check() throws IOException {
    IOException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  /** Throws the first failure if it was damage: what was read is not what was written. */
  void checkUndamaged() throws IOException {
    IOException first = failure.get();
    if (first instanceof LogDamagedException) {
      throw first;
    }
  }

  boolean failed() {
    return failure.get() != null;
  }

  /** Runs {@code action} unless something failed before; its own failure is the last. */
  void run(Action action) throws IOException {
    check();
    try {
      action.run();
    } catch (IOException e) {
      throw fail(e);
    } catch (RuntimeException | Error e) {
      fail(new IOException("stopped half-way", e));
      throw e;
    }
  }

  /** Records a failure and returns the one to throw, which is the first. */
  IOException fail(IOException cause) {
    IOException mine =
        cause instanceof LogDamagedException ? cause : new LogFailedException(what, cause);
    if (failure.compareAndSet(null, mine)) {
      listener.onFailure(mine);
      return mine;
    }
    IOException first = failure.get();
    return first == null ? mine : first;
  }

  /** A step that may meet the disk. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }
}
