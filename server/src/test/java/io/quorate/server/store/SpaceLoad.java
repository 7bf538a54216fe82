package io.quorate.server.store;

import io.quorate.sql.store.ReadView.RowCursor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Fills a store with rows of 150 bytes and updates them at random, ten in a write set, while
 * another thread looks at the file every second. A row follows from its number and from how often
 * it was changed. For the applier's thread.
 */
final class SpaceLoad {
  private static final int TABLE = 7;
  private static final int ROW_BYTES = 142;
  private static final int ROWS_AN_INSERT = 1_000;
  private static final int ROWS_AN_UPDATE = 10;
  private static final long PAUSE_NANOS = 200_000;
  private static final int SECONDS_A_LINE = 10;

  private final int[] changes;
  private final SplittableRandom random = new SplittableRandom(20_000);
  private final AtomicLong updates = new AtomicLong();
  private final AtomicLong longestApplyNanos = new AtomicLong();
  private final List<Second> seconds = new ArrayList<>();
  private long updatesSeen;
  private long revision;

  /**
   * @param liveBytes of keys and rows, about
   */
  SpaceLoad(long liveBytes) {
    this.changes = new int[(int) (liveBytes / (Long.BYTES + ROW_BYTES))];
  }

  /** What was seen at the end of one second of updating. */
  record Second(
      int number,
      long fileBytes,
      int livePercent,
      long unsavedBytes,
      long updates,
      long applyNanos) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "second %d: file %d MB, %d %% live, %d MB unsaved, %d updates, longest apply %.1f ms",
          number,
          fileBytes / 1_000_000,
          livePercent,
          unsavedBytes / 1_000_000,
          updates,
          applyNanos / 1e6);
    }

    /** The worse of each. */
    private Second worst(Second other) {
      return new Second(
          Math.max(number, other.number),
          Math.max(fileBytes, other.fileBytes),
          Math.min(livePercent, other.livePercent),
          Math.max(unsavedBytes, other.unsavedBytes),
          Math.min(updates, other.updates),
          Math.max(applyNanos, other.applyNanos));
    }
  }

  /** Bytes of all keys and rows. */
  long liveBytes() {
    return (long) changes.length * (Long.BYTES + ROW_BYTES);
  }

  long revision() {
    return revision;
  }

  /** Writes every row, in the order of the keys. */
  void fill(MvEngine engine) {
    long start = System.nanoTime();
    for (int first = 0; first < changes.length; first += ROWS_AN_INSERT) {
      int from = first;
      int to = Math.min(changes.length, first + ROWS_AN_INSERT);
      engine.apply(
          ++revision,
          writer -> {
            for (int number = from; number < to; number++) {
              writer.put(TABLE, key(number), row(number, 0));
            }
          });
      engine.publish();
    }
    engine.checkpoint();
    StoreFacts facts = engine.facts();
    System.out.printf(
        Locale.ROOT,
        "[space] %d rows, %d MB of keys and rows, in %.1f s: file %d MB, %d %% of it live%n",
        changes.length,
        liveBytes() / 1_000_000,
        (System.nanoTime() - start) / 1e9,
        facts.fileBytes() / 1_000_000,
        facts.livePercent());
  }

  /**
   * Updates as many rows a second as were asked for, or as the store takes.
   *
   * @return what each second showed, and the end
   */
  List<Second> update(MvEngine engine, int rate, Duration time) throws InterruptedException {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    long start = System.nanoTime();
    try {
      var unused = clock.scheduleAtFixedRate(() -> look(engine), 1, 1, TimeUnit.SECONDS);
      for (long now = start; now - start < time.toNanos(); now = System.nanoTime()) {
        if (updates.get() < (now - start) / 1e9 * rate) {
          updateSome(engine);
          longestApplyNanos.accumulateAndGet(System.nanoTime() - now, Math::max);
        } else {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    } finally {
      clock.shutdown();
      clock.awaitTermination(1, TimeUnit.MINUTES);
    }
    look(engine);
    return List.copyOf(seconds);
  }

  private void updateSome(MvEngine engine) {
    int[] numbers = random.ints(ROWS_AN_UPDATE, 0, changes.length).toArray();
    engine.apply(
        ++revision,
        writer -> {
          for (int number : numbers) {
            writer.put(TABLE, key(number), row(number, ++changes[number]));
          }
        });
    engine.publish();
    updates.addAndGet(ROWS_AN_UPDATE);
  }

  /** On the thread of the clock, and in the end on the applier's. */
  private void look(MvEngine engine) {
    StoreFacts facts = engine.facts();
    long sofar = updates.get();
    Second second =
        new Second(
            seconds.size() + 1,
            facts.fileBytes(),
            facts.livePercent(),
            facts.unsavedBytes(),
            sofar - updatesSeen,
            longestApplyNanos.getAndSet(0));
    updatesSeen = sofar;
    seconds.add(second);
    if (seconds.size() % SECONDS_A_LINE == 0) {
      System.out.println("[space] worst up to " + worst(seconds.size() - SECONDS_A_LINE));
    }
  }

  private Second worst(int from) {
    return seconds.stream().skip(from).reduce(Second::worst).orElseThrow();
  }

  long updates() {
    return updates.get();
  }

  /** Throws unless the store holds each row as it was written last, and no other. */
  void requireEveryRow(MvEngine engine) {
    try (StoreView view = engine.openView()) {
      RowCursor rows = view.scan(TABLE, Optional.empty(), Optional.empty());
      for (int number = 0; number < changes.length; number++) {
        if (!rows.next()
            || !Arrays.equals(rows.key().unsafeBytes(), key(number))
            || !Arrays.equals(rows.row().unsafeBytes(), row(number, changes[number]))) {
          throw new AssertionError("row " + number + " is not as it was written last");
        }
      }
      if (rows.next()) {
        throw new AssertionError("there are more than the " + changes.length + " rows written");
      }
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static byte[] row(int number, int changed) {
    byte[] row = new byte[ROW_BYTES];
    new SplittableRandom((long) number << 32 | changed).nextBytes(row);
    return row;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d MB live, %d updates in %d s; worst: %s",
        liveBytes() / 1_000_000,
        updates.get(),
        seconds.size() - 1,
        worst(0));
  }
}
