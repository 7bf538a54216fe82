package io.quorate.server.cluster.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One directory and the few operations that the log needs of it, so that tests can lose, tear and
 * refuse each of them. The real one is {@code DirectoryDisk}.
 */
public interface Disk {

  /** Names of the files, in no order. */
  List<String> list() throws IOException;

  /**
   * Makes a file of {@code bytes} zero bytes whose blocks are allocated and synced, together with
   * its name in the directory. Fails, leaving nothing behind, when there is no room.
   */
  DiskFile create(String name, long bytes) throws IOException;

  /** Opens an existing file for reading and writing. */
  DiskFile open(String name) throws IOException;

  /** Removes a file; durable after the next {@link #syncDirectory}. */
  void delete(String name) throws IOException;

  /** Makes creations and removals durable. */
  void syncDirectory() throws IOException;

  /** A file of fixed length. Reads from any thread; writes and syncs from one. */
  interface DiskFile extends Closeable {

    long size() throws IOException;

    /** Reads until {@code target} is full or the file ends; returns the bytes read. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all of {@code source}; durable after the next {@link #sync}. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Makes earlier writes durable (fdatasync). */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }
}
