package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user gets wrong is told by a SQLState, or by one line and an exit code. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class RefusalSystemTest {
  private static final Duration EXIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void wrong_statements_have_their_sqlstate_and_do_no_harm() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode node = cluster.node("n1").withFlag("--bootstrap");
          node.start();
          SystemCluster.awaitStarted(node);
          String url = cluster.url();
          SliceSystemTest.execute(
              url, "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)");
          SliceSystemTest.execute(url, "INSERT INTO t VALUES (1, 'one')");

          refused(url, "SELECT * FROM nowhere", "42P01")
              .isInstanceOf(SQLSyntaxErrorException.class);
          refused(url, "SELEC * FROM t", "42601").isInstanceOf(SQLSyntaxErrorException.class);
          refused(url, "INSERT INTO t VALUES (1, 'again')", "23505")
              .isInstanceOf(SQLIntegrityConstraintViolationException.class);
          refused(url, "INSERT INTO t VALUES (2, NULL)", "23502")
              .isInstanceOf(SQLIntegrityConstraintViolationException.class);
          refused(url, "CREATE TABLE t (id INTEGER PRIMARY KEY)", "42P07");

          assertThat(SliceSystemTest.strings(url, "SELECT name FROM t")).containsExactly("one");
        });
  }

  @Test
  void a_url_that_leads_nowhere_has_its_sqlstate() {
    String free = LoopbackPorts.find(1).get(0).toString().replaceAll(".*/", "");

    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:quorate://" + free + "/"))
        .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("08001"));
    for (String wrong : new String[] {"//h:port/", "//h:1/?no_such_property=1", "h", "//"}) {
      assertThatThrownBy(() -> DriverManager.getConnection("jdbc:quorate:" + wrong))
          .as(wrong)
          .isInstanceOf(SQLException.class)
          .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isIn("22023", "0A000"));
    }
  }

  @Test
  void a_port_that_is_taken_is_one_line_and_1() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode first = cluster.node("n1").withFlag("--bootstrap");
          first.start();
          SystemCluster.awaitStarted(first);
          SystemNode second = cluster.node("n2").withFlag("--bootstrap").onClientPortOf(first);
          second.start();

          assertThat(second.awaitExit(EXIT)).isEqualTo(1);
          assertThat(second.lastComplaint()).contains(first.clientAddress());
        });
  }

  @Test
  void a_data_directory_of_another_cluster_is_one_line_and_1() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode first = cluster.node("n1").withFlag("--bootstrap");
          SystemNode other = cluster.node("m1").withFlag("--bootstrap");
          first.start();
          other.start();
          SystemCluster.awaitStarted(first);
          SystemCluster.awaitStarted(other);
          assertThat(other.terminate()).isZero();
          SystemNode lost =
              cluster.node("m1", "again").onDataOf(other).withFlag("--join=" + first.peerAddress());
          lost.start();

          assertThat(lost.awaitExit(EXIT)).isEqualTo(1);
          assertThat(lost.lastComplaint()).contains("cluster", first.peerAddress());
        });
  }

  @Test
  void an_unknown_key_of_the_configuration_is_one_line_and_2() throws Exception {
    Path file = Files.writeString(directory.resolve("q.toml"), "[network]\nport = 1\n");
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode node = cluster.node("n1").withFlag("--config=" + file);
          node.start();

          assertThat(node.awaitExit(EXIT)).isEqualTo(2);
          assertThat(node.lastComplaint()).contains("network.port");
        });
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      String url, String sql, String state) {
    ThrowingCallable statement = () -> SliceSystemTest.execute(url, sql);
    return assertThatThrownBy(statement)
        .as(sql)
        .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo(state))
        .hasMessageNotContaining("\n");
  }
}
