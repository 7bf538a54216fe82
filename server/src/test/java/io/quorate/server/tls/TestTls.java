package io.quorate.server.tls;

import io.quorate.driver.tls.ClientTls;
import io.quorate.driver.tls.TlsException;
import io.quorate.server.config.TlsConfig;
import io.quorate.server.config.TlsConfig.ClientAuth;
import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/** The certificates of the driver's tests, for a node. */
public final class TestTls {
  private static final Path FILES = Path.of("..", "driver", "src", "test", "resources", "tls");

  private TestTls() {}

  public static Path file(String name) {
    return FILES.resolve(name).toAbsolutePath().normalize();
  }

  /** A node with the certificate of this name, that asks clients for theirs as said. */
  public static NodeTls node(String name, ClientAuth clientAuth) {
    Path ca = clientAuth == ClientAuth.NONE ? null : file("ca.pem");
    TlsConfig config = new TlsConfig(file(name + ".pem"), file(name + ".key"), ca, clientAuth);
    return NodeTls.load(config, Instant.parse("2030-01-01T00:00:00Z")).orElseThrow();
  }

  public static NodeTls node() {
    return node("node-ec", ClientAuth.NONE);
  }

  /** What a client needs that trusts the authority of all these. */
  public static SSLContext client() throws TlsException {
    return ClientTls.of(ClientTls.Mode.VERIFY_FULL, file("ca.pem").toString(), "", "").context();
  }

  /** Options of a URL that trust the authority of all these. */
  public static String options() {
    return "ssl=true&ssl_ca=" + file("ca.pem");
  }

  /** Options that show this certificate. */
  public static String identity(String name) {
    return "&ssl_cert=" + file(name + ".pem") + "&ssl_key=" + file(name + ".key");
  }
}
