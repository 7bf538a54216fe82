package io.quorate.server.system;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Another application, in a JVM of its own: told a row, its version and a token on a line of its
 * standard input, it reads the row with the token and answers a line with the row and what it saw.
 * Arguments: the JDBC URL, the size of its pool.
 */
public final class TokenReader {
  private TokenReader() {}

  public static void main(String[] arguments) throws IOException {
    int size = Integer.parseInt(arguments[1]);
    PrintStream out = System.out;
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try (HikariDataSource pool = PooledLoad.pool(arguments[0], size);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", 2);
        threads.execute(() -> answer(out, words[0], read(pool, words[0], words[1])));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void answer(PrintStream out, String row, String seen) {
    synchronized (out) {
      out.println(row + " " + seen);
      out.flush();
    }
  }

  /** The version of the row, or what failed. */
  private static String read(HikariDataSource pool, String row, String token) {
    try (Connection connection = pool.getConnection()) {
      connection.setClientInfo("read_after", token);
      return String.valueOf(version(connection, Integer.parseInt(row)));
    } catch (SQLException e) {
      return "failed: " + e.getSQLState() + " " + e.getMessage();
    }
  }

  /** The version of a row; -1 when it is not there. */
  static long version(Connection connection, int row) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT version FROM tokens WHERE id = ?")) {
      select.setInt(1, row);
      try (ResultSet found = select.executeQuery()) {
        return found.next() ? found.getLong(1) : -1;
      }
    }
  }
}
