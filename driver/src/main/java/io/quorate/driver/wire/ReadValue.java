package io.quorate.driver.wire;

/** Reads a part of one large value of a row in an open result; answered by {@link ValuePart}. */
public final class ReadValue extends Message {
  private final long cursor;
  private final long row;
  private final int column;
  private final long offset;
  private final int bytesMax;

  /**
   * @param row number of the row in the result, from 0 on
   * @param column number of the column, from 0 on
   * @param offset of the part in the value's bytes; a text's are UTF-8
   */
  public ReadValue(long cursor, long row, int column, long offset, int bytesMax) {
    this.cursor = cursor;
    this.row = row;
    this.column = column;
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
    writer.varint(row);
    writer.varint(column);
    writer.varint(offset);
    writer.varint(bytesMax);
  }

  static ReadValue read(WireReader reader) {
    return new ReadValue(
        reader.count(),
        reader.count(),
        reader.intCount(WireLimits.COLUMNS_MAX),
        reader.count(),
        reader.intCount(WireLimits.FRAME_BYTES_MAX));
  }

  public long cursor() {
    return cursor;
  }

  public long row() {
    return row;
  }

  public int column() {
    return column;
  }

  public long offset() {
    return offset;
  }

  public int bytesMax() {
    return bytesMax;
  }
}
