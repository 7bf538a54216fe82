package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.QuorateDriver;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Values that fit into nobody's heap, in a cluster of processes. */
@Tag("slow")
@Timeout(1200)
final class LargeValueSystemTest {
  private static final long BYTES = 256L << 20;

  @TempDir Path directory;

  /** Nodes have 256 MiB of heap, as in all of these tests, and the client 64. */
  @Test
  void a_value_of_256_mib_goes_in_and_out_and_survives_its_leader() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          execute(cluster, "CREATE TABLE large (id INT PRIMARY KEY, b BLOB)");
          client(cluster.url(), "put", 1);
          for (SystemNode node : cluster.nodes()) {
            client(node.url(), "get", 1);
          }
          SystemNode leader = cluster.awaitLeader();
          leader.kill9();
          cluster.awaitLeader(leader);
          client(cluster.url(), "get", 1);
          leader.start();
          SystemCluster.awaitStarted(leader);

          Process upload = begin(cluster.url(), "put", 2);
          boolean ended = upload.waitFor(2, TimeUnit.SECONDS);
          assertThat(ended).as("the upload is under way").isFalse();
          cluster.awaitLeader().kill9();
          assertThat(upload.waitFor(5, TimeUnit.MINUTES)).isTrue();
          assertThat(upload.exitValue()).isZero();
          client(cluster.url(), "get", 2);
          execute(cluster, "DELETE FROM large");
        });
  }

  private static void execute(SystemCluster cluster, String sql) throws SQLException {
    try (Connection connection =
            Objects.requireNonNull(new QuorateDriver().connect(cluster.url(), new Properties()));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void client(String url, String what, int id) throws Exception {
    Process client = begin(url, what, id);
    assertThat(client.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(client.exitValue()).as(what + " by " + url).isZero();
  }

  private static Process begin(String url, String what, int id) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LargeValueClient.class.getName(), url, what));
    command.addAll(List.of(Integer.toString(id), Long.toString(BYTES)));
    return new ProcessBuilder(command).inheritIO().start();
  }
}
