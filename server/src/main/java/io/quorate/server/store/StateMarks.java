package io.quorate.server.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The hashes that the state had at some revisions, the last of them, ascending: what replicas hold
 * against each other. A mark of a revision is of the state behind all commands up to it, also where
 * the log has none at it. Immutable.
 *
 * <p>Which revisions those are the log alone says, so that replicas have the same ones: each {@link
 * #EVERY}th, and those of commands that ask for a mark.
 */
public final class StateMarks {
  /**
   * How far a replica goes on, at most, before what it holds is compared. A mark costs an object,
   * and the messages that it is told in some bytes; a cluster at 20,000 writes a second makes 20.
   */
  public static final long EVERY = 1_000;

  /** A replica that is 64,000 revisions behind finds its marks in those of one that is not. */
  static final int KEPT = 64;

  static final StateMarks NONE = new StateMarks(List.of());

  private static final int MARK_BYTES = 3 * Long.BYTES;

  private final List<Mark> marks;

  private StateMarks(List<Mark> marks) {
    this.marks = List.copyOf(marks);
  }

  /** The state's hash behind all commands up to a revision. */
  public record Mark(long revision, StateHash hash) {}

  /** Those, and a newer one; the oldest goes where there are enough. */
  StateMarks with(long revision, StateHash hash) {
    List<Mark> all =
        new ArrayList<>(marks.subList(Math.max(0, marks.size() - KEPT + 1), marks.size()));
    all.add(new Mark(revision, hash));
    return new StateMarks(all);
  }

  /** The newest revision that has one; 0 without any. */
  public long newestRevision() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1).revision();
  }

  /** The hash at a revision, if it is known still. */
  public Optional<StateHash> at(long revision) {
    return marks.stream().filter(mark -> mark.revision == revision).findFirst().map(Mark::hash);
  }

  public List<Mark> all() {
    return marks;
  }

  /** The last of them, at most so many. */
  public List<Mark> newest(int count) {
    return marks.subList(Math.max(0, marks.size() - count), marks.size());
  }

  ByteString encode() {
    ByteBuffer bytes = ByteBuffer.allocate(marks.size() * MARK_BYTES);
    marks.forEach(
        mark -> bytes.putLong(mark.revision).putLong(mark.hash.high()).putLong(mark.hash.low()));
    return UnsafeByteOperations.unsafeWrap(bytes.flip());
  }

  /**
   * What {@link #encode} made.
   *
   * @throws StoreDamagedException when it is something else
   */
  static StateMarks decode(ByteString encoded) {
    ByteBuffer bytes = encoded.asReadOnlyByteBuffer();
    List<Mark> marks = new ArrayList<>();
    while (bytes.remaining() >= MARK_BYTES) {
      marks.add(new Mark(bytes.getLong(), new StateHash(bytes.getLong(), bytes.getLong())));
    }
    if (bytes.hasRemaining() || marks.size() > KEPT) {
      throw new StoreDamagedException("the marks of the state cannot be read");
    }
    return new StateMarks(marks);
  }
}
