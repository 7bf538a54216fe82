package io.quorate.driver.tls;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** What both sides agree on. */
public final class TlsContexts {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private TlsContexts() {}

  /** The versions that are spoken, the better one first; what is older is broken (RFC 8996). */
  public static String[] protocols() {
    return PROTOCOLS.clone();
  }

  /**
   * For a node.
   *
   * @param clients who vouches for clients; null when they need no certificate
   */
  public static SSLContext ofNode(TlsIdentity identity, @Nullable TlsAuthorities clients) {
    return of(
        identity.keyManagers(), clients == null ? new TrustManager[0] : managers(clients.trust()));
  }

  static SSLContext of(KeyManager[] keys, TrustManager[] trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM speaks no TLS", e);
    }
  }

  static TrustManager[] managers(TrustManager manager) {
    return new TrustManager[] {manager};
  }
}
