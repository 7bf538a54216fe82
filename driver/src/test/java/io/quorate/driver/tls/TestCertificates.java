package io.quorate.driver.tls;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The files beside {@code make.sh}, which made them. */
public final class TestCertificates {
  private TestCertificates() {}

  /** A file by its name. */
  public static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TestCertificates.class.getResource("/tls/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * For a node with this certificate.
   *
   * @param ca who vouches for its clients; null for nobody
   */
  public static SSLContext ofNode(String name, @Nullable String ca) throws TlsException {
    TlsIdentity identity = TlsIdentity.read(file(name + ".pem"), file(name + ".key"));
    return TlsContexts.ofNode(identity, ca == null ? null : TlsAuthorities.read(file(ca)));
  }
}
