package io.quorate.driver.wire;

/**
 * Ends the statement that a session runs. It is the first message of a connection of its own, in
 * place of {@link Hello}; answered by {@link Done} whether there was one or not, then the server
 * closes.
 */
public final class Cancel extends Message {
  private final String sessionId;

  public Cancel(String sessionId) {
    this.sessionId = sessionId;
  }

  @Override
  public FrameType type() {
    return FrameType.CANCEL;
  }

  @Override
  void write(WireWriter writer) {
    writer.text(sessionId);
  }

  static Cancel read(WireReader reader) {
    return new Cancel(reader.text());
  }

  public String sessionId() {
    return sessionId;
  }
}
