package io.quorate.sql.exec;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** UUIDs of version 4 from a statement's own chance. */
public final class RandomIds {
  private static final long VERSION = 0x4000L;
  private static final long VERSION_MASK = 0xF000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_MASK = 0xC000_0000_0000_0000L;

  private RandomIds() {}

  public static UUID next(RandomGenerator random) {
    long high = (random.nextLong() & ~VERSION_MASK) | VERSION;
    long low = (random.nextLong() & ~VARIANT_MASK) | VARIANT;
    return new UUID(high, low);
  }
}
