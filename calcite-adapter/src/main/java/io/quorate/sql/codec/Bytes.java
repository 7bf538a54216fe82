package io.quorate.sql.codec;

import java.util.Arrays;

/** A growing array of bytes. Confined to one thread. */
final class Bytes {
  private byte[] array;
  private int length;

  Bytes(int capacity) {
    array = new byte[capacity];
  }

  int length() {
    return length;
  }

  void put(int value) {
    reserve(1);
    array[length++] = (byte) value;
  }

  void put(byte[] values) {
    reserve(values.length);
    System.arraycopy(values, 0, array, length, values.length);
    length += values.length;
  }

  /** The lowest {@code count} bytes of {@code value}, highest first. */
  void putBigEndian(long value, int count) {
    reserve(count);
    for (int shift = (count - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      array[length++] = (byte) (value >>> shift);
    }
  }

  /** As few bytes as hold {@code value} with its sign; none for 0. */
  void putMinimal(long value) {
    int count = value == 0 ? 0 : (Long.SIZE - magnitudeLeadingZeros(value)) / Byte.SIZE + 1;
    putBigEndian(value, count);
  }

  private static int magnitudeLeadingZeros(long value) {
    return Long.numberOfLeadingZeros(value < 0 ? ~value : value);
  }

  /** Turns all bits from {@code start} on. */
  void complement(int start) {
    for (int i = start; i < length; i++) {
      array[i] = (byte) ~array[i];
    }
  }

  void setBigEndian(int position, int value, int count) {
    for (int i = 0; i < count; i++) {
      array[position + i] = (byte) (value >>> ((count - 1 - i) * Byte.SIZE));
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(array, length);
  }

  private void reserve(int count) {
    if (count > array.length - length) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(length, count)));
    }
  }

  static long bigEndian(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << Byte.SIZE | (bytes[i] & 0xFF);
    }
    return value;
  }

  /** What {@link #putMinimal} wrote. */
  static long minimal(byte[] bytes, int from, int count) {
    long value = count > 0 && bytes[from] < 0 ? -1 : 0;
    for (int i = from; i < from + count; i++) {
      value = value << Byte.SIZE | (bytes[i] & 0xFF);
    }
    return value;
  }
}
