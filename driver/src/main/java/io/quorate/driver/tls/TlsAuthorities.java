package io.quorate.driver.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Who is believed when it vouches for a certificate. Immutable. */
public final class TlsAuthorities {
  private final String name;
  private final X509ExtendedTrustManager trust;

  private TlsAuthorities(String name, X509ExtendedTrustManager trust) {
    this.name = name;
    this.trust = trust;
  }

  /**
   * The certificates of a file.
   *
   * @throws TlsException in one line that names the file
   */
  public static TlsAuthorities read(Path file) throws TlsException {
    return of(file.toString(), PemFile.read(file).certificates());
  }

  private static TlsAuthorities of(String name, List<X509Certificate> certificates)
      throws TlsException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < certificates.size(); i++) {
        store.setCertificateEntry("authority-" + i, certificates.get(i));
      }
      return new TlsAuthorities(name, trust(store));
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException(name + " holds a certificate that cannot be used", e);
    }
  }

  /** Nobody. */
  static TlsAuthorities none() throws TlsException {
    return of("nobody", List.of());
  }

  /** Those that the JVM trusts by itself. */
  static TlsAuthorities ofJvm() throws TlsException {
    try {
      return new TlsAuthorities("the JVM's trust store", trust(null));
    } catch (GeneralSecurityException e) {
      throw new TlsException("the JVM's trust store cannot be used: " + e.getMessage(), e);
    }
  }

  private static X509ExtendedTrustManager trust(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager) {
        return (X509ExtendedTrustManager) manager;
      }
    }
    throw new GeneralSecurityException("this JVM has no trust manager for X.509");
  }

  /** As the options name it. */
  String name() {
    return name;
  }

  X509ExtendedTrustManager trust() {
    return trust;
  }
}
