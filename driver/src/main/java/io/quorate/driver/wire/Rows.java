package io.quorate.driver.wire;

/** The next rows of a cursor. */
public final class Rows extends Message {
  private final long cursor;
  private final SessionState state;
  private final RowBlock rows;

  /**
   * @param cursor 0 when these were the last
   */
  public Rows(long cursor, SessionState state, RowBlock rows) {
    this.cursor = cursor;
    this.state = state;
    this.rows = rows;
  }

  @Override
  public FrameType type() {
    return FrameType.ROWS;
  }

  @Override
  void write(WireWriter writer) {
    writer.varint(cursor);
    state.write(writer);
    rows.write(writer);
  }

  static Rows read(WireReader reader) {
    return new Rows(reader.count(), SessionState.read(reader), RowBlock.read(reader));
  }

  public long cursor() {
    return cursor;
  }

  @Override
  public SessionState state() {
    return state;
  }

  public RowBlock rows() {
    return rows;
  }
}
