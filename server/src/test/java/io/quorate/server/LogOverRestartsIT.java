package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No process writes enough for a snapshot by itself, but two do; the log is cut all the same. */
@Timeout(120)
final class LogOverRestartsIT {
  private static final int ROWS_A_RUN = 22;
  private static final int RUNS = 4;

  @TempDir Path directory;

  private final int peerPort = LoopbackPorts.find(1).get(0).getPort();

  private Node open() {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n1");
    flags.put("node.data", directory.toString());
    flags.put("node.mode", "cluster");
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", "127.0.0.1:0");
    flags.put("network.peer_addr", "127.0.0.1:" + peerPort);
    flags.put("log.segment_bytes", "256KiB");
    flags.put("log.snapshot_log_bytes", "256KiB");
    flags.put("cluster.bootstrap", "true");
    Node node =
        new Node(ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config());
    node.open();
    return node;
  }

  @Test
  void the_log_of_a_node_that_is_started_again_and_again_is_cut() throws SQLException {
    for (int run = 0; run < RUNS; run++) {
      try (Node node = open()) {
        write(node, run);
        if (run == RUNS - 1) {
          // The first snapshot cuts nothing: the log goes up to the one before.
          await("a log that begins behind a snapshot")
              .atMost(Duration.ofSeconds(30))
              .until(() -> node.parts().log().getFirstLogIndex() > 1);
        } else if (run == 1) {
          await("a snapshot").atMost(Duration.ofSeconds(30)).until(this::hasSnapshot);
        }
        assertThat(node.parts().log().bytesAppended()).as("of run " + run).isLessThan(256 << 10);
      }
    }
  }

  private boolean hasSnapshot() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("snapshots"))) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("snapshot_"));
    }
  }

  private static void write(Node node, int run) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:quorate://" + node.clientAddress() + "/");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE IF NOT EXISTS long_ones (id INTEGER PRIMARY KEY, text VARCHAR(10000))");
      for (int id = run * ROWS_A_RUN; id < (run + 1) * ROWS_A_RUN; id++) {
        statement.executeUpdate(
            "INSERT INTO long_ones VALUES (" + id + ", '" + "x".repeat(10_000) + "')");
      }
    }
  }
}
