package io.quorate.driver.wire;

/** Commits the open transaction; answered by {@link Done}. */
public final class Commit extends Message {
  private final WriteStamp stamp;
  private final long timeoutMillis;

  /**
   * @param timeoutMillis 0 for the default of the server
   */
  public Commit(WriteStamp stamp, long timeoutMillis) {
    this.stamp = stamp;
    this.timeoutMillis = timeoutMillis;
  }

  @Override
  public FrameType type() {
    return FrameType.COMMIT;
  }

  @Override
  void write(WireWriter writer) {
    stamp.write(writer);
    writer.varint(timeoutMillis);
  }

  static Commit read(WireReader reader) {
    return new Commit(WriteStamp.read(reader), reader.count());
  }

  public WriteStamp stamp() {
    return stamp;
  }

  public long timeoutMillis() {
    return timeoutMillis;
  }
}
