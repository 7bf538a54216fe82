package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** A set of 64-bit hashes of keys, with an open place for each. Confined. */
final class KeyHashes {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final int CAPACITY_MIN = 16;

  /** Places for each key; more would be emptier, fewer slower. */
  private static final int PLACES_A_KEY = 2;

  private final long[] places;
  private final int mask;
  private final long seed;
  private boolean withZero;

  /**
   * @param count at most so many keys come
   * @param random gives the seed: nobody can choose keys that all have one hash
   */
  KeyHashes(long count, long bytesMax, RandomGenerator random) {
    long capacity =
        Math.max(CAPACITY_MIN, Long.highestOneBit(Math.max(1, count)) * 2 * PLACES_A_KEY);
    if (capacity * Long.BYTES > bytesMax || capacity > 1 << 30) {
      throw new SqlFailure(
          State.OUT_OF_MEMORY,
          "to compare "
              + count
              + " keys takes "
              + capacity * Long.BYTES
              + " bytes; a statement may have "
              + bytesMax);
    }
    this.places = new long[(int) capacity];
    this.mask = places.length - 1;
    this.seed = random.nextLong();
  }

  /** Whether no key before had this hash. */
  boolean add(RowKey key) {
    long hash = hash(key.unsafeBytes());
    if (hash == 0) {
      boolean first = !withZero;
      withZero = true;
      return first;
    }
    for (int place = (int) hash & mask; ; place = (place + 1) & mask) {
      if (places[place] == 0) {
        places[place] = hash;
        return true;
      }
      if (places[place] == hash) {
        return false;
      }
    }
  }

  private long hash(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long hash = seed ^ bytes.length;
    while (in.remaining() >= Long.BYTES) {
      hash = mix(hash ^ in.getLong());
    }
    while (in.hasRemaining()) {
      hash = mix(hash ^ in.get());
    }
    return hash;
  }

  private static long mix(long value) {
    long mixed = value * MULTIPLIER;
    mixed ^= mixed >>> 29;
    mixed *= MULTIPLIER;
    return mixed ^ mixed >>> 32;
  }
}
