package io.quorate.driver.wire;

/** Answers {@link Hello} where a password is asked for; the client sends {@link Authenticate}. */
public final class Challenge extends Message {
  private final byte[] bytes;

  public Challenge(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  @Override
  public FrameType type() {
    return FrameType.CHALLENGE;
  }

  @Override
  void write(WireWriter writer) {
    writer.block(bytes);
  }

  static Challenge read(WireReader reader) {
    return new Challenge(Authenticate.readBytes(reader));
  }

  /** The message of SCRAM-SHA-256, in UTF-8. */
  public byte[] bytes() {
    return bytes.clone();
  }
}
