package io.quorate.server.cluster.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the log and the vote of a directory as a start would, and changes nothing. The caller sees
 * to it that no node runs there.
 */
public final class LogCheck {
  private LogCheck() {}

  /**
   * What the log holds.
   *
   * @param first the lowest index, or the next one of an empty log
   * @param last the highest index; {@code first - 1} of an empty log
   * @param lastCommand the highest index of an entry that says not who votes; below {@code first}
   *     where there is none
   */
  public record Extent(long first, long last, long lastCommand) {}

  /**
   * Reads every record of every segment.
   *
   * @throws LogDamagedException when a start would refuse it
   */
  public static Extent log(Path directory) throws IOException {
    EntryIndex index = new EntryIndex();
    LogRecovery.Recovered found =
        new LogRecovery(new Untouched(directory), SegmentFormat.HEADER_BYTES, index).run();
    for (Segment segment : found.segments()) {
      segment.file().close();
    }
    Segment spare = found.spare();
    if (spare != null) {
      spare.file().close();
    }
    return new Extent(index.first(), index.last(), lastCommand(index));
  }

  private static long lastCommand(EntryIndex index) {
    long[] memberships = index.memberships();
    long last = index.last();
    for (int i = memberships.length - 1; i >= 0 && memberships[i] == last; i--) {
      last--;
    }
    return last;
  }

  /**
   * Reads the vote.
   *
   * @return its term, 0 when none was ever given
   * @throws LogDamagedException when a start would refuse it
   */
  public static long termOfVote(Path directory) throws IOException {
    try (VoteFile vote = new VoteFile(new Untouched(directory), failure -> {})) {
      vote.open();
      return vote.vote().term();
    }
  }

  /** A directory of which everything can be read; what is written, made or removed is forgotten. */
  private static final class Untouched implements Disk {
    private final DirectoryDisk disk;

    Untouched(Path directory) {
      this.disk = new DirectoryDisk(directory);
    }

    @Override
    public List<String> list() throws IOException {
      return disk.list();
    }

    @Override
    public DiskFile create(String name, long bytes) {
      return new Forgotten(bytes);
    }

    @Override
    public DiskFile open(String name) throws IOException {
      return new ReadOnly(disk.open(name));
    }

    @Override
    public void delete(String name) {}

    @Override
    public void syncDirectory() {}
  }

  private static final class ReadOnly implements Disk.DiskFile {
    private final Disk.DiskFile file;

    ReadOnly(Disk.DiskFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) {}

    @Override
    public void sync() {}

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** A file that was not made: of a fresh log, or a first vote. */
  private record Forgotten(long size) implements Disk.DiskFile {
    @Override
    public int read(ByteBuffer target, long position) {
      int count = (int) Math.min(target.remaining(), size - position);
      target.put(new byte[count]);
      return count;
    }

    @Override
    public void write(ByteBuffer source, long position) {}

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }
}
