package io.quorate.driver.wire;

/** The request was done and has nothing else to tell. */
public final class Done extends Message {
  private final SessionState state;

  public Done(SessionState state) {
    this.state = state;
  }

  @Override
  public FrameType type() {
    return FrameType.DONE;
  }

  @Override
  void write(WireWriter writer) {
    state.write(writer);
  }

  static Done read(WireReader reader) {
    return new Done(SessionState.read(reader));
  }

  @Override
  public SessionState state() {
    return state;
  }
}
