package io.quorate.driver.wire;

import io.quorate.driver.ErrorCode.RetryAdvice;

/**
 * The request failed. It answers any request; with call id 0 it speaks of the connection itself.
 */
public final class Failure extends Message {
  private final String sqlState;
  private final int code;
  private final String message;
  private final RetryAdvice advice;
  private final String leader;
  private final long[] updateCounts;
  private final SessionState state;

  /**
   * @param code vendor code
   * @param message one line for a person, without a stack trace
   * @param leader address of the node that should be asked instead, {@code host:port}; empty if
   *     that is not known or would not help
   * @param updateCounts of a batch, for what was done and stays so in spite of the failure
   */
  public Failure(
      String sqlState,
      int code,
      String message,
      RetryAdvice advice,
      String leader,
      long[] updateCounts,
      SessionState state) {
    this.sqlState = sqlState;
    this.code = code;
    this.message = message;
    this.advice = advice;
    this.leader = leader;
    this.updateCounts = updateCounts.clone();
    this.state = state;
  }

  @Override
  public FrameType type() {
    return FrameType.ERROR;
  }

  @Override
  void write(WireWriter writer) {
    writer.text(sqlState);
    writer.varint(code);
    writer.text(message);
    writer.octet(numberOf(advice));
    writer.text(leader);
    BatchResult.writeCounts(writer, updateCounts);
    state.write(writer);
  }

  static Failure read(WireReader reader) {
    return new Failure(
        reader.text(),
        reader.intCount(Integer.MAX_VALUE),
        reader.text(),
        adviceOf(reader.octet()),
        reader.text(),
        BatchResult.readCounts(reader),
        SessionState.read(reader));
  }

  private static int numberOf(RetryAdvice advice) {
    switch (advice) {
      case NEVER:
        return 0;
      case SAFE:
        return 1;
      case OTHER_NODE:
        return 2;
      case SAME_REQUEST:
        return 3;
      case WHOLE_TRANSACTION:
        return 4;
    }
    throw new IllegalStateException("unreachable: " + advice);
  }

  private static RetryAdvice adviceOf(int number) {
    for (RetryAdvice advice : RetryAdvice.values()) {
      if (numberOf(advice) == number) {
        return advice;
      }
    }
    throw new ProtocolException("no advice has the number " + number);
  }

  public String sqlState() {
    return sqlState;
  }

  public int code() {
    return code;
  }

  public String message() {
    return message;
  }

  public RetryAdvice advice() {
    return advice;
  }

  public String leader() {
    return leader;
  }

  public long[] updateCounts() {
    return updateCounts.clone();
  }

  @Override
  public SessionState state() {
    return state;
  }
}
