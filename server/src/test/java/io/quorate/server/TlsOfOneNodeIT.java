package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigException;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.tls.TestTls;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole node with TLS on both ports. */
@Timeout(120)
final class TlsOfOneNodeIT {
  @TempDir Path directory;
  private int adminPort;

  private Node node(Map<String, String> more) {
    List<InetSocketAddress> free = LoopbackPorts.find(2);
    adminPort = free.get(0).getPort();
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n1");
    flags.put("node.data", directory.toString());
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", "127.0.0.1:" + adminPort);
    flags.put("network.peer_addr", "127.0.0.1:" + free.get(1).getPort());
    flags.put("cluster.bootstrap", "true");
    flags.put("tls.cert", TestTls.file("node.pem").toString());
    flags.put("tls.key", TestTls.file("node.key").toString());
    flags.putAll(more);
    return new Node(
        ConfigReader.read(
                new ConfigSources(flags, Map.of(), null, Runtime.getRuntime().maxMemory()))
            .config());
  }

  @Test
  void statements_and_operators_come_in_over_tls_alone() throws Exception {
    try (Node node = node(Map.of())) {
      node.open();
      String url = "jdbc:quorate://" + node.clientAddress() + "/?";
      try (Connection connection = DriverManager.getConnection(url + TestTls.options());
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR(10))");
        assertThat(statement.executeUpdate("INSERT INTO t VALUES (1, 'one'), (2, 'two')"))
            .isEqualTo(2);
        try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getLong(1)).isEqualTo(2);
        }
      }
      assertThatThrownBy(() -> DriverManager.getConnection(url))
          .isInstanceOf(SQLException.class)
          .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("28000"));
      HttpResponse<String> ready =
          HttpClient.newBuilder()
              .sslContext(TestTls.client())
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + adminPort + "/readyz"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(ready.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_node_does_not_start_with_files_that_do_not_do() {
    try (Node node = node(Map.of("tls.key", TestTls.file("client.key").toString()))) {
      assertThatThrownBy(node::open)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("does not belong");
    }
    assertThat(directory.resolve("identity")).doesNotExist();
  }
}
