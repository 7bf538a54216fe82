package io.quorate.server.frontend;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of requests may be in memory at once. Thread-safe. */
final class ByteBudget {
  private final long bytes;
  private final AtomicLong left;

  ByteBudget(long bytes) {
    this.bytes = bytes;
    this.left = new AtomicLong(bytes);
  }

  /** Takes all of them, or none and returns false. */
  boolean tryTake(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  /** How many are taken now. */
  long taken() {
    return bytes - left.get();
  }
}
