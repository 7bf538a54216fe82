package io.quorate.driver.wire;

/** Hands over a part of a large parameter before the statement that takes it; answered by DONE. */
public final class WriteValue extends Message {
  private final long handle;
  private final long offset;
  private final boolean last;
  private final byte[] bytes;

  /**
   * @param handle the client's name for the value, above 0
   * @param offset of the part; parts come in order
   */
  public WriteValue(long handle, long offset, byte[] bytes, boolean last) {
    this.handle = handle;
    this.offset = offset;
    this.bytes = bytes.clone();
    this.last = last;
  }

  @Override
  public FrameType type() {
    return FrameType.WRITE_VALUE;
  }

  @Override
  void write(WireWriter writer) {
    writer.varint(handle);
    writer.varint(offset);
    writer.flag(last);
    writer.block(bytes);
  }

  static WriteValue read(WireReader reader) {
    long handle = reader.count();
    long offset = reader.count();
    boolean last = reader.flag();
    return new WriteValue(handle, offset, reader.block(), last);
  }

  public long handle() {
    return handle;
  }

  public long offset() {
    return offset;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether the value ends with this part. */
  public boolean last() {
    return last;
  }
}
