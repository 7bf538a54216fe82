package io.quorate.driver.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a statement or a metadata call gave. */
public final class Result extends Message {
  private final long updateCount;
  private final long signatureHash;
  private final @Nullable Signature signature;
  private final long cursor;
  private final SessionState state;
  private final RowBlock rows;

  private Result(
      long updateCount,
      long signatureHash,
      @Nullable Signature signature,
      long cursor,
      SessionState state,
      RowBlock rows) {
    this.updateCount = updateCount;
    this.signatureHash = signatureHash;
    this.signature = signature;
    this.cursor = cursor;
    this.state = state;
    this.rows = rows;
  }

  /** Rows were changed, or nothing can be counted: then 0. */
  public static Result updated(long count, SessionState state) {
    if (count < 0) {
      throw new IllegalArgumentException("an update count of " + count);
    }
    return new Result(count, 0, null, 0, state, RowBlock.NONE);
  }

  /**
   * Rows are returned.
   *
   * @param knownSignature hash of the columns that the client knows; they are not sent again
   * @param cursor for the rows that are left; 0 when there are none
   */
  public static Result rows(
      Signature signature, long knownSignature, RowBlock rows, long cursor, SessionState state) {
    return new Result(
        -1,
        signature.hash(),
        signature.hash() == knownSignature ? null : signature,
        cursor,
        state,
        rows);
  }

  @Override
  public FrameType type() {
    return FrameType.RESULT;
  }

  @Override
  void write(WireWriter writer) {
    writer.signed(updateCount);
    state.write(writer);
    if (updateCount >= 0) {
      return;
    }
    writer.fixedLong(signatureHash);
    writer.flag(signature != null);
    if (signature != null) {
      signature.write(writer);
    }
    writer.varint(cursor);
    rows.write(writer);
  }

  static Result read(WireReader reader) {
    long updateCount = reader.signed();
    SessionState state = SessionState.read(reader);
    if (updateCount >= 0) {
      return updated(updateCount, state);
    }
    long hash = reader.fixedLong();
    Signature signature = reader.flag() ? Signature.read(reader) : null;
    if (signature != null && signature.hash() != hash) {
      throw new ProtocolException("the hash of the columns is not theirs");
    }
    return new Result(-1, hash, signature, reader.count(), state, RowBlock.read(reader));
  }

  public boolean returnsRows() {
    return updateCount < 0;
  }

  /** Rows changed; -1 when rows are returned. */
  public long updateCount() {
    return updateCount;
  }

  /** Of the columns, also when they were not sent. */
  public long signatureHash() {
    return signatureHash;
  }

  /** The columns; empty when they are those that the client said it knows. */
  public Optional<Signature> signature() {
    return Optional.ofNullable(signature);
  }

  /** 0 when all rows are here. */
  public long cursor() {
    return cursor;
  }

  @Override
  public SessionState state() {
    return state;
  }

  public RowBlock rows() {
    return rows;
  }
}
