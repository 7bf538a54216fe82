package io.quorate.driver.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a batch did. Immutable. */
public final class BatchResult extends Message {
  private static final int ROWS_FOLLOW = 1;

  private final long[] updateCounts;
  private final int flags;
  private final SessionState state;
  private final @Nullable RowSet keys;

  private BatchResult(long[] updateCounts, int flags, SessionState state, @Nullable RowSet keys) {
    this.updateCounts = updateCounts.clone();
    this.flags = flags;
    this.state = state;
    this.keys = keys;
  }

  /**
   * @param updateCounts rows changed, one count for each list of parameters
   */
  public BatchResult(long[] updateCounts, SessionState state) {
    this(updateCounts, null, state);
  }

  /**
   * @param keys the rows that all INSERTs put, in order, as far as they were asked for
   */
  public BatchResult(long[] updateCounts, @Nullable RowSet keys, SessionState state) {
    this(updateCounts, keys == null ? 0 : ROWS_FOLLOW, state, keys);
  }

  /** As {@link Result#updatedWithoutKeys}. */
  public static BatchResult withoutKeys(long[] updateCounts, SessionState state) {
    return new BatchResult(updateCounts, Result.KEYS_UNKNOWN, state, null);
  }

  @Override
  public FrameType type() {
    return FrameType.BATCH_RESULT;
  }

  @Override
  void write(WireWriter writer) {
    state.write(writer);
    writeCounts(writer, updateCounts);
    writer.octet(flags);
    if (keys != null) {
      keys.write(writer);
    }
  }

  static BatchResult read(WireReader reader) {
    SessionState state = SessionState.read(reader);
    long[] counts = readCounts(reader);
    int flags = reader.octet();
    if ((flags & ~(ROWS_FOLLOW | Result.KEYS_UNKNOWN)) != 0) {
      throw new ProtocolException("no result of a batch has the flags " + flags);
    }
    boolean rows = (flags & ROWS_FOLLOW) != 0;
    return new BatchResult(counts, flags, state, rows ? RowSet.read(reader) : null);
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

  public Optional<RowSet> keys() {
    return Optional.ofNullable(keys);
  }

  /** As {@link Result#keysUnknown}. */
  public boolean keysUnknown() {
    return (flags & Result.KEYS_UNKNOWN) != 0;
  }

  @Override
  public SessionState state() {
    return state;
  }
}
