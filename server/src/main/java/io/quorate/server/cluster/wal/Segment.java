package io.quorate.server.cluster.wal;

import java.io.IOException;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** One open file of the log. Thread-safe, as {@link Disk.DiskFile} is. */
final class Segment {
  private static final Pattern NAME = Pattern.compile("\\d{20}\\.log");

  private final long sequence;
  private final Disk.DiskFile file;
  private final int bytes;
  private volatile boolean removed;

  Segment(long sequence, Disk.DiskFile file) throws IOException {
    this.sequence = sequence;
    this.file = file;
    this.bytes = Math.toIntExact(file.size());
  }

  static String nameOf(long sequence) {
    return String.format(Locale.ROOT, "%020d.log", sequence);
  }

  /** The sequence in a segment's file name; empty for the name of anything else. */
  static OptionalLong sequenceOf(String name) {
    return NAME.matcher(name).matches()
        ? OptionalLong.of(Long.parseLong(name.substring(0, 20)))
        : OptionalLong.empty();
  }

  static Segment create(Disk disk, long sequence, int bytes) throws IOException {
    return new Segment(sequence, disk.create(nameOf(sequence), bytes));
  }

  /** Counted up by one a file. */
  long sequence() {
    return sequence;
  }

  String name() {
    return nameOf(sequence);
  }

  Disk.DiskFile file() {
    return file;
  }

  int bytes() {
    return bytes;
  }

  /** Whether a failed read means no more than that the file has gone. */
  boolean removed() {
    return removed;
  }

  /** Closes and deletes the file, durably. */
  void remove(Disk disk) throws IOException {
    removed = true;
    file.close();
    disk.delete(name());
    disk.syncDirectory();
  }
}
