package io.quorate.driver.wire;

/** Bytes that are no frame, message or value of the protocol, or a value that cannot be sent. */
public final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }

  public ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
