package io.quorate.driver.wire;

/** Reads a part of a large value that an open result has named; answered by {@link ValuePart}. */
public final class ReadValue extends Message {
  private final long cursor;
  private final long handle;
  private final long offset;
  private final int bytesMax;

  /**
   * @param cursor of the result that named the value
   * @param offset of the part in the value's bytes; a text's are UTF-8
   */
  public ReadValue(long cursor, long handle, long offset, int bytesMax) {
    this.cursor = cursor;
    this.handle = handle;
    this.offset = offset;
    this.bytesMax = bytesMax;
  }

  @Override
  public FrameType type() {
    return FrameType.READ_VALUE;
  }

  @Override
  void write(WireWriter writer) {
    writer.varint(cursor);
    writer.varint(handle);
    writer.varint(offset);
    writer.varint(bytesMax);
  }

  static ReadValue read(WireReader reader) {
    return new ReadValue(
        reader.count(),
        reader.count(),
        reader.count(),
        reader.intCount(WireLimits.FRAME_BYTES_MAX));
  }

  public long cursor() {
    return cursor;
  }

  public long handle() {
    return handle;
  }

  public long offset() {
    return offset;
  }

  public int bytesMax() {
    return bytesMax;
  }
}
