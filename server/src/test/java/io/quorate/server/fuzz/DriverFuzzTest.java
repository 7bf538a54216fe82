package io.quorate.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.wire.FrameType;
import io.quorate.server.fuzz.FuzzServer.Lie;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A server that talks nonsense costs the application an {@link SQLException}, or nothing where the
 * driver may ask again; and the connection it said it on.
 */
final class DriverFuzzTest {
  private static final int LANES = 16;
  private static final long IN_THE_BUILD = 6_400;
  private static final long IN_A_LONG_RUN = 200_000;
  private static final int WITH_PASSWORD = 0x40;
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  private static final List<FrameType> LIED_TO =
      List.of(
          FrameType.HELLO,
          FrameType.EXECUTE,
          FrameType.EXECUTE,
          FrameType.FETCH,
          FrameType.EXECUTE_BATCH,
          FrameType.DESCRIBE,
          FrameType.METADATA,
          FrameType.COMMIT);

  /** A socket's buffers, a connection of Avatica's classes, and rows twice. */
  private static final long BYTES_AT_LEAST = 8 << 20;

  private static final long BYTES_PER_BYTE = 400;

  @Test
  void nonsense_from_a_server_is_an_sql_exception() throws Exception {
    run(1, IN_THE_BUILD);
  }

  @Test
  @Tag("soak")
  void nonsense_from_a_server_is_an_sql_exception_for_long() throws Exception {
    run(1_000_000_000L, IN_A_LONG_RUN);
  }

  private static void run(long seed, long count) throws Exception {
    Lanes.run(LANES, lane -> lane(seed + lane * count, count / LANES));
  }

  private static void lane(long seed, long count) throws IOException {
    List<byte[]> valid = NativeRecordings.bodies(NativeRecordings.answers());
    try (FuzzServer server = new FuzzServer()) {
      new FuzzRun("driver.hex", BYTES_AT_LEAST, BYTES_PER_BYTE)
          .run(
              seed,
              count,
              NativeRecordings.words(),
              mutator -> mutate(mutator, valid),
              input -> check(server, input));
    }
  }

  /**
   * The first byte says to what the rest is the answer, whether it is a frame, and whether the
   * client has a password.
   */
  private static byte[] mutate(Mutator mutator, List<byte[]> valid) {
    int choice = mutator.random().nextInt(LIED_TO.size());
    boolean framed = mutator.chance(0.8);
    byte[] answer =
        mutator.mutate(framed ? valid : valid.stream().map(NativeRecordings::framed).toList());
    int password = mutator.chance(0.5) ? WITH_PASSWORD : 0;
    return Mutator.join(new byte[] {(byte) (password | (choice << 1) | (framed ? 1 : 0))}, answer);
  }

  private static void check(FuzzServer server, byte[] input) {
    FrameType to = LIED_TO.get(((input[0] >>> 1) & 0x1f) % LIED_TO.size());
    // Nobody proves anything to a client that has one, so only its greeting is worth a lie.
    boolean password = to == FrameType.HELLO && (input[0] & WITH_PASSWORD) != 0;
    String url = server.url() + (password ? "&user=someone&password=secret" : "");
    byte[] answer = Arrays.copyOfRange(input, 1, input.length);
    server.tell(Lie.of(to, answer, (input[0] & 1) == 1));
    long start = System.nanoTime();
    try (Connection connection = DriverManager.getConnection(url)) {
      use(connection, to);
    } catch (SQLException told) {
      assertThat(told.getMessage()).isNotNull();
      assertThat(told.getSQLState()).isNotNull();
    } finally {
      server.forget();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    assertThat(server.problem()).isNull();
  }

  private static void use(Connection connection, FrameType to) throws SQLException {
    switch (to) {
      case EXECUTE_BATCH -> batch(connection);
      case DESCRIBE -> describe(connection);
      case METADATA -> readAll(connection.getMetaData().getTables(null, null, "%", null));
      case COMMIT -> {
        connection.setAutoCommit(false);
        update(connection);
        connection.commit();
      }
      default -> {
        update(connection);
        try (Statement statement = connection.createStatement()) {
          readAll(statement.executeQuery("SELECT n FROM t"));
        }
      }
    }
  }

  private static void update(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM t");
    }
  }

  private static void batch(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      for (int i = 0; i < 2; i++) {
        statement.setInt(1, i);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void describe(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT n FROM t")) {
      var columns = statement.getMetaData();
      for (int i = 1; columns != null && i <= columns.getColumnCount(); i++) {
        assertThat(columns.getColumnLabel(i)).isNotNull();
        assertThat(columns.getColumnTypeName(i)).isNotNull();
      }
    }
  }

  private static void readAll(ResultSet rows) throws SQLException {
    try (rows) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          Object value = rows.getObject(i);
          String text = rows.getString(i);
          assertThat(text == null).isEqualTo(value == null);
        }
      }
    }
  }
}
