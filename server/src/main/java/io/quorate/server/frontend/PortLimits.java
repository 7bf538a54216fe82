package io.quorate.server.frontend;

import java.time.Duration;

/**
 * The bounds of a client port that are not the same everywhere: an operator sets some, a test the
 * others. {@link Limits} has the rest.
 *
 * @param connections at once, of all protocols
 * @param statements that run or wait, of all connections together
 * @param answerBytes that clients have not taken, of all those that are slow
 */
record PortLimits(int connections, Statements statements, Waits waits, long answerBytes) {

  static final PortLimits DEFAULT =
      new PortLimits(
          10_000,
          new Statements(Limits.STATEMENTS_RUNNING, Limits.STATEMENTS_WAITING),
          new Waits(
              Limits.GREETING,
              Limits.REQUEST_STALL,
              Limits.ANSWER_STALL,
              new Idle(Limits.NATIVE_IDLE, Limits.HTTP_IDLE)),
          Limits.ANSWER_BYTES);

  /** How many run at once, and how many wait for that. */
  record Statements(int running, int waiting) {}

  /**
   * How long what is waited for.
   *
   * @param greeting for the handshake of TLS and the first bytes behind it
   * @param requestStall between two bytes of a request
   * @param answerStall for an answer to be taken
   */
  record Waits(Duration greeting, Duration requestStall, Duration answerStall, Idle idle) {}

  /** How long a connection may rest between requests. */
  record Idle(Duration ofNative, Duration http) {}

  PortLimits withConnections(int count) {
    return new PortLimits(count, statements, waits, answerBytes);
  }

  PortLimits withStatements(Statements other) {
    return new PortLimits(connections, other, waits, answerBytes);
  }

  PortLimits withWaits(Waits other) {
    return new PortLimits(connections, statements, other, answerBytes);
  }

  PortLimits withAnswerStall(Duration stall) {
    return withWaits(new Waits(waits.greeting, waits.requestStall, stall, waits.idle));
  }

  PortLimits withAnswerBytes(long bytes) {
    return new PortLimits(connections, statements, waits, bytes);
  }

  /** How often nothing may come within {@code requestStall} before the rest is too long. */
  int restsOf(Duration idle) {
    return (int) Math.min(Integer.MAX_VALUE, idle.dividedBy(waits.requestStall));
  }
}
