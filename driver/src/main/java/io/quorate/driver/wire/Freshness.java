package io.quorate.driver.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How fresh the rows of an answer are, as the node that answers can vouch for. Immutable.
 *
 * <p>The bound comes from asking the leader how far the log reaches: what was acknowledged to
 * anyone before the question is shown. No clocks of two machines are compared.
 */
public final class Freshness {
  /** Of what shows no rows. */
  public static final Freshness UNKNOWN = new Freshness(0, -1, false);

  private final long revision;
  private final long stalenessMillis;
  private final boolean quorate;

  /**
   * @param revision that the rows show; of what has no rows, the one that the node has applied
   * @param stalenessMillis everything that was acknowledged longer ago is shown; -1 if unknown
   * @param quorate whether the node has lately heard from a leader that a majority follows
   */
  public Freshness(long revision, long stalenessMillis, boolean quorate) {
    this.revision = revision;
    this.stalenessMillis = stalenessMillis;
    this.quorate = quorate;
  }

  void write(WireWriter writer) {
    writer.varint(revision);
    writer.varint(stalenessMillis + 1);
    writer.flag(quorate);
  }

  static Freshness read(WireReader reader) {
    return new Freshness(reader.count(), reader.count() - 1, reader.flag());
  }

  public long revision() {
    return revision;
  }

  /** Upper bound in milliseconds; -1 if unknown. */
  public long stalenessMillis() {
    return stalenessMillis;
  }

  public boolean quorate() {
    return quorate;
  }

  /** The same, told so many nanoseconds ago; less than none counts as none. */
  public Freshness after(long nanos) {
    long millis = nanos / 1_000_000;
    return millis <= 0 || stalenessMillis < 0
        ? this
        : new Freshness(revision, stalenessMillis + millis, quorate);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Freshness)) {
      return false;
    }
    Freshness that = (Freshness) other;
    return revision == that.revision
        && stalenessMillis == that.stalenessMillis
        && quorate == that.quorate;
  }

  @Override
  public int hashCode() {
    return Objects.hash(revision, stalenessMillis, quorate);
  }

  @Override
  public String toString() {
    return "revision "
        + revision
        + (stalenessMillis < 0 ? "" : ", at most " + stalenessMillis + " ms old")
        + (quorate ? "" : ", no quorum");
  }
}
