package io.quorate.driver.wire;

/** A part of a large value. */
public final class ValuePart extends Message {
  private final boolean last;
  private final SessionState state;
  private final byte[] bytes;

  /**
   * @param last whether the value ends with this part
   */
  public ValuePart(boolean last, SessionState state, byte[] bytes) {
    this.last = last;
    this.state = state;
    this.bytes = bytes.clone();
  }

  @Override
  public FrameType type() {
    return FrameType.VALUE;
  }

  @Override
  void write(WireWriter writer) {
    writer.flag(last);
    state.write(writer);
    writer.block(bytes);
  }

  static ValuePart read(WireReader reader) {
    boolean last = reader.flag();
    SessionState state = SessionState.read(reader);
    return new ValuePart(last, state, reader.block());
  }

  public boolean last() {
    return last;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public SessionState state() {
    return state;
  }
}
