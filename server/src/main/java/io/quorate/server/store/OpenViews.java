package io.quorate.server.store;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The views that are open. What one shows stays in the file until it is closed, so their number is
 * bounded, and one that is too old shows nothing more. Thread-safe.
 */
final class OpenViews {
  private final int countMax;
  private final Duration ageMax;
  private final LongSupplier nanoTime;
  private final AtomicInteger count = new AtomicInteger();
  private final Set<StoreView> open = ConcurrentHashMap.newKeySet();

  /**
   * @param nanoTime a clock as {@link System#nanoTime}
   */
  OpenViews(int countMax, Duration ageMax, LongSupplier nanoTime) {
    this.countMax = countMax;
    this.ageMax = ageMax;
    this.nanoTime = nanoTime;
  }

  /**
   * Makes room for one more, to be given back by {@link #giveBack} or by {@link #remove}.
   *
   * @throws QuorateException when there are as many as may be
   */
  void reserve() {
    if (count.incrementAndGet() > countMax) {
      count.decrementAndGet();
      throw new QuorateException(
          ErrorCode.OVERLOADED, countMax + " read views are open: are they closed?");
    }
  }

  void giveBack() {
    count.decrementAndGet();
  }

  void add(StoreView view) {
    open.add(view);
  }

  void remove(StoreView view) {
    open.remove(view);
    count.decrementAndGet();
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Ends those that are too old. Their users close them, and only then is their space freed. */
  void expire() {
    long now = nanoTime();
    for (StoreView view : open) {
      if (now - view.openedNanos() > ageMax.toNanos()) {
        view.expire(ageMax);
      }
    }
  }

  int count() {
    return open.size();
  }

  /** The least revision that one shows; {@code none} where none is open. */
  long oldestRevision(long none) {
    long oldest = none;
    for (StoreView view : open) {
      oldest = Math.min(oldest, view.revision());
    }
    return oldest;
  }

  /** For how long the one that was opened first has been open. */
  Duration oldestAge() {
    long now = nanoTime();
    long age = 0;
    for (StoreView view : open) {
      age = Math.max(age, now - view.openedNanos());
    }
    return Duration.ofNanos(age);
  }
}
