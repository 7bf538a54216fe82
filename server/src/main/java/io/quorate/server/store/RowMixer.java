package io.quorate.server.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Mixes a row, with its table and its key, into two numbers of 64 bits: its term of a {@link
 * StateHash}. Confined; allocates nothing, for every change of a row comes by here.
 *
 * <p>Each step is one to one in the word that it takes, so two rows of the same lengths that differ
 * in one word never have the same term. It is no protection against who chooses rows so that they
 * collide; it finds faults of disks, of memory and of ours.
 */
final class RowMixer {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Odd, with as many bits set as not, and nothing else to be said for them. */
  private static final long ONE = 0x9E6D_62D0_6F6A_9A9BL;

  private static final long TWO = 0xC4CE_B9FE_1A85_EC53L;

  private long high;
  private long low;

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  void mix(int table, byte[] key, byte[] row) {
    // A step of its own, or the number of a table would do what the first word of a key does.
    long one = (ONE ^ table) * ONE;
    high = one ^ (one >>> 32);
    long two = (TWO + table) * TWO;
    low = two ^ (two >>> 29);
    take(key);
    take(row);
    high = finish(high, ONE);
    low = finish(low, TWO);
  }

  /** All words, the rest as one more, and the length: what is taken next cannot pass for it. */
  private void take(byte[] bytes) {
    long one = high;
    long two = low;
    int whole = bytes.length & -Long.BYTES;
    for (int at = 0; at < whole; at += Long.BYTES) {
      long word = (long) WORDS.get(bytes, at);
      one = (one ^ word) * ONE;
      one ^= one >>> 32;
      two = (two + word) * TWO;
      two ^= two >>> 29;
    }
    long rest = bytes.length;
    for (int at = whole; at < bytes.length; at++) {
      rest = (rest << Byte.SIZE) | (bytes[at] & 0xff);
    }
    one = (one ^ rest) * ONE;
    high = one ^ (one >>> 32);
    two = (two + rest) * TWO;
    low = two ^ (two >>> 29);
  }

  private static long finish(long lane, long factor) {
    long mixed = (lane ^ (lane >>> 31)) * factor;
    mixed = (mixed ^ (mixed >>> 33)) * factor;
    return mixed ^ (mixed >>> 30);
  }
}
