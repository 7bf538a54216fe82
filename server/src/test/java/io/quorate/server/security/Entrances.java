package io.quorate.server.security;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Entrances of nodes that are made for a test. */
public final class Entrances {
  private static final EntryPolicy USUAL = new EntryPolicy(false, false, false, 4096);

  private Entrances() {}

  /** Everybody enters. */
  public static Entrance open() {
    return of(new KnownUsers());
  }

  /** Whoever is among the users enters. */
  public static Entrance of(KnownUsers users) {
    Entrance entrance = new Entrance(USUAL, users, new SecureRandom(), System::nanoTime);
    entrance.settle();
    return entrance;
  }

  /** As {@link #of}, but who fails again is not kept waiting longer, for it was long ago. */
  public static Entrance forgetful(KnownUsers users) {
    AtomicLong hours = new AtomicLong();
    Entrance entrance =
        new Entrance(
            USUAL,
            users,
            new SecureRandom(),
            () -> TimeUnit.HOURS.toNanos(hours.incrementAndGet()));
    entrance.settle();
    return entrance;
  }
}
