package io.quorate.driver.wire;

import java.util.Arrays;

/**
 * Writes frames one behind the other into an array that grows up to the bound of a frame. Confined
 * to one thread; may be used again after {@link #clear}.
 */
public final class WireWriter {
  private static final int KEPT_BYTES_MAX = 1 << 18;
  private static final int ROOM_BYTES_MAX = 2 * WireLimits.FRAME_BYTES_MAX;

  private byte[] bytes = new byte[512];
  private int length;
  private int frameStart = -1;

  /** The bytes written so far are at 0 up to {@link #length}; valid until the next write. */
  public byte[] array() {
    return bytes;
  }

  public int length() {
    return length;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  public void clear() {
    length = 0;
    frameStart = -1;
    if (bytes.length > KEPT_BYTES_MAX) {
      bytes = new byte[512];
    }
  }

  /** Drops what was written behind this place, such as a frame that turned out too large. */
  public void truncate(int lengthBefore) {
    length = Math.min(length, lengthBefore);
    frameStart = -1;
  }

  /** What a client sends before its first frame. */
  public WireWriter preamble() {
    ensure(Frame.PREAMBLE_BYTES);
    Frame.putPreamble(bytes, length);
    length += Frame.PREAMBLE_BYTES;
    return this;
  }

  void beginFrame(FrameType type, int callId) {
    if (frameStart >= 0) {
      throw new IllegalStateException("the frame before was not ended");
    }
    frameStart = length;
    fixedInt(0);
    octet(type.number());
    fixedInt(callId);
  }

  void endFrame() {
    int frameBytes = length - frameStart - Frame.LENGTH_BYTES;
    if (frameBytes > WireLimits.FRAME_BYTES_MAX) {
      truncate(frameStart);
      throw new ProtocolException(
          "a message of "
              + frameBytes
              + " bytes is above the bound of "
              + WireLimits.FRAME_BYTES_MAX);
    }
    putInt(frameStart, frameBytes);
    frameStart = -1;
  }

  public void octet(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
  }

  public void flag(boolean value) {
    octet(value ? 1 : 0);
  }

  public void fixedInt(int value) {
    ensure(4);
    putInt(length, value);
    length += 4;
  }

  public void fixedLong(long value) {
    ensure(8);
    putInt(length, (int) (value >>> 32));
    putInt(length + 4, (int) value);
    length += 8;
  }

  /** Seven bits a byte, the lowest first, the highest bit set on all but the last. */
  public void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** As {@link #varint}, small numbers of either sign short. */
  public void signed(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  public void block(byte[] value) {
    block(value, 0, value.length);
  }

  public void block(byte[] value, int offset, int count) {
    varint(count);
    raw(value, offset, count);
  }

  public void raw(byte[] value, int offset, int count) {
    ensure(count);
    System.arraycopy(value, offset, bytes, length, count);
    length += count;
  }

  /**
   * Length in bytes and UTF-8.
   *
   * @throws ProtocolException when the text is no Unicode: half of a surrogate pair
   */
  public void text(String value) {
    int chars = value.length();
    ensure(5 + 3L * chars);
    int ascii = 0;
    while (ascii < chars && value.charAt(ascii) < 0x80) {
      ascii++;
    }
    if (ascii == chars) {
      varint(chars);
      for (int i = 0; i < chars; i++) {
        bytes[length++] = (byte) value.charAt(i);
      }
      return;
    }
    varint(utf8Length(value));
    for (int i = 0; i < chars; i++) {
      char c = value.charAt(i);
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xc0 | (c >> 6));
        bytes[length++] = (byte) (0x80 | (c & 0x3f));
      } else if (Character.isSurrogate(c)) {
        int point = Character.toCodePoint(c, value.charAt(++i));
        bytes[length++] = (byte) (0xf0 | (point >> 18));
        bytes[length++] = (byte) (0x80 | (point >> 12 & 0x3f));
        bytes[length++] = (byte) (0x80 | (point >> 6 & 0x3f));
        bytes[length++] = (byte) (0x80 | (point & 0x3f));
      } else {
        bytes[length++] = (byte) (0xe0 | (c >> 12));
        bytes[length++] = (byte) (0x80 | (c >> 6 & 0x3f));
        bytes[length++] = (byte) (0x80 | (c & 0x3f));
      }
    }
  }

  private static int utf8Length(String value) {
    int count = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x80) {
        count++;
      } else if (c < 0x800) {
        count += 2;
      } else if (!Character.isSurrogate(c)) {
        count += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        count += 4;
        i++;
      } else {
        throw new ProtocolException("the text has half of a surrogate pair at " + i);
      }
    }
    return count;
  }

  void putInt(int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  void orOctet(int at, int bits) {
    bytes[at] |= (byte) bits;
  }

  private void ensure(long more) {
    long needed = length + more;
    if (needed <= bytes.length) {
      return;
    }
    if (needed > 2L * ROOM_BYTES_MAX) {
      throw new ProtocolException(
          "a message of " + needed + " bytes is above the bound of " + WireLimits.FRAME_BYTES_MAX);
    }
    bytes =
        Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, ROOM_BYTES_MAX)));
  }
}
