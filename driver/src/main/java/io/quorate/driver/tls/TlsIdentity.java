package io.quorate.driver.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A certificate, those that vouch for it, and the key that belongs to it. Immutable. */
public final class TlsIdentity {
  private static final char[] NO_PASSWORD = {};
  private static final byte[] PROBE = {'Q', 'u', 'o', 'r', 'a', 't', 'e'};

  private final Path file;
  private final List<X509Certificate> chain;
  private final PrivateKey key;

  private TlsIdentity(Path file, List<X509Certificate> chain, PrivateKey key) {
    this.file = file;
    this.chain = Collections.unmodifiableList(new ArrayList<>(chain));
    this.key = key;
  }

  /**
   * Reads both files.
   *
   * @param certificate its own certificate first, then those of the authorities in between
   * @param key in PKCS#8, without a password
   * @throws TlsException in one line that names the file: missing, in another form, or a key that
   *     is another certificate's
   */
  public static TlsIdentity read(Path certificate, Path key) throws TlsException {
    List<X509Certificate> chain = PemFile.read(certificate).certificates();
    PrivateKey own = PemFile.read(key).key();
    if (!belong(own, chain.get(0).getPublicKey())) {
      throw new TlsException(
          "the key in " + key + " does not belong to the first certificate in " + certificate);
    }
    return new TlsIdentity(certificate, chain, own);
  }

  /** What the key signs, the certificate must confirm: that holds for every kind of key. */
  private static boolean belong(PrivateKey key, PublicKey certified) {
    try {
      String algorithm = signatureOf(key);
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String signatureOf(PrivateKey key) {
    switch (key.getAlgorithm()) {
      case "RSA":
        return "SHA256withRSA";
      case "EC":
        return "SHA256withECDSA";
      default:
        return key.getAlgorithm();
    }
  }

  /**
   * Holds the certificates against their dates.
   *
   * @throws TlsException when one of them is over, or has not begun
   */
  public void requireValidAt(Instant now) throws TlsException {
    for (X509Certificate certificate : chain) {
      String name = "the certificate of " + nameOf(certificate) + " in " + file;
      Instant begin = certificate.getNotBefore().toInstant();
      Instant end = certificate.getNotAfter().toInstant();
      if (now.isAfter(end)) {
        throw new TlsException(name + " expired on " + day(end));
      }
      if (now.isBefore(begin)) {
        throw new TlsException(name + " begins on " + day(begin));
      }
    }
  }

  /** When the first of the certificates ends. */
  public Instant validUntil() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow(IllegalStateException::new);
  }

  static String nameOf(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  static String day(Instant instant) {
    return DateTimeFormatter.ISO_LOCAL_DATE.format(instant.atOffset(ZoneOffset.UTC));
  }

  KeyManager[] keyManagers() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(new X509Certificate[0]));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JVM cannot keep a key", e);
    }
  }
}
