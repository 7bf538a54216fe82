package io.quorate.server.cluster.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A directory of the file system. Thread-safe, with one process to a directory.
 *
 * <p>A {@link FileChannel} is closed for everybody when a thread is interrupted in one of its
 * operations, and a reader's interrupt must not end the log. So every operation that finds its
 * channel closed, though nobody closed the file, opens another and starts over; all of them are
 * positional, hence repeatable, and a sync reaches whatever of the file is dirty, by whichever
 * channel it was written. The interrupt is restored afterwards. {@code RandomAccessFile} would not
 * be interrupted, but can neither read at a position nor sync without the file's times.
 */
public final class DirectoryDisk implements Disk {
  private static final int ZEROS_BYTES = 1 << 20;

  private final Path directory;

  public DirectoryDisk(Path directory) {
    this.directory = directory;
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Override
  public DiskFile create(String name, long bytes) throws IOException {
    Path path = directory.resolve(name);
    uninterrupted(
        () -> {
          createOnce(path, bytes);
          return path;
        });
    return open(name);
  }

  private void createOnce(Path path, long bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      try {
        fill(channel, bytes);
        channel.force(true);
        syncDirectory();
      } catch (IOException e) {
        removePartial(path, e);
        throw e;
      }
    }
  }

  /** Writes rather than sets the length: a hole may find the disk full when it is written to. */
  private static void fill(FileChannel channel, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS_BYTES, bytes));
    long position = 0;
    while (position < bytes) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - position));
      position += channel.write(zeros, position);
    }
  }

  private void removePartial(Path path, IOException cause) {
    try {
      Files.deleteIfExists(path);
      syncDirectory();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new ReopeningFile(directory.resolve(name));
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(directory.resolve(name));
  }

  @Override
  public void syncDirectory() throws IOException {
    uninterrupted(
        () -> {
          try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            return channel;
          }
        });
  }

  /** Repeats what an interrupt broke off, and restores the interrupt. */
  private static <T> T uninterrupted(Operation<T> operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return operation.run();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @FunctionalInterface
  private interface Operation<T> {
    T run() throws IOException;
  }

  /** A file whose channel is opened again when an interrupt has closed it. */
  private static final class ReopeningFile implements DiskFile {
    private final Path path;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private FileChannel channel;

    @GuardedBy("lock")
    private boolean closed;

    ReopeningFile(Path path) throws IOException {
      this.path = path;
      this.channel = openChannel(path);
    }

    private static FileChannel openChannel(Path path) throws IOException {
      return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public long size() throws IOException {
      return repeatedly(FileChannel::size);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      int start = target.position();
      return repeatedly(
          open -> {
            target.position(start);
            while (target.hasRemaining()) {
              if (open.read(target, position + target.position() - start) < 0) {
                break;
              }
            }
            return target.position() - start;
          });
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      int start = source.position();
      repeatedly(
          open -> {
            source.position(start);
            while (source.hasRemaining()) {
              open.write(source, position + source.position() - start);
            }
            return source;
          });
    }

    @Override
    public void sync() throws IOException {
      repeatedly(
          open -> {
            open.force(false);
            return open;
          });
    }

    private <T> T repeatedly(FileOperation<T> operation) throws IOException {
      return uninterrupted(
          () -> {
            while (true) {
              try {
                return operation.run(openChannel());
              } catch (ClosedByInterruptException e) {
                throw e;
              } catch (ClosedChannelException e) {
                // Another thread was interrupted, or closed the file: the next round tells.
              }
            }
          });
    }

    private FileChannel openChannel() throws IOException {
      lock.lock();
      try {
        if (closed) {
          throw new IOException(path.getFileName() + " is closed");
        }
        if (!channel.isOpen()) {
          channel = openChannel(path);
        }
        return channel;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() throws IOException {
      lock.lock();
      try {
        closed = true;
        channel.close();
      } finally {
        lock.unlock();
      }
    }

    @FunctionalInterface
    private interface FileOperation<T> {
      T run(FileChannel open) throws IOException;
    }
  }
}
