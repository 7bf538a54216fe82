package io.quorate.server.store;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot's stream as files of a bounded size, one behind the other: whoever copies them and is
 * cut short goes on with the one that was not finished. Each file's end may lie within a block.
 */
public final class SnapshotFiles {
  /** Of the first file; the others have a number behind it. */
  public static final String NAME = "state.snapshot";

  /** Some tenths of a second of copying. */
  public static final long FILE_BYTES = 32L << 20;

  private static final int BUFFER_BYTES = 256 << 10;

  private SnapshotFiles() {}

  /** A file, how many bytes it has, and the checksum of all of them. */
  public record Part(String name, long length, int crc32c) {}

  /** What writes the stream. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream target) throws IOException;
  }

  /**
   * Writes and syncs them; blocks.
   *
   * @param fileBytes how long a file becomes
   */
  public static List<Part> write(Path directory, long fileBytes, Content content)
      throws IOException {
    Parts parts = new Parts(directory, fileBytes);
    try (parts;
        OutputStream target = new BufferedOutputStream(parts, BUFFER_BYTES)) {
      content.writeTo(target);
    }
    sync(directory);
    return parts.written;
  }

  /** The stream; a file that is missing ends it. */
  public static InputStream read(Path directory) throws IOException {
    return new InTurn(directory);
  }

  /** Makes durable what others have written there. */
  public static void syncAll(Path directory) throws IOException {
    for (int number = 0; Files.exists(file(directory, number)); number++) {
      sync(file(directory, number));
    }
    sync(directory);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path file(Path directory, int number) {
    return directory.resolve(name(number));
  }

  private static String name(int number) {
    return number == 0 ? NAME : NAME + "." + String.format("%05d", number);
  }

  /** One file after the other. Confined. */
  private static final class InTurn extends InputStream {
    private final Path directory;
    private InputStream file;
    private int number;

    InTurn(Path directory) throws IOException {
      this.directory = directory;
      this.file = open(0);
    }

    private InputStream open(int which) throws IOException {
      return new BufferedInputStream(Files.newInputStream(file(directory, which)), BUFFER_BYTES);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = file.read(target, offset, length);
      while (count < 0 && Files.exists(file(directory, number + 1))) {
        file.close();
        number++;
        file = open(number);
        count = file.read(target, offset, length);
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Goes on with another file when one is full. Confined. */
  private static final class Parts extends OutputStream {
    final List<Part> written = new ArrayList<>();
    private final Path directory;
    private final long fileBytes;
    private final CRC32C checksum = new CRC32C();
    private @Nullable FileChannel file;
    private long length;

    Parts(Path directory, long fileBytes) {
      this.directory = directory;
      this.fileBytes = fileBytes;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      int from = offset;
      int end = offset + count;
      while (from < end) {
        FileChannel target = open();
        int now = (int) Math.min(end - from, fileBytes - length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, now);
        while (buffer.hasRemaining()) {
          target.write(buffer);
        }
        checksum.update(bytes, from, now);
        length += now;
        from += now;
      }
    }

    private FileChannel open() throws IOException {
      if (file != null && length < fileBytes) {
        return file;
      }
      close();
      checksum.reset();
      length = 0;
      file =
          FileChannel.open(
              file(directory, written.size()),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      return file;
    }

    @Override
    public void close() throws IOException {
      FileChannel open = file;
      if (open != null) {
        file = null;
        try (open) {
          open.force(true);
        }
        written.add(new Part(name(written.size()), length, (int) checksum.getValue()));
      }
    }
  }
}
