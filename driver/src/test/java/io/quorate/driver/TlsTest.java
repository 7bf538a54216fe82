package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.driver.route.FakeCluster;
import io.quorate.driver.route.FakeNode;
import io.quorate.driver.tls.TestCertificates;
import io.quorate.driver.wire.FrameType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver over TLS: what each mode demands, and what a user is told. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsTest {
  private static final String CA = "&ssl_ca=" + TestCertificates.file("ca.pem");
  private static final String FOREIGN_CA = "&ssl_ca=" + TestCertificates.file("foreign-ca.pem");

  @TempDir Path directory;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private static ServerSocketFactory sockets(String node, @Nullable String clients)
      throws IOException {
    SSLContext context = TestCertificates.ofNode(node, clients);
    return new Demanding(context.getServerSocketFactory(), clients != null);
  }

  private FakeCluster cluster(String node) throws IOException {
    return cluster(node, null, 1);
  }

  private FakeCluster cluster(String node, @Nullable String clients, int size) throws IOException {
    FakeCluster cluster = FakeCluster.over(sockets(node, clients), size);
    opened.add(cluster);
    return cluster;
  }

  private static String select(FakeCluster cluster, String options) throws SQLException {
    return select(cluster.url() + "?" + options);
  }

  private static String select(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT node")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static AbstractStringAssert<?> refusal(String url, String state) {
    List<String> message = new ArrayList<>();
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> select(url))
        .satisfies(
            e -> {
              assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(state);
              message.add(String.valueOf(e.getMessage()));
            });
    return assertThat(message.get(0)).doesNotContain("\n").doesNotContain("Exception");
  }

  private static AbstractStringAssert<?> unreachable(FakeCluster cluster, String options) {
    return refusal(cluster.url() + "?" + options, "08001");
  }

  @ParameterizedTest
  @CsvSource({
    "node, ssl=true",
    "node-ec, ssl=true",
    "node, ssl_mode=verify-full",
    "node, ssl=true&ssl_mode=verify-ca",
    "elsewhere, ssl_mode=verify-ca"
  })
  void a_node_that_is_vouched_for_is_spoken_to(String node, String options) throws Exception {
    assertThat(select(cluster(node), options + CA)).isEqualTo("n1");
  }

  @Test
  void a_file_alone_asks_for_all() throws Exception {
    assertThat(select(cluster("node"), CA.substring(1))).isEqualTo("n1");
    unreachable(cluster("elsewhere"), CA.substring(1)).contains("not for 127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"node", "elsewhere", "expired"})
  void require_takes_any_certificate(String node) throws Exception {
    assertThat(select(cluster(node), "ssl_mode=require")).isEqualTo("n1");
  }

  @Test
  void a_node_that_nobody_vouches_for_is_left() throws Exception {
    FakeCluster cluster = cluster("node");
    for (String mode : new String[] {"verify-full", "verify-ca"}) {
      unreachable(cluster, "ssl_mode=" + mode + FOREIGN_CA)
          .contains("the certificate of O=Quorate tests,CN=node is not trusted")
          .contains("issued by O=Quorate tests,CN=Test authority")
          .contains("foreign-ca.pem does not vouch for it");
    }
    unreachable(cluster, "ssl=true").contains("the JVM's trust store does not vouch for it");
    assertThat(cluster.node(0).requestTypes()).isEmpty();
  }

  @Test
  void a_certificate_for_another_host_is_left_with_the_names_it_has() throws Exception {
    unreachable(cluster("elsewhere"), "ssl=true" + CA)
        .contains("the certificate is for db.example.org, db2.example.org, not for 127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify-full", "verify-ca"})
  void a_certificate_that_is_over_is_left(String mode) throws Exception {
    FakeCluster cluster = cluster("expired");
    unreachable(cluster, "ssl_mode=" + mode + CA)
        .contains("the certificate of O=Quorate tests,CN=expired expired on 2001-01-01");
    Path itself = TestCertificates.file("expired.pem");
    unreachable(cluster, "ssl_mode=" + mode + "&ssl_ca=" + itself).contains("expired on 2001");
  }

  @Test
  void a_client_shows_its_certificate_where_one_is_demanded() throws Exception {
    FakeCluster cluster = cluster("node", "ca.pem", 1);

    assertThat(select(cluster, "ssl=true" + CA + identity("client"))).isEqualTo("n1");
    unreachable(cluster, "ssl=true" + CA).contains("ssl_cert");
    unreachable(cluster, "ssl=true" + CA + identity("foreign-client")).contains("ssl_cert");
  }

  private static String identity(String name) {
    return "&ssl_cert="
        + TestCertificates.file(name + ".pem")
        + "&ssl_key="
        + TestCertificates.file(name + ".key");
  }

  @Test
  void files_that_do_not_do_are_a_wrong_option() throws Exception {
    FakeCluster cluster = cluster("node");
    refusal(cluster.url() + "?ssl=true&ssl_ca=" + directory.resolve("no.pem"), "22023")
        .contains("no.pem does not exist");
    refusal(
            cluster.url()
                + "?ssl=true"
                + CA
                + "&ssl_cert="
                + TestCertificates.file("client.pem")
                + "&ssl_key="
                + TestCertificates.file("node.key"),
            "22023")
        .contains("does not belong");
  }

  @Test
  void a_file_that_was_written_anew_is_read_anew() throws Exception {
    FakeCluster cluster = cluster("node");
    Path ca = directory.resolve("authorities.pem");
    Files.copy(TestCertificates.file("foreign-ca.pem"), ca);
    unreachable(cluster, "ssl=true&ssl_ca=" + ca).contains("not trusted");
    Files.copy(TestCertificates.file("ca.pem"), ca, StandardCopyOption.REPLACE_EXISTING);

    assertThat(select(cluster, "ssl=true&ssl_ca=" + ca)).isEqualTo("n1");
  }

  @Test
  void a_node_that_breaks_off_the_handshake_is_said_to_have_no_tls() throws Exception {
    ServerSocket plain = listen(socket -> {});
    refusal("jdbc:quorate://127.0.0.1:" + plain.getLocalPort() + "/?ssl=true", "08001")
        .contains("closed the connection in the TLS handshake", "ssl_mode=disable");
  }

  @Test
  void a_node_that_answers_in_something_else_is_told() throws Exception {
    ServerSocket plain =
        listen(
            socket -> {
              InputStream in = socket.getInputStream();
              assertThat(in.read()).isEqualTo(0x16);
              OutputStream out = socket.getOutputStream();
              out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              socket.shutdownOutput();
              in.readAllBytes();
            });
    refusal("jdbc:quorate://127.0.0.1:" + plain.getLocalPort() + "/?ssl=true", "08001")
        .contains("not in TLS");
  }

  @Test
  void a_handshake_in_drops_ends_with_the_time_to_connect() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    ServerSocket slow =
        listen(
            socket -> {
              // The head of a long record, then a byte every now and then.
              socket.getOutputStream().write(new byte[] {0x16, 3, 3, 0x3f, 0});
              while (!ended.await(50, TimeUnit.MILLISECONDS)) {
                socket.getOutputStream().write(2);
              }
            });
    refusal(
            "jdbc:quorate://127.0.0.1:"
                + slow.getLocalPort()
                + "/?ssl_mode=require&connect_timeout=400",
            "08001")
        .contains("no TLS handshake in time");
    ended.countDown();
  }

  @Test
  void statements_are_cancelled_and_slow_nodes_left_over_tls_too() throws Exception {
    FakeCluster cluster = cluster("node", null, 2);
    FakeNode node = cluster.node(0);
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    node.always(
        (peer, request) -> {
          if (request.type() == FrameType.CANCEL) {
            cancelled.countDown();
          } else if (request.type() == FrameType.EXECUTE) {
            running.countDown();
            cancelled.await();
          }
          return null;
        });
    try (Connection connection =
            DriverManager.getConnection(cluster.url(0) + "?target=contact&ssl=true" + CA);
        Statement statement = connection.createStatement()) {
      Thread canceller =
          new Thread(
              () -> {
                try {
                  running.await();
                  statement.cancel();
                } catch (SQLException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      canceller.start();
      statement.executeQuery("SELECT node").close();
      canceller.join();
    }
    assertThat(node.cancelled()).hasSize(1);
  }

  @Test
  void a_data_source_has_a_property_for_each_option() throws Exception {
    FakeCluster cluster = cluster("node", "ca.pem", 1);
    QuorateDataSource source = new QuorateDataSource();
    source.setHosts(cluster.node(0).address());
    source.setSsl(true);
    source.setSslMode("verify-ca");
    source.setSslCa(TestCertificates.file("ca.pem").toString());
    source.setSslCert(TestCertificates.file("client.pem").toString());
    source.setSslKey(TestCertificates.file("client.key").toString());

    assertThat(source.isSsl()).isTrue();
    assertThat(source.getSslMode()).isEqualTo("verify-ca");
    assertThat(source.getSslCa()).endsWith("ca.pem");
    assertThat(source.getSslCert()).endsWith("client.pem");
    assertThat(source.getSslKey()).endsWith("client.key");
    try (Connection connection = source.getConnection()) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  /** What a node does with a connection. */
  private interface Peer {
    void serve(Socket socket) throws IOException, InterruptedException;
  }

  private ServerSocket listen(Peer peer) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    opened.add(server);
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  peer.serve(socket);
                } catch (IOException | InterruptedException e) {
                  assertThat(e).as("the client, or the test, has ended it").isNotNull();
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  /** Demands certificates of clients, which a factory of the JDK does not say. */
  private static final class Demanding extends ServerSocketFactory {
    private final SSLServerSocketFactory sockets;
    private final boolean demands;

    Demanding(SSLServerSocketFactory sockets, boolean demands) {
      this.sockets = sockets;
      this.demands = demands;
    }

    private ServerSocket demanding(ServerSocket socket) {
      ((SSLServerSocket) socket).setNeedClientAuth(demands);
      return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return demanding(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return demanding(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      return demanding(sockets.createServerSocket(port, backlog, address));
    }
  }
}
