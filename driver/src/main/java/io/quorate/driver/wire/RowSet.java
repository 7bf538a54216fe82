package io.quorate.driver.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows in an answer: their columns, the first of them, and where the others are. Immutable. */
public final class RowSet {
  private final long signatureHash;
  private final @Nullable Signature signature;
  private final long cursor;
  private final RowBlock rows;

  private RowSet(long signatureHash, @Nullable Signature signature, long cursor, RowBlock rows) {
    this.signatureHash = signatureHash;
    this.signature = signature;
    this.cursor = cursor;
    this.rows = rows;
  }

  /**
   * Rows to send.
   *
   * @param knownSignature hash of the columns that the client knows; they are not sent again
   * @param cursor for the rows that are left; 0 when there are none
   */
  public static RowSet of(Signature signature, long knownSignature, RowBlock rows, long cursor) {
    return new RowSet(
        signature.hash(), signature.hash() == knownSignature ? null : signature, cursor, rows);
  }

  /** To be written last, for the rows have no length of their own. */
  void write(WireWriter writer) {
    writer.fixedLong(signatureHash);
    writer.flag(signature != null);
    if (signature != null) {
      signature.write(writer);
    }
    writer.varint(cursor);
    rows.write(writer);
  }

  static RowSet read(WireReader reader) {
    long hash = reader.fixedLong();
    Signature signature = reader.flag() ? Signature.read(reader) : null;
    if (signature != null && signature.hash() != hash) {
      throw new ProtocolException("the hash of the columns is not theirs");
    }
    return new RowSet(hash, signature, reader.count(), RowBlock.read(reader));
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

  public RowBlock rows() {
    return rows;
  }
}
