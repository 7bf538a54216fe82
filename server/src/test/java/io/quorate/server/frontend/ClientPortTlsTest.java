package io.quorate.server.frontend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.QuorateDriver;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.Welcome;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.TlsConfig.ClientAuth;
import io.quorate.server.session.Topology;
import io.quorate.server.tls.NodeTls;
import io.quorate.server.tls.TestTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.apache.calcite.avatica.remote.Driver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client port with TLS, and who comes to it without. */
@Timeout(60)
final class ClientPortTlsTest {
  private static final PortLimits IMPATIENT =
      PortLimits.DEFAULT.withWaits(
          new PortLimits.Waits(
              Duration.ofMillis(300),
              Limits.REQUEST_STALL,
              Limits.ANSWER_STALL,
              PortLimits.DEFAULT.waits().idle()));

  @TempDir Path directory;
  private @Nullable TestPort opened;

  @AfterEach
  void close() {
    TestPort port = opened;
    if (port != null) {
      port.close();
      assertThat(port.uncaught.get()).isNull();
      assertThat(port.statements.open()).isZero();
    }
  }

  private TestPort open(Optional<NodeTls> tls, PortLimits limits) {
    TestPort port = new TestPort(tls, limits);
    opened = port;
    HostPort address = port.address();
    port.statements.topology =
        new Topology(
            1,
            "fake",
            "n1",
            Optional.of("n1"),
            List.of(new Topology.Member("n1", address.toString(), Topology.Role.VOTER, "", true)));
    return port;
  }

  private TestPort open(NodeTls tls) {
    return open(Optional.of(tls), PortLimits.DEFAULT);
  }

