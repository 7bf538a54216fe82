package io.quorate.server.store;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore.TxCounter;
import org.jspecify.annotations.Nullable;

/**
 * The views that are open. What one shows stays in the file until it is closed, so their number is
 * bounded, and one that is too old shows nothing more; nor does any when some rows are known to be
 * wrong. Thread-safe.
 */
final class OpenViews {
  private final int countMax;
  private final Duration ageMax;
  private final LongSupplier nanoTime;
  private final AtomicInteger count = new AtomicInteger();
  private final Set<StoreView> open = ConcurrentHashMap.newKeySet();

  /** Why no row is shown any more. */
  private volatile @Nullable Supplier<QuorateException> refusal;

  /**
   * @param nanoTime a clock as {@link System#nanoTime}
   */
  OpenViews(int countMax, Duration ageMax, LongSupplier nanoTime) {
    this.countMax = countMax;
    this.ageMax = ageMax;
    this.nanoTime = nanoTime;
  }

  /**
   * A view of what is published; null in the instant beside a commit in which there is none.
   *
   * @throws QuorateException when there are as many as may be, or a snapshot is being loaded, or no
   *     row is shown any more
   */
  @Nullable StoreView openNow(MvEngine engine, MvFile file) {
    reserve();
    StoreView view = null;
    try {
      view = pinPublished(engine, file);
    } finally {
      if (view == null) {
        count.decrementAndGet();
      } else {
        open.add(view);
      }
    }
    // Behind the addition, for whoever refuses looks through the open ones after it has said so.
    Supplier<QuorateException> why = refusal;
    if (why != null && view != null) {
      view.end(why);
    }
    return view;
  }

  /** The pin comes first: roots that are older than it may refer to pages that are gone. */
  private @Nullable StoreView pinPublished(MvEngine engine, MvFile file) {
    TxCounter pin = file.pin();
    Roots roots = engine.published();
    if (roots != null && roots.version() >= pin.version) {
      return new StoreView(engine, pin, roots, nanoTime.getAsLong());
    }
    file.unpin(pin);
    if (roots == null) {
      throw new QuorateException(
          ErrorCode.REPLICA_LAGGING, "this replica is loading a snapshot and shows no rows");
    }
    return null;
  }

  private void reserve() {
    Supplier<QuorateException> why = refusal;
    if (why != null) {
      throw why.get();
    }
    if (count.incrementAndGet() > countMax) {
      count.decrementAndGet();
      throw new QuorateException(
          ErrorCode.OVERLOADED, countMax + " read views are open: are they closed?");
    }
  }

  void remove(StoreView view) {
    open.remove(view);
    count.decrementAndGet();
  }

  /** From now on, no view shows a row, nor is one opened. */
  void refuse(Supplier<QuorateException> why) {
    refusal = why;
    open.forEach(view -> view.end(why));
  }

  /** Ends those that are too old. Their users close them, and only then is their space freed. */
  void expire() {
    long now = nanoTime.getAsLong();
    for (StoreView view : open) {
      if (now - view.openedNanos() > ageMax.toNanos()) {
        view.end(this::tooOld);
      }
    }
  }

  private QuorateException tooOld() {
    return new QuorateException(
        ErrorCode.SNAPSHOT_TOO_OLD,
        "the rows that this statement or transaction began to read more than "
            + ageMax.toSeconds()
            + " s ago (store.view_age_max) are no longer kept: begin it again");
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
    long now = nanoTime.getAsLong();
    long age = 0;
    for (StoreView view : open) {
      age = Math.max(age, now - view.openedNanos());
    }
    return Duration.ofNanos(age);
  }
}
