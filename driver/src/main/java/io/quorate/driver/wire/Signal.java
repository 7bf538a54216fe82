package io.quorate.driver.wire;

/** A request that says all by its type: ROLLBACK, PING, BYE or NEXT_RESULT. */
public final class Signal extends Message {
  public static final Signal ROLLBACK = new Signal(FrameType.ROLLBACK);
  public static final Signal PING = new Signal(FrameType.PING);
  public static final Signal BYE = new Signal(FrameType.BYE);

  /** Answered by the {@link Result} behind the one that said there is another. */
  public static final Signal NEXT_RESULT = new Signal(FrameType.NEXT_RESULT);

  private final FrameType type;

  private Signal(FrameType type) {
    this.type = type;
  }

  static Signal of(FrameType type) {
    switch (type) {
      case ROLLBACK:
        return ROLLBACK;
      case PING:
        return PING;
      case BYE:
        return BYE;
      case NEXT_RESULT:
        return NEXT_RESULT;
      default:
        throw new IllegalArgumentException(type + " is more than a signal");
    }
  }

  @Override
  public FrameType type() {
    return type;
  }

  @Override
  void write(WireWriter writer) {}
}
