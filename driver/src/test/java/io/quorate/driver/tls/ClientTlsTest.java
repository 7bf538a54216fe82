package io.quorate.driver.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the other side of a handshake sees. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClientTlsTest {
  private final ClientTls tls =
      ClientTls.of(ClientTls.Mode.VERIFY_FULL, TestCertificates.file("ca.pem").toString(), "", "");
  private SSLServerSocket server;

  @BeforeEach
  void open() throws IOException {
    server =
        (SSLServerSocket)
            TestCertificates.ofNode("node", null)
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** Makes a handshake as with this host, and ends the connection as the driver does. */
  private ExtendedSSLSession seenByNode(String host) throws Exception {
    CompletableFuture<ExtendedSSLSession> seen = CompletableFuture.supplyAsync(this::accept);
    try (Socket socket = tls.newSocket()) {
      socket.connect(server.getLocalSocketAddress());
      Socket secured =
          tls.secure(
              socket, host, server.getLocalPort(), System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
      assertThat(secured.getInputStream().read()).isEqualTo(1);
      assertThat(((SSLSocket) secured).getSession().getProtocol()).startsWith("TLSv1.");
    }
    return seen.get();
  }

  private ExtendedSSLSession accept() {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      socket.getOutputStream().write(1);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      return (ExtendedSSLSession) socket.getSession();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void the_name_that_was_dialled_is_sent_along() throws Exception {
    List<String> names = new ArrayList<>();
    for (SNIServerName name : seenByNode("node.quorate.test").getRequestedServerNames()) {
      names.add(((SNIHostName) name).getAsciiName());
    }
    assertThat(names).containsExactly("node.quorate.test");
    assertThat(seenByNode("127.0.0.1").getRequestedServerNames()).isEmpty();
  }

  @Test
  void the_best_version_is_spoken_and_another_one_where_it_must_be() throws Exception {
    assertThat(seenByNode("localhost").getProtocol()).isEqualTo("TLSv1.3");
    server.setEnabledProtocols(new String[] {"TLSv1.2"});
    assertThat(seenByNode("localhost").getProtocol()).isEqualTo("TLSv1.2");
  }

  @Test
  void equal_options_share_a_context() throws TlsException {
    ClientTls equal =
        ClientTls.of(
            ClientTls.Mode.VERIFY_FULL, TestCertificates.file("ca.pem").toString(), "", "");
    assertThat(equal).isEqualTo(tls).hasSameHashCodeAs(tls);
    assertThat(equal.context()).isSameAs(tls.context());
    ClientTls other =
        ClientTls.of(ClientTls.Mode.VERIFY_CA, TestCertificates.file("ca.pem").toString(), "", "");
    assertThat(other.context()).isNotSameAs(tls.context());
    assertThat(other).isNotEqualTo(tls);
  }
}
