package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.admin.AdminServer;
import io.quorate.server.admin.AdminService;
import io.quorate.server.admin.FakeChanges;
import io.quorate.server.admin.FakeView;
import io.quorate.server.config.AdminHttpStatus;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.TlsConfig.ClientAuth;
import io.quorate.server.security.Entrances;
import io.quorate.server.tls.NodeTls;
import io.quorate.server.tls.TestTls;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code quorate status} and the admin port, with TLS on both, one or the other side. */
@Timeout(60)
final class StatusOverTlsTest {
  private static final String CA = "--ssl-ca=" + TestTls.file("ca.pem");

  private Terminal terminal = Terminal.ofMain();

  private static AdminServer open(Optional<NodeTls> tls) {
    AdminServer server =
        new AdminServer(
            FakeView.network(0, AdminHttpStatus.PUBLISHED),
            new AdminService(new FakeView(), new FakeChanges()),
            Entrances.open(),
            Runnable::run,
            tls);
    server.open();
    return server;
  }

  /** What the command ends with, and what it says then. */
  private String status(Optional<NodeTls> tls, int exit, String... options) {
    terminal = Terminal.ofMain();
    try (AdminServer server = open(tls)) {
      String[] arguments = new String[options.length + 2];
      arguments[0] = "status";
      arguments[1] = server.boundAddress().toString();
      System.arraycopy(options, 0, arguments, 2, options.length);
      assertThat(terminal.run(arguments)).as(terminal.err()).isEqualTo(exit);
      assertThat(terminal.err()).hasLineCount(exit == 0 ? 0 : 1);
      return terminal.err();
    }
  }

  private static Optional<NodeTls> node(String name) {
    return Optional.of(TestTls.node(name, ClientAuth.NONE));
  }

  @ParameterizedTest
  @CsvSource({"node, ''", "node-ec, ''", "elsewhere, verify-ca", "node, verify-full"})
  void the_nodes_are_shown(String certificate, String mode) {
    String[] options = mode.isEmpty() ? new String[] {CA} : new String[] {CA, "--ssl-mode=" + mode};
    assertThat(status(node(certificate), 0, options)).isEmpty();
    assertThat(terminal.out()).contains("n1    leader");
  }

  @Test
  void require_takes_any_certificate() {
    assertThat(status(node("elsewhere"), 0, "--ssl-mode=require")).isEmpty();
  }

  @Test
  void wrong_certificates_are_left() {
    assertThat(status(node("node"), 1, "--ssl"))
        .contains("is not trusted: it is issued by O=Quorate tests,CN=Test authority");
    assertThat(status(node("elsewhere"), 1, CA)).contains("db2.example.org, not for 127.0.0.1");
  }

  @Test
  void a_certificate_of_the_client_may_be_demanded() {
    Optional<NodeTls> demanding = Optional.of(TestTls.node("node", ClientAuth.REQUIRE));
    assertThat(status(demanding, 1, CA)).isNotEmpty();
    assertThat(
            status(
                demanding,
                0,
                CA,
                "--ssl-cert=" + TestTls.file("client.pem"),
                "--ssl-key=" + TestTls.file("client.key")))
        .isEmpty();
  }

  @Test
  void plain_text_on_one_side_alone_is_told() {
    assertThat(status(node("node"), 1)).contains("add --ssl");
    assertThat(status(Optional.empty(), 1, CA)).contains("TLS");
  }

  @Test
  void options_that_do_not_do_are_one_line_and_2() {
    assertThat(status(node("node"), 2, "--ssl-ca=none.pem")).contains("none.pem does not exist");
    assertThat(status(node("node"), 2, "--ssl-mode=sometimes"))
        .contains("verify-ca or verify-full");
    assertThat(status(node("node"), 2, CA, "--ssl-cert=c.pem")).contains("go together");
    assertThat(terminal.run("status", "jdbc:quorate://127.0.0.1:1/", CA)).isEqualTo(2);
  }

  @Test
  void garbage_leaves_the_port_working() throws IOException {
    try (AdminServer server = open(node("node"))) {
      HostPort address = server.boundAddress();
      for (byte[] bytes :
          new byte[][] {{0x16, 9, 9, 0, 4, 1, 2, 3, 4}, {'G', 'E', 'T', ' ', '/', '\r', '\n'}}) {
        try (Socket socket = new Socket(address.host(), address.port())) {
          socket.getOutputStream().write(bytes);
          socket.shutdownOutput();
          assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
        }
      }
      assertThat(terminal.run("status", address.toString(), CA)).isZero();
    }
  }
}
