package io.quorate.driver.wire;

/**
 * A frame without its length, its payload not yet read: {@code length int, type byte, call id int,
 * payload}. The length counts what is behind it. An answer has the call id of its request.
 */
public final class Frame {
  public static final int LENGTH_BYTES = 4;

  /** Type and call id. */
  public static final int HEAD_BYTES = 5;

  /** {@code QRT} and the version of the protocol: neither HTTP nor TLS begins so. */
  public static final int PREAMBLE_BYTES = 4;

  public static final int VERSION = 1;

  private static final byte[] PREAMBLE = {'Q', 'R', 'T', VERSION};

  private final FrameType type;
  private final int callId;
  private final WireReader payload;

  private Frame(FrameType type, int callId, WireReader payload) {
    this.type = type;
    this.callId = callId;
    this.payload = payload;
  }

  /** Reads a frame from all bytes behind its length. */
  public static Frame read(WireReader reader) {
    FrameType type = FrameType.of(reader.octet());
    int callId = reader.fixedInt();
    return new Frame(type, callId, reader.rest());
  }

  /**
   * Holds a received length against the bounds.
   *
   * @throws ProtocolException when no frame may have this length
   */
  public static int requireLength(int length) {
    if (length < HEAD_BYTES || length > WireLimits.FRAME_BYTES_MAX) {
      throw new ProtocolException(
          "a frame of "
              + Integer.toUnsignedString(length)
              + " bytes; the bound is "
              + WireLimits.FRAME_BYTES_MAX);
    }
    return length;
  }

  /** Whether the bytes begin as every client of this protocol does, in any version. */
  public static boolean beginsPreamble(byte first, byte second, byte third) {
    return first == PREAMBLE[0] && second == PREAMBLE[1] && third == PREAMBLE[2];
  }

  static void putPreamble(byte[] target, int offset) {
    System.arraycopy(PREAMBLE, 0, target, offset, PREAMBLE_BYTES);
  }

  public FrameType type() {
    return type;
  }

  public int callId() {
    return callId;
  }

  /** Reads the message; to be called once. */
  public Message message() {
    Message message = Message.read(type, payload);
    payload.end();
    return message;
  }
}
