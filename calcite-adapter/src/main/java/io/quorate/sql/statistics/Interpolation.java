package io.quorate.sql.statistics;

import io.quorate.sql.store.RowKey;

/**
 * How far a key is on the way between two others, by the eight bytes behind what both begin with:
 * as good as exact for whole numbers and times, and good enough between two near texts.
 */
final class Interpolation {
  private Interpolation() {}

  /** 0 at {@code low}, 1 at {@code high}; {@code key} is one of them or between them. */
  static double position(RowKey low, RowKey high, RowKey key) {
    byte[] a = low.unsafeBytes();
    byte[] b = high.unsafeBytes();
    int same = 0;
    while (same < a.length && same < b.length && a[same] == b[same]) {
      same++;
    }
    double from = number(a, same);
    double to = number(b, same);
    double at = number(key.unsafeBytes(), same);
    return to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 0.5;
  }

  private static double number(byte[] bytes, int from) {
    double number = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      number = number * (1 << Byte.SIZE) + (i < bytes.length ? bytes[i] & 0xFF : 0);
    }
    return number;
  }
}
