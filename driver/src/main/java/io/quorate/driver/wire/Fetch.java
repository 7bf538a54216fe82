package io.quorate.driver.wire;

/** Asks for the next rows of a cursor; answered by {@link Rows}. */
public final class Fetch extends Message {
  private final long cursor;
  private final int rowsMax;

  public Fetch(long cursor, int rowsMax) {
    this.cursor = cursor;
    this.rowsMax = rowsMax;
  }

  @Override
  public FrameType type() {
    return FrameType.FETCH;
  }

  @Override
  void write(WireWriter writer) {
    writer.varint(cursor);
    writer.varint(rowsMax);
  }

  static Fetch read(WireReader reader) {
    return new Fetch(reader.count(), reader.intCount(Integer.MAX_VALUE));
  }

  public long cursor() {
    return cursor;
  }

  public int rowsMax() {
    return rowsMax;
  }
}
