package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.Node;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code quorate check} on the directory of a real node, whole and damaged. */
@Timeout(120)
final class CheckCommandIT {
  private static final int BLOCK_BYTES = 4096;

  @TempDir static Path directory;

  private final Terminal terminal = Terminal.ofMain();

  @BeforeAll
  static void aNodeThatHasStopped() throws SQLException {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n1");
    flags.put("node.data", directory.toString());
    flags.put("node.mode", "cluster");
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", "127.0.0.1:0");
    flags.put("network.peer_addr", "127.0.0.1:" + LoopbackPorts.find(1).get(0).getPort());
    flags.put("log.segment_bytes", "256KiB");
    flags.put("cluster.bootstrap", "true");
    try (Node node =
        new Node(
            ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config())) {
      node.open();
      fill(node);
      Terminal meanwhile = Terminal.ofMain();
      assertThat(meanwhile.run("check", "--data", directory.toString())).isEqualTo(1);
      assertThat(meanwhile.err()).contains("in use");
    }
  }

  private static void fill(Node node) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:quorate://" + node.clientAddress() + "/");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE items (id INTEGER PRIMARY KEY, note VARCHAR(2000))");
      statement.executeUpdate("CREATE INDEX of_note ON items (note)");
      for (int id = 0; id < 400; id++) {
        statement.executeUpdate(
            "INSERT INTO items VALUES (" + id + ", '" + id + "-" + "n".repeat(1_000) + "')");
      }
    }
  }

  private int check() {
    return terminal.run("check", "--data", directory.toString());
  }

  @Test
  void a_directory_that_is_whole_is_0_with_a_line_for_each_part() {
    assertThat(check()).as(terminal.out() + terminal.err()).isZero();
    assertThat(terminal.out().lines().map(line -> line.substring(0, line.indexOf(' '))))
        .containsExactly("PART", "identity", "vote", "store", "snapshot", "log");
    // One of them is SYSTEM.KV.
    assertThat(terminal.out())
        .containsPattern("store +ok +revision \\d+, 2 tables, 1 indexes, 400 rows");
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void flipped_bits_in_the_store_are_1() throws IOException {
    // The header, in two blocks behind the first one with checksums, mends itself.
    Path rows = directory.resolve("store").resolve("rows.mv");
    requireDamage(rows, block -> block > 2 && block % 2 == 0, "store");
    assertThat(rows).as("it is set aside by a start only").exists();
  }

  @Test
  void a_flipped_bit_in_an_earlier_segment_of_the_log_is_1() throws IOException {
    Path oldest;
    try (Stream<Path> files = Files.list(directory.resolve("log"))) {
      oldest =
          files.filter(file -> file.toString().endsWith(".log")).sorted().findFirst().orElseThrow();
    }
    requireDamage(oldest, block -> block == 8, "log");
  }

  /** Flips a bit in each of the blocks, and puts the file back afterwards. */
  private void requireDamage(Path file, LongPredicate blocks, String part) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    try {
      flip(file, blocks);
      byte[] damaged = Files.readAllBytes(file);
      assertThat(damaged).isNotEqualTo(whole);
      assertThat(check()).isEqualTo(1);
      assertThat(terminal.out()).containsPattern("(?m)^" + part + " +damaged +\\S");
      assertThat(terminal.err())
          .isEqualTo(
              "quorate: "
                  + directory
                  + " is damaged; docs/operations.md says what to do about each part\n");
      assertThat(file).as("a check changes nothing").hasBinaryContent(damaged);
    } finally {
      Files.write(file, whole);
    }
  }

  private static void flip(Path file, LongPredicate blocks) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (long block = 0; (block + 1) * BLOCK_BYTES <= channel.size(); block++) {
        if (blocks.test(block)) {
          long at = block * BLOCK_BYTES + 1_000;
          ByteBuffer one = ByteBuffer.allocate(1);
          channel.read(one, at);
          one.put(0, (byte) (one.get(0) ^ 4)).rewind();
          channel.write(one, at);
        }
      }
    }
  }
}
