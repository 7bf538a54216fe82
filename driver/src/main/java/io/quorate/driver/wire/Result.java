package io.quorate.driver.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a statement or a metadata call gave. Immutable. */
public final class Result extends Message {
  private static final int ROWS_FOLLOW = 1;
  private static final int ANOTHER_FOLLOWS = 2;
  static final int KEYS_UNKNOWN = 4;

  private final long updateCount;
  private final int flags;
  private final SessionState state;
  private final @Nullable RowSet rows;

  private Result(long updateCount, int flags, SessionState state, @Nullable RowSet rows) {
    this.updateCount = updateCount;
    this.flags = flags;
    this.state = state;
    this.rows = rows;
  }

  /** Rows were changed, or nothing can be counted: then 0. */
  public static Result updated(long count, SessionState state) {
    return updated(count, null, state);
  }

  /**
   * Rows were changed.
   *
   * @param keys the rows that an INSERT put, as far as they were asked for
   */
  public static Result updated(long count, @Nullable RowSet keys, SessionState state) {
    if (count < 0) {
      throw new IllegalArgumentException("an update count of " + count);
    }
    return new Result(count, keys == null ? 0 : ROWS_FOLLOW, state, keys);
  }

  /** The write was done at an earlier time, and its keys are not remembered. */
  public static Result updatedWithoutKeys(long count, SessionState state) {
    return new Result(count, KEYS_UNKNOWN, state, null);
  }

  /** Rows are returned; the parameters are those of {@link RowSet#of}. */
  public static Result rows(
      Signature signature, long knownSignature, RowBlock rows, long cursor, SessionState state) {
    return new Result(-1, ROWS_FOLLOW, state, RowSet.of(signature, knownSignature, rows, cursor));
  }

  /** The same, and the statement's next result can be asked for. */
  public Result andAnother() {
    return new Result(updateCount, flags | ANOTHER_FOLLOWS, state, rows);
  }

  @Override
  public FrameType type() {
    return FrameType.RESULT;
  }

  @Override
  void write(WireWriter writer) {
    writer.signed(updateCount);
    writer.octet(flags);
    state.write(writer);
    if (rows != null) {
      rows.write(writer);
    }
  }

  static Result read(WireReader reader) {
    long updateCount = reader.signed();
    int flags = reader.octet();
    boolean rows = (flags & ROWS_FOLLOW) != 0;
    if (updateCount < -1 || (updateCount < 0 && !rows) || flags > 7) {
      throw new ProtocolException("no result has the count " + updateCount + " and flags " + flags);
    }
    SessionState state = SessionState.read(reader);
    return new Result(updateCount, flags, state, rows ? RowSet.read(reader) : null);
  }

  public boolean returnsRows() {
    return updateCount < 0;
  }

  /** Rows changed; -1 when rows are returned. */
  public long updateCount() {
    return updateCount;
  }

  /** The rows that are returned; beside an update count, the keys. */
  public Optional<RowSet> rowSet() {
    return Optional.ofNullable(rows);
  }

  /** Whether keys were asked for and nobody knows them any more. */
  public boolean keysUnknown() {
    return (flags & KEYS_UNKNOWN) != 0;
  }

  /** Whether the statement has another result, for {@link Signal#NEXT_RESULT}. */
  public boolean anotherFollows() {
    return (flags & ANOTHER_FOLLOWS) != 0;
  }

  @Override
  public SessionState state() {
    return state;
  }

  private RowSet requireRows() {
    RowSet present = rows;
    if (present == null) {
      throw new IllegalStateException("the result has no rows");
    }
    return present;
  }

  public long signatureHash() {
    return requireRows().signatureHash();
  }

  public Optional<Signature> signature() {
    return requireRows().signature();
  }

  public long cursor() {
    return requireRows().cursor();
  }

  public RowBlock rows() {
    return requireRows().rows();
  }
}
