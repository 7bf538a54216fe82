package io.quorate.driver.wire;

/** Answers {@link Challenge}: the client proves the password. Answered by {@link Welcome}. */
public final class Authenticate extends Message {
  private final byte[] bytes;

  public Authenticate(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  @Override
  public FrameType type() {
    return FrameType.AUTHENTICATE;
  }

  @Override
  void write(WireWriter writer) {
    writer.block(bytes);
  }

  static Authenticate read(WireReader reader) {
    return new Authenticate(readBytes(reader));
  }

  /** The message of SCRAM-SHA-256, in UTF-8. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** A message of an authentication, which may come from anybody. */
  static byte[] readBytes(WireReader reader) {
    byte[] bytes = reader.block();
    if (bytes.length > WireLimits.AUTHENTICATION_BYTES_MAX) {
      throw new ProtocolException("an authentication of " + bytes.length + " bytes");
    }
    return bytes;
  }
}
