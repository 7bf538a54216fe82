package io.quorate.driver.wire;

/** A request that says all by its type: ROLLBACK, PING or BYE. */
public final class Signal extends Message {
  public static final Signal ROLLBACK = new Signal(FrameType.ROLLBACK);
  public static final Signal PING = new Signal(FrameType.PING);
  public static final Signal BYE = new Signal(FrameType.BYE);

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
