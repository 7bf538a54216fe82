package io.quorate.server.system;

import io.quorate.driver.QuorateDriver;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;

/**
 * Puts a large value, or reads one and holds it against what was put, in a process of its own whose
 * heap is far smaller than the value.
 */
final class LargeValueClient {
  private LargeValueClient() {}

  /** Arguments: url, {@code put} or {@code get}, id and seed of the value, its bytes. */
  public static void main(String[] args) throws SQLException, IOException {
    int id = Integer.parseInt(args[2]);
    long byteCount = Long.parseLong(args[3]);
    long start = System.nanoTime();
    try (Connection connection =
        Objects.requireNonNull(new QuorateDriver().connect(args[0], new Properties()))) {
      if (args[1].equals("put")) {
        put(connection, id, byteCount);
      } else {
        compare(connection, id, byteCount);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Figures.print(
        String.format(
            java.util.Locale.ROOT,
            "large value %s: %d MiB in %.1f s, %.1f MB/s, with a heap of %d MiB",
            args[1],
            byteCount >> 20,
            seconds,
            byteCount / 1e6 / seconds,
            Runtime.getRuntime().maxMemory() >> 20));
  }

  private static void put(Connection connection, int id, long byteCount) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO large (id, b) VALUES (?, ?)")) {
      insert.setInt(1, id);
      insert.setBinaryStream(2, new Content(id, byteCount));
      insert.setQueryTimeout(600);
      if (insert.executeUpdate() != 1) {
        throw new IllegalStateException("no row was put");
      }
    }
  }

  private static void compare(Connection connection, int id, long byteCount)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT b FROM large WHERE id = " + id)) {
      if (!rows.next()) {
        throw new IllegalStateException("the row is not there");
      }
      try (InputStream stored = rows.getBinaryStream(1)) {
        Content expected = new Content(id, byteCount);
        byte[] left = new byte[64 << 10];
        byte[] right = new byte[64 << 10];
        int count = stored.readNBytes(left, 0, left.length);
        for (long at = 0; count > 0; at += count) {
          int same = expected.readNBytes(right, 0, count);
          if (same != count || !java.util.Arrays.equals(left, 0, count, right, 0, count)) {
            throw new IllegalStateException(
                "another content between " + at + " and " + (at + count));
          }
          count = stored.readNBytes(left, 0, left.length);
        }
        if (expected.read() >= 0) {
          throw new IllegalStateException("the value ends too early");
        }
      }
    }
  }

  /** As good as random bytes, of a seed (xorshift). */
  private static final class Content extends InputStream {
    private long state;
    private long left;

    Content(long seed, long byteCount) {
      this.state = seed * 0x9E3779B97F4A7C15L + 1;
      this.left = byteCount;
    }

    @Override
    public int read() {
      if (left == 0) {
        return -1;
      }
      left--;
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      return (int) (state >>> 56);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = (int) Math.min(length, left);
      for (int i = 0; i < count; i++) {
        target[offset + i] = (byte) read();
      }
      return count == 0 && length > 0 ? -1 : count;
    }
  }
}
