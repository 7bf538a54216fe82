package io.quorate.driver.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** By which name a write is remembered, so that it can be repeated. Immutable. */
public final class WriteStamp {
  /** For what does not write; the server makes a name of its own if it does. */
  public static final WriteStamp NONE = new WriteStamp(0, 0, 0, false);

  private final long client;
  private final long sequence;
  private final long base;
  private final boolean repeated;

  /**
   * @param client number of the client, drawn at random
   * @param sequence which request of the client it is, from 1; 0 for none
   * @param base a revision that the client had seen before it first sent the request
   * @param repeated whether it was sent before and no answer came
   */
  public WriteStamp(long client, long sequence, long base, boolean repeated) {
    if (sequence < 0 || base < 0) {
      throw new ProtocolException("no write has the sequence " + sequence + ", base " + base);
    }
    this.client = client;
    this.sequence = sequence;
    this.base = base;
    this.repeated = repeated;
  }

  /** The same write, sent once more. */
  public WriteStamp again() {
    return new WriteStamp(client, sequence, base, true);
  }

  void write(WireWriter writer) {
    writer.fixedLong(client);
    writer.varint(sequence);
    writer.varint(base);
    writer.flag(repeated);
  }

  static WriteStamp read(WireReader reader) {
    return new WriteStamp(reader.fixedLong(), reader.count(), reader.count(), reader.flag());
  }

  public boolean present() {
    return sequence != 0;
  }

  public long client() {
    return client;
  }

  public long sequence() {
    return sequence;
  }

  public long base() {
    return base;
  }

  public boolean repeated() {
    return repeated;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof WriteStamp)) {
      return false;
    }
    WriteStamp that = (WriteStamp) other;
    return client == that.client
        && sequence == that.sequence
        && base == that.base
        && repeated == that.repeated;
  }

  @Override
  public int hashCode() {
    return Objects.hash(client, sequence, base, repeated);
  }

  @Override
  public String toString() {
    return Long.toHexString(client) + "-" + sequence + "@" + base + (repeated ? " repeated" : "");
  }
}
