package io.quorate.driver.wire;

/** Closes a cursor; is not answered, so it travels with the next request. */
public final class CloseCursor extends Message {
  private final long cursor;

  public CloseCursor(long cursor) {
    this.cursor = cursor;
  }

  @Override
  public FrameType type() {
    return FrameType.CLOSE_CURSOR;
  }

  @Override
  void write(WireWriter writer) {
    writer.varint(cursor);
  }

  static CloseCursor read(WireReader reader) {
    return new CloseCursor(reader.count());
  }

  public long cursor() {
    return cursor;
  }
}
