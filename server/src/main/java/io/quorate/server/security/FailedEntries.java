package io.quorate.server.security;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers who failed to enter, so that the next answer takes longer, and tells the log about it
 * once a second at most. Thread-safe; bounded: of very many at once the oldest are forgotten.
 */
final class FailedEntries {
  private static final Logger log = LoggerFactory.getLogger(FailedEntries.class);

  /** A kilobyte each at most. */
  private static final int REMEMBERED_MAX = 4096;

  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);
  private static final long FIRST_DELAY_MILLIS = 50;
  private static final int DOUBLINGS_MAX = 5;
  private static final int NAME_CHARS_SHOWN = 128;

  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<Candidate, Failures> failures = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("lock")
  private long loggedNanos;

  @GuardedBy("lock")
  private long unlogged;

  @GuardedBy("lock")
  private boolean everLogged;

  private record Candidate(String user, String address) {}

  private record Failures(int count, long atNanos) {}

  FailedEntries(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * Notes a failure.
   *
   * @return how long its answer should be held back: twice as long as the one before, 1.6 s at most
   */
  Duration add(String name, String address) {
    String user = shown(name);
    long now = nanoClock.getAsLong();
    long silent = -1;
    int count;
    lock.lock();
    try {
      Candidate candidate = new Candidate(user, address);
      Failures before = failures.get(candidate);
      count = before == null || isForgotten(before, now) ? 1 : before.count + 1;
      failures.put(candidate, new Failures(count, now));
      if (failures.size() > REMEMBERED_MAX) {
        failures.remove(failures.keySet().iterator().next());
      }
      if (!everLogged || now - loggedNanos >= TimeUnit.SECONDS.toNanos(1)) {
        everLogged = true;
        loggedNanos = now;
        silent = unlogged;
        unlogged = 0;
      } else {
        unlogged++;
      }
    } finally {
      lock.unlock();
    }
    if (silent >= 0) {
      log.atWarn()
          .addKeyValue("user", user)
          .addKeyValue("address", address)
          .addKeyValue("attempts", count)
          .addKeyValue("others_not_logged", silent)
          .log("entry refused");
    }
    return Duration.ofMillis(FIRST_DELAY_MILLIS << Math.min(count - 1, DOUBLINGS_MAX));
  }

  /** Whoever enters has not guessed. */
  void clear(String user, String address) {
    lock.lock();
    try {
      failures.remove(new Candidate(shown(user), address));
    } finally {
      lock.unlock();
    }
  }

  private static boolean isForgotten(@Nullable Failures failures, long now) {
    return failures == null || now - failures.atNanos > FORGOTTEN_AFTER.toNanos();
  }

  /** Anybody may send any name, in any case; a line of the log stays one line. */
  private static String shown(String user) {
    String cut =
        user.length() > NAME_CHARS_SHOWN ? user.substring(0, NAME_CHARS_SHOWN) + "…" : user;
    return cut.replaceAll("\\p{C}", "?").toUpperCase(Locale.ROOT);
  }
}
