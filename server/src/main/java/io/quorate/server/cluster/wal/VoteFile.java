package io.quorate.server.cluster.wal;

import io.quorate.server.lang.Invariant;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Term and vote of one member, in two slots that are written in turn: while one is being written
 * the other holds what was durable before. One write and one fdatasync a change.
 *
 * <p>A file of zeros is one whose making was interrupted; no vote was ever given with it, since
 * {@link #open} does not return before the first slot is durable.
 *
 * <p>Confined to one thread at a time (JRaft's node lock).
 */
final class VoteFile implements Closeable {
  static final String NAME = "vote";
  static final int SLOT_STRIDE = 4096;
  static final int FILE_BYTES = 2 * SLOT_STRIDE;

  /** "QUORVOT" and the format's number. */
  static final long MAGIC = 0x51554F52564F5401L;

  private static final int CRC_OFFSET = 8;
  private static final int CHECKED_OFFSET = 12;
  private static final int FIXED_BYTES = 32;
  private static final int SLOT_BYTES = FIXED_BYTES + Vote.CANDIDATE_BYTES_MAX;

  private final Disk disk;
  private final FailStop failStop;
  private Disk.@Nullable DiskFile file;
  private Vote vote = Vote.NONE;
  private long sequence;
  private boolean closed;

  VoteFile(Disk disk, FailureListener listener) {
    this.disk = disk;
    this.failStop = new FailStop("the vote file", listener);
  }

  /** What one slot holds. */
  private record Slot(long sequence, Vote vote) {}

  /**
   * Reads the vote, or makes a file that holds none.
   *
   * @throws LogDamagedException if there is a file and neither slot can be read
   */
  void open() throws IOException {
    failStop.run(
        () -> {
          disk.syncDirectory();
          if (disk.list().contains(NAME)) {
            load();
          } else {
            create();
          }
        });
  }

  private void load() throws IOException {
    Disk.DiskFile found = disk.open(NAME);
    file = found;
    ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES);
    found.read(bytes, 0);
    bytes.clear();
    Slot even = slot(bytes, 0);
    Slot odd = slot(bytes, 1);
    boolean evenIsNewer = odd == null || (even != null && even.sequence() > odd.sequence());
    Slot newest = evenIsNewer ? even : odd;
    if (newest == null) {
      remake(found, bytes);
      return;
    }
    vote = newest.vote();
    sequence = newest.sequence();
    // What a killed process wrote may be in the page cache only.
    found.sync();
  }

  private void remake(Disk.DiskFile found, ByteBuffer bytes) throws IOException {
    boolean zeros = bytes.mismatch(ByteBuffer.allocate(FILE_BYTES)) < 0;
    if (!zeros) {
      throw new LogDamagedException(NAME, 0, 0, "neither slot is whole");
    }
    found.close();
    disk.delete(NAME);
    disk.syncDirectory();
    create();
  }

  private void create() throws IOException {
    file = disk.create(NAME, FILE_BYTES);
    store(Vote.NONE);
  }

  private static @Nullable Slot slot(ByteBuffer bytes, int number) {
    int at = number * SLOT_STRIDE;
    int length = bytes.getInt(at + 28);
    if (bytes.getLong(at) != MAGIC || length < 0 || length > Vote.CANDIDATE_BYTES_MAX) {
      return null;
    }
    if (bytes.getInt(at + CRC_OFFSET) != checksum(bytes, at, FIXED_BYTES + length)) {
      return null;
    }
    byte[] name = new byte[length];
    bytes.get(at + FIXED_BYTES, name);
    long term = bytes.getLong(at + 20);
    return new Slot(
        bytes.getLong(at + CHECKED_OFFSET),
        new Vote(term, new String(name, StandardCharsets.UTF_8)));
  }

  /** Over everything behind the checksum itself. */
  private static int checksum(ByteBuffer bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(at + CHECKED_OFFSET, length - CHECKED_OFFSET));
    return (int) crc.getValue();
  }

  /** What is durable. */
  Vote vote() {
    return vote;
  }

  /**
   * Makes {@code next} durable before it returns.
   *
   * @throws io.quorate.server.lang.InvariantViolation if the term goes back or a vote changes
   */
  void set(Vote next) throws IOException {
    failStop.check();
    Invariant.check(vote.allows(next), "%s may not follow %s", next, vote);
    if (!next.equals(vote)) {
      failStop.run(() -> store(next));
    }
  }

  private void store(Vote next) throws IOException {
    Disk.DiskFile open = file;
    if (open == null || closed) {
      throw new IOException("the vote file is not open");
    }
    byte[] name = next.votedFor().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
    bytes.putLong(MAGIC).putInt(0).putLong(sequence + 1).putLong(next.term());
    bytes.putInt(name.length).put(name).flip();
    bytes.putInt(CRC_OFFSET, checksum(bytes, 0, bytes.limit()));
    open.write(bytes, (sequence + 1) % 2 * SLOT_STRIDE);
    open.sync();
    sequence++;
    vote = next;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (file != null) {
      file.close();
    }
  }
}
