package io.quorate.server.store;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a store works. Its first failure stops it for good, and is told once; what fails in a
 * file while it is being opened is told when the store is open, for a damaged file is set aside and
 * is nobody's trouble then. Thread-safe.
 */
final class StoreHealth {
  private final Consumer<Throwable> onFailure;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile @Nullable Throwable failure;
  private volatile boolean open;

  StoreHealth(Consumer<Throwable> onFailure) {
    this.onFailure = onFailure;
  }

  void opened() {
    open = true;
    Throwable early = failure;
    if (early != null) {
      tell(early);
    }
  }

  /** What failed was a file that is not used any more. */
  void forgetFailure() {
    failure = null;
  }

  boolean works() {
    return failure == null;
  }

  void requireWorking() {
    Throwable cause = failure;
    if (cause != null) {
      throw new StoreFailedException("the store has stopped", cause);
    }
  }

  /** From here on nothing is applied or saved any more. */
  void stop(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    if (open) {
      tell(cause);
    }
  }

  /** As {@link #stop}, for an end that is meant: nobody is told of it. */
  void close() {
    open = false;
    stop(new StoreFailedException("the store is closed"));
  }

  /** Tells of something that has not stopped the store. */
  void tell(Throwable cause) {
    if (told.compareAndSet(false, true)) {
      onFailure.accept(cause);
    }
  }
}
