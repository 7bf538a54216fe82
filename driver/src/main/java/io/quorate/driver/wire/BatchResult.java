package io.quorate.driver.wire;

/** What a batch did. */
public final class BatchResult extends Message {
  private final long[] updateCounts;
  private final SessionState state;

  /**
   * @param updateCounts rows changed, one count for each list of parameters
   */
  public BatchResult(long[] updateCounts, SessionState state) {
    this.updateCounts = updateCounts.clone();
    this.state = state;
  }

  @Override
  public FrameType type() {
    return FrameType.BATCH_RESULT;
  }

  @Override
  void write(WireWriter writer) {
    state.write(writer);
    writeCounts(writer, updateCounts);
  }

  static BatchResult read(WireReader reader) {
    SessionState state = SessionState.read(reader);
    return new BatchResult(readCounts(reader), state);
  }

  static void writeCounts(WireWriter writer, long[] counts) {
    writer.varint(counts.length);
    for (long count : counts) {
      writer.signed(count);
    }
  }

  static long[] readCounts(WireReader reader) {
    long[] counts = new long[reader.items(WireLimits.FRAME_BYTES_MAX)];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = reader.signed();
    }
    return counts;
  }

  public long[] updateCounts() {
    return updateCounts.clone();
  }

  @Override
  public SessionState state() {
    return state;
  }
}
