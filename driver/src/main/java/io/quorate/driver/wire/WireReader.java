package io.quorate.driver.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link WireWriter} wrote; refuses everything else. Confined to one thread. */
public final class WireReader {
  private final byte[] bytes;
  private final int limit;
  private int position;

  /** Reads from the array itself, which must not change while this and its parts are in use. */
  public WireReader(byte[] bytes, int offset, int count) {
    if (offset < 0 || count < 0 || offset > bytes.length - count) {
      throw new IllegalArgumentException(
          offset + " and " + count + " are no part of " + bytes.length + " bytes");
    }
    this.bytes = bytes;
    this.position = offset;
    this.limit = offset + count;
  }

  public WireReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Takes all that remains in the buffer; copies it, unless it lies in an accessible array. */
  public static WireReader of(ByteBuffer buffer) {
    int count = buffer.remaining();
    if (buffer.hasArray()) {
      int offset = buffer.arrayOffset() + buffer.position();
      buffer.position(buffer.limit());
      return new WireReader(buffer.array(), offset, count);
    }
    byte[] copy = new byte[count];
    buffer.get(copy);
    return new WireReader(copy);
  }

  public int remaining() {
    return limit - position;
  }

  /**
   * Ends the message.
   *
   * @throws ProtocolException when something is left
   */
  public void end() {
    if (position != limit) {
      throw new ProtocolException(remaining() + " bytes too many");
    }
  }

  public int octet() {
    need(1);
    return bytes[position++] & 0xff;
  }

  public boolean flag() {
    int value = octet();
    if (value > 1) {
      throw new ProtocolException("a truth value is 0 or 1, this is " + value);
    }
    return value == 1;
  }

  public int fixedInt() {
    need(4);
    int value =
        ((bytes[position] & 0xff) << 24)
            | ((bytes[position + 1] & 0xff) << 16)
            | ((bytes[position + 2] & 0xff) << 8)
            | (bytes[position + 3] & 0xff);
    position += 4;
    return value;
  }

  public long fixedLong() {
    long high = fixedInt();
    return (high << 32) | (fixedInt() & 0xffff_ffffL);
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = octet();
      if (shift == 63 && next > 1) {
        break;
      }
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new ProtocolException("a number of more than 64 bits");
  }

  public long signed() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  public int signedInt() {
    long value = signed();
    if (value != (int) value) {
      throw new ProtocolException(value + " is no number of 32 bits");
    }
    return (int) value;
  }

  /** A number that is not negative. */
  public long count() {
    long value = varint();
    if (value < 0) {
      throw new ProtocolException("a count of more than 63 bits");
    }
    return value;
  }

  public int intCount(int max) {
    long value = varint();
    if (value < 0 || value > max) {
      throw new ProtocolException(Long.toUnsignedString(value) + " is above the bound of " + max);
    }
    return (int) value;
  }

  /**
   * A count of things that follow, each of at least one byte; so it is bounded by what is there.
   */
  public int items(int max) {
    int value = intCount(max);
    if (value > remaining()) {
      throw new ProtocolException(value + " items cannot be in " + remaining() + " bytes");
    }
    return value;
  }

  public byte[] block() {
    int count = blockLength();
    position += count;
    return Arrays.copyOfRange(bytes, position - count, position);
  }

  public String text() {
    int count = blockLength();
    String value = new String(bytes, position, count, StandardCharsets.UTF_8);
    // The JDK puts U+FFFD for what is no UTF-8; only a text that has one needs the second look.
    if (value.indexOf('\uFFFD') >= 0) {
      requireUtf8(position, count);
    }
    position += count;
    return value;
  }

  private void requireUtf8(int offset, int count) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, offset, count));
    } catch (CharacterCodingException e) {
      throw new ProtocolException("a text that is no UTF-8", e);
    }
  }

  /** All that is left, as a reader of its own over the same array. */
  WireReader rest() {
    WireReader rest = new WireReader(bytes, position, remaining());
    position = limit;
    return rest;
  }

  void copyTo(WireWriter writer) {
    writer.raw(bytes, position, remaining());
  }

  WireReader duplicate() {
    return new WireReader(bytes, position, remaining());
  }

  private int blockLength() {
    int count = intCount(WireLimits.FRAME_BYTES_MAX);
    need(count);
    return count;
  }

  private void need(int count) {
    if (count > limit - position) {
      throw new ProtocolException(
          "the message ends " + (count - (limit - position)) + " bytes too early");
    }
  }
}
