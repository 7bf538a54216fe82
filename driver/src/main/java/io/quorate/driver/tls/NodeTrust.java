package io.quorate.driver.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the certificate of a node as far as the mode asks for it, and says in words what is
 * wrong with one. Thread-safe.
 */
final class NodeTrust extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private final ClientTls.Mode mode;
  private final TlsAuthorities authorities;
  private final X509ExtendedTrustManager trust;

  NodeTrust(ClientTls.Mode mode, TlsAuthorities authorities) {
    this.mode = mode;
    this.authorities = authorities;
    this.trust = authorities.trust();
  }

  /** What {@link #verify} is made of; the JDK has it once for sockets and once for engines. */
  private interface Check {
    void run() throws CertificateException;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    SSLSession session =
        socket instanceof SSLSocket ? ((SSLSocket) socket).getHandshakeSession() : null;
    verify(chain, type, () -> trust.checkServerTrusted(chain, type, socket), session);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    SSLSession session = engine.getHandshakeSession();
    verify(chain, type, () -> trust.checkServerTrusted(chain, type, engine), session);
  }

  /** Without a connection there is no name to hold against, so nobody may ask like that. */
  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("a certificate is looked at with its connection");
  }

  private void verify(
      X509Certificate[] chain, String type, Check withName, @Nullable SSLSession session)
      throws CertificateException {
    if (mode == ClientTls.Mode.REQUIRE) {
      return;
    }
    try {
      if (mode == ClientTls.Mode.VERIFY_FULL) {
        withName.run();
      } else {
        trust.checkServerTrusted(chain, type);
      }
    } catch (CertificateException e) {
      requireCurrent(chain);
      throw new RefusedException(reason(chain, type, session, e), e);
    }
    // One that is itself among the authorities is believed before its dates are read.
    requireCurrent(chain);
  }

  private static void requireCurrent(X509Certificate[] chain) throws CertificateException {
    for (X509Certificate certificate : chain) {
      String name = "the certificate of " + TlsIdentity.nameOf(certificate);
      try {
        certificate.checkValidity();
      } catch (CertificateExpiredException e) {
        throw new RefusedException(
            name + " expired on " + TlsIdentity.day(certificate.getNotAfter().toInstant()), e);
      } catch (CertificateNotYetValidException e) {
        throw new RefusedException(
            name + " begins on " + TlsIdentity.day(certificate.getNotBefore().toInstant()), e);
      }
    }
  }

  private String reason(
      X509Certificate[] chain,
      String type,
      @Nullable SSLSession session,
      CertificateException cause) {
    X509Certificate own = chain[0];
    String host = session == null ? "" : String.valueOf(session.getPeerHost());
    List<String> names = names(own);
    if (mode == ClientTls.Mode.VERIFY_FULL && isTrusted(chain, type) && !names.contains(host)) {
      String shown = names.isEmpty() ? "no host by name" : String.join(", ", names);
      return "the certificate is for " + shown + ", not for " + host;
    }
    String issuer = own.getIssuerX500Principal().getName();
    boolean bySelf = own.getIssuerX500Principal().equals(own.getSubjectX500Principal());
    return "the certificate of "
        + TlsIdentity.nameOf(own)
        + " is not trusted: it is issued by "
        + (bySelf ? "itself" : issuer)
        + ", and "
        + authorities.name()
        + " does not vouch for it"
        + detail(cause);
  }

  /** What lies at the bottom, such as an algorithm too weak, unless it says the same once more. */
  private static String detail(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause.getCause() != null && depth < 16; depth++) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null || message.contains("valid certification path")
        ? ""
        : " (" + message + ")";
  }

  private boolean isTrusted(X509Certificate[] chain, String type) {
    try {
      trust.checkServerTrusted(chain, type);
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
        Object kind = alternative.get(0);
        if (Integer.valueOf(DNS_NAME).equals(kind) || Integer.valueOf(IP_ADDRESS).equals(kind)) {
          names.add(String.valueOf(alternative.get(1)));
        }
      }
    } catch (CertificateParsingException e) {
      names.add("names that cannot be read");
    }
    return names;
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.getAcceptedIssuers();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw onlyNodes();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw onlyNodes();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw onlyNodes();
  }

  private static CertificateException onlyNodes() {
    return new CertificateException("this is for the certificates of nodes");
  }

  /** Its message is meant for the user. */
  static final class RefusedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
