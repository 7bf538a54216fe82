package io.quorate.driver.tls;

import java.io.IOException;

/** A file that is no certificate or key, or a handshake that failed; one line for a person. */
public final class TlsException extends IOException {
  private static final long serialVersionUID = 1L;

  TlsException(String message) {
    super(message);
  }

  TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
