package io.quorate.driver.tls;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with TLS, in one line for a person. */
public final class TlsReasons {
  private static final String ALERT = "received fatal alert: ";

  private TlsReasons() {}

  /** Why a handshake failed. */
  static String ofHandshake(IOException failure) {
    if (find(failure, EOFException.class) != null || find(failure, SocketException.class) != null) {
      return "the node closed the connection in the TLS handshake; it may have no TLS configured"
          + " (ssl_mode=disable connects without)";
    }
    return of(failure);
  }

  /** Why a connection that speaks TLS failed, in its handshake or later. */
  public static String of(IOException failure) {
    NodeTrust.RefusedException refused = find(failure, NodeTrust.RefusedException.class);
    if (refused != null) {
      return String.valueOf(refused.getMessage());
    }
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    if (!(failure instanceof SSLException)) {
      return message;
    }
    if (message.startsWith("Unsupported or unrecognized SSL message")) {
      return "the node answers, but not in TLS (ssl_mode=disable connects without)";
    }
    String lower = message.toLowerCase(Locale.ROOT);
    int alert = lower.indexOf(ALERT);
    if (alert >= 0) {
      return ofAlert(lower.substring(alert + ALERT.length()).trim());
    }
    return "TLS failed: " + message;
  }

  /** The other side says no more than the name of an alert (RFC 8446, 6.2). */
  private static String ofAlert(String alert) {
    switch (alert) {
      case "bad_certificate":
      case "certificate_required":
      case "certificate_unknown":
      case "certificate_expired":
      case "certificate_revoked":
      case "unsupported_certificate":
      case "unknown_ca":
      case "access_denied":
        return "the node does not accept the client's certificate, or demands one (ssl_cert,"
            + " ssl_key): TLS alert "
            + alert;
      default:
        return "the node refuses TLS: alert " + alert;
    }
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> kind) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 16; depth++) {
      if (kind.isInstance(cause)) {
        return kind.cast(cause);
      }
      cause = cause.getCause();
    }
    return null;
  }
}
