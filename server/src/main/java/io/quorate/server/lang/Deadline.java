package io.quorate.server.lang;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The instant by which an answer is due, handed on unchanged through every wait of a request.
 *
 * <p>Immutable. It stands on a monotonic clock, so it means something only in the JVM that made it;
 * between nodes travels what {@linkplain #remaining() remains}.
 */
public final class Deadline {
  private final LongSupplier nanoClock;
  private final long dueNanos;

  private Deadline(LongSupplier nanoClock, long dueNanos) {
    this.nanoClock = nanoClock;
    this.dueNanos = dueNanos;
  }

  /**
   * A deadline {@code timeout} from now.
   *
   * @param nanoClock monotonic, and free to wrap around as {@link System#nanoTime()} is
   */
  public static Deadline after(Duration timeout, LongSupplier nanoClock) {
    return new Deadline(nanoClock, nanoClock.getAsLong() + timeout.toNanos());
  }

  /** The time that is left, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanosLeft()));
  }

  /** This one, or {@code most} from now, whichever comes first. */
  public Deadline atMost(Duration most) {
    return remaining().compareTo(most) < 0 ? this : after(most, nanoClock);
  }

  public boolean expired() {
    return nanosLeft() <= 0;
  }

  /** A difference, because the clock may wrap around between now and then. */
  private long nanosLeft() {
    return dueNanos - nanoClock.getAsLong();
  }

  @Override
  public String toString() {
    return expired() ? "expired" : "in " + remaining();
  }
}
