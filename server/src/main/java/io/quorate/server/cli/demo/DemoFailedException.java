package io.quorate.server.cli.demo;

/** The demo cannot go on; the message is the line that its user sees. */
public final class DemoFailedException extends RuntimeException {
  DemoFailedException(String message) {
    super(message);
  }

  DemoFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