  private static SSLSocket handshake(HostPort address) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            TestTls.client().getSocketFactory().createSocket(address.host(), address.port());
    socket.setSoTimeout(30_000);
    socket.startHandshake();
    return socket;
  }

  @ParameterizedTest
  @CsvSource({"node, TLSv1.3", "node, TLSv1.2", "node-ec, TLSv1.3", "node-ec, TLSv1.2"})
  void the_native_protocol_is_spoken_inside(String certificate, String version) throws Exception {
    HostPort address = open(TestTls.node(certificate, ClientAuth.NONE)).address();
    SSLSocket socket =
        (SSLSocket)
            TestTls.client().getSocketFactory().createSocket(address.host(), address.port());
    socket.setEnabledProtocols(new String[] {version});
    try (WireClient client = new WireClient(socket)) {
      client.ask(WireClient.hello(Map.of()), Welcome.class);
      Result rows = client.ask(WireClient.execute("ROWS 200000"), Result.class);
      assertThat(rows.cursor()).isNotZero();
      assertThat(rows.rows().rowCount()).isPositive();
      for (int i = 0; i < 100; i++) {
        client.send(WireClient.execute("COUNT " + i));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(client.receive(Result.class).updateCount()).isEqualTo(i);
      }
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void the_driver_speaks_it() throws Exception {
    HostPort address = open(TestTls.node()).address();
    try (Connection connection = jdbc(address, TestTls.options());
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("COUNT 7")).isEqualTo(7);
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  private static Connection jdbc(HostPort address, String options) throws SQLException {
    String url = "jdbc:quorate://" + address + "/?target=contact&" + options;
    return requireNonNull(new QuorateDriver().connect(url, new Properties()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void avaticas_own_driver_speaks_it(String serialization) throws Exception {
    HostPort address = open(TestTls.node()).address();
    String url =
        "jdbc:avatica:remote:url=https://"
            + address
            + ";serialization="
            + serialization
            + ";truststore="
            + trustStore()
            + ";truststore_password=changeit";
    try (Connection connection = new Driver().connect(url, new Properties());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("ROWS 1000")) {
      int count = 0;
      while (rows.next()) {
        count++;
      }
      assertThat(count).isEqualTo(1000);
    }
  }

  private Path trustStore() throws Exception {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(TestTls.file("ca.pem"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    Path file = directory.resolve("trust.jks");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "changeit".toCharArray());
    }
    return file;
  }

  @Test
  void plain_native_is_told_what_is_missing() throws Exception {
    TestPort port = open(TestTls.node());
    HostPort address = port.address();
    try (WireClient client = new WireClient(address)) {
      client.send(WireClient.hello(Map.of()));
      Frame answer = client.receive();
      assertThat(answer.callId()).isZero();
      Failure failure = (Failure) answer.message();
      assertThat(failure.sqlState()).isEqualTo("28000");
      assertThat(failure.message()).contains("TLS only").contains("ssl=true");
      assertThat(client.atEnd()).isTrue();
    }
    assertThatThrownBy(() -> jdbc(address, "ssl=false"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("TLS only")
        .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("28000"));
    assertThat(port.statements.openedWith).isEmpty();
  }

  @Test
  void plain_native_in_single_bytes_is_told_the_same() throws Exception {
    HostPort address = open(TestTls.node()).address();
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.setTcpNoDelay(true);
      for (byte next : new byte[] {'Q', 'R', 'T'}) {
        socket.getOutputStream().write(next);
      }
      assertThat(socket.getInputStream().readNBytes(9))
          .endsWith(FrameType.ERROR.number(), 0, 0, 0, 0);
    }
  }

  @Test
  void plain_http_is_told_to_use_https() throws Exception {
    HostPort address = open(TestTls.node()).address();
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + address + "/"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1 << 20]))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("https");
  }

  @Test
  void tls_on_a_plain_port_is_closed_and_the_driver_says_why() {
    HostPort address = open(Optional.empty(), PortLimits.DEFAULT).address();
    assertThatThrownBy(() -> jdbc(address, TestTls.options()))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("it may have no TLS configured")
        .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("08001"));
  }

  @Test
  void wrong_certificates_of_the_node_are_left() {
    HostPort elsewhere = open(TestTls.node("elsewhere", ClientAuth.NONE)).address();
    assertThatThrownBy(() -> jdbc(elsewhere, TestTls.options()))
        .hasMessageContaining("db.example.org, db2.example.org, not for 127.0.0.1");
    String foreign = "ssl=true&ssl_ca=" + TestTls.file("foreign-ca.pem");
    assertThatThrownBy(() -> jdbc(elsewhere, foreign))
        .hasMessageContaining("is not trusted: it is issued by O=Quorate tests,CN=Test authority");
  }

  @Test
  void a_client_without_the_certificate_that_is_demanded_is_refused() throws Exception {
    TestPort port = open(TestTls.node("node", ClientAuth.REQUIRE));
    HostPort address = port.address();
    for (String wrong : new String[] {"", TestTls.identity("foreign-client")}) {
      assertThatThrownBy(() -> jdbc(address, TestTls.options() + wrong))
          .as(wrong)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("ssl_cert")
          .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("08001"));
    }
    assertThat(port.statements.openedWith).isEmpty();
    try (Connection connection = jdbc(address, TestTls.options() + TestTls.identity("client"))) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  void a_certificate_that_is_only_wanted_may_be_missing() throws Exception {
    HostPort address = open(TestTls.node("node", ClientAuth.WANT)).address();
    try (Connection connection = jdbc(address, TestTls.options())) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  void a_session_is_resumed_although_the_driver_takes_no_leave() throws Exception {
    HostPort address = open(TestTls.node()).address();
    byte[] first = sessionId(address);
    assertThat(first).isNotEmpty();
    assertThat(sessionId(address)).isEqualTo(first);
  }

  /** In TLS 1.2, where a session that is resumed keeps its id. */
  private static byte[] sessionId(HostPort address) throws IOException {
    try (Socket socket = new Socket(address.host(), address.port())) {
      SSLSocket secured =
          (SSLSocket)
              TestTls.client()
                  .getSocketFactory()
                  .createSocket(socket, address.host(), address.port(), true);
      secured.setEnabledProtocols(new String[] {"TLSv1.2"});
      secured.startHandshake();
      return secured.getSession().getId();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 40})
  void a_handshake_that_is_not_gone_on_with_is_cut_off(int bytes) throws Exception {
    HostPort address = open(Optional.of(TestTls.node()), IMPATIENT).address();
    byte[] hello = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
    try (Socket socket = new Socket(address.host(), address.port())) {
      for (int i = 0; i < bytes; i++) {
        socket.getOutputStream().write(i < hello.length ? hello[i] : 0);
      }
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
    }
  }

  @Test
  void a_handshake_without_a_word_behind_it_is_cut_off() throws Exception {
    HostPort address = open(Optional.of(TestTls.node()), IMPATIENT).address();
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.setSoTimeout(30_000);
      assertThat(endOfHandshake(socket, address)).isEqualTo(-1);
    }
  }

  /** What is read behind it; on a slow machine it is itself what is cut off. */
  private static int endOfHandshake(Socket socket, HostPort address) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            TestTls.client()
                .getSocketFactory()
                .createSocket(socket, address.host(), address.port(), true);
    try {
      secured.startHandshake();
      return secured.getInputStream().read();
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void garbage_in_place_of_records_ends_one_connection_only() throws Exception {
    TestPort port = open(TestTls.node());
    HostPort address = port.address();
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.getOutputStream().write(new byte[] {0x16, 9, 9, 0, 4, 1, 2, 3, 4});
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
    }
    try (Socket socket = new Socket(address.host(), address.port());
        SSLSocket secured =
            (SSLSocket)
                TestTls.client()
                    .getSocketFactory()
                    .createSocket(socket, address.host(), address.port(), true)) {
      secured.startHandshake();
      socket.getOutputStream().write(new byte[] {0x17, 3, 3, 0, 32});
      socket.getOutputStream().write(new byte[32]);
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(1000);
    }
    try (WireClient client = new WireClient(handshake(address))) {
      client.ask(WireClient.hello(Map.of()), Welcome.class);
    }
  }
}
