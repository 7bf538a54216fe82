package io.quorate.driver.tls;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * How a client protects its connections: what it demands of the certificate of a node, and what it
 * shows of its own. Immutable; equal when the options are.
 */
public final class ClientTls {
  /** Plain text. */
  public static final ClientTls OFF = new ClientTls(Mode.DISABLE, "", "", "");

  /** What to demand, weakest first. */
  public enum Mode {
    DISABLE,
    /** Encrypts, to whomever: against listeners, not against impostors. */
    REQUIRE,
    /** Somebody who is trusted vouches for the node, under whatever name. */
    VERIFY_CA,
    /** And the certificate is for the host that was dialled. */
    VERIFY_FULL;

    /** As in options. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Mode mode;
  private final String authorities;
  private final String certificate;
  private final String key;

  private ClientTls(Mode mode, String authorities, String certificate, String key) {
    this.mode = mode;
    this.authorities = authorities;
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * Does not read the files yet.
   *
   * @param authorities file of the certificates to trust; empty for those that the JVM trusts
   * @param certificate file of the client's own; empty for none
   * @param key file of its key; empty for none
   * @throws IllegalArgumentException in one line, when these do not fit together
   */
  public static ClientTls of(Mode mode, String authorities, String certificate, String key) {
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException("ssl_cert and ssl_key go together");
    }
    if (mode == Mode.DISABLE) {
      return OFF;
    }
    if (mode == Mode.REQUIRE && !authorities.isEmpty()) {
      throw new IllegalArgumentException(
          "ssl_mode=require looks at no ssl_ca; use verify-ca or verify-full");
    }
    return new ClientTls(mode, authorities, certificate, key);
  }

  public boolean isOn() {
    return mode != Mode.DISABLE;
  }

  /**
   * The context of these options: one for as long as their files stay the same, so that sessions
   * are resumed.
   *
   * @throws TlsException in one line that names the file which does not do
   */
  public SSLContext context() throws TlsException {
    return ClientContexts.SHARED.get(this);
  }

  SSLContext newContext() throws TlsException {
    KeyManager[] keys =
        certificate.isEmpty()
            ? new KeyManager[0]
            : TlsIdentity.read(path(certificate), path(key)).keyManagers();
    return TlsContexts.of(keys, TlsContexts.managers(new NodeTrust(mode, trusted())));
  }

  private TlsAuthorities trusted() throws TlsException {
    if (mode == Mode.REQUIRE) {
      return TlsAuthorities.none();
    }
    return authorities.isEmpty() ? TlsAuthorities.ofJvm() : TlsAuthorities.read(path(authorities));
  }

  private static Path path(String text) throws TlsException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TlsException("\"" + text + "\" is no name of a file", e);
    }
  }

  /** The files, in an order of their own; empty names for those that are not there. */
  String[] files() {
    return new String[] {authorities, certificate, key};
  }

  /** A socket that is not connected yet and may be given to {@link #secure}. */
  public Socket newSocket() {
    return isOn() ? new DeadlineSocket() : new Socket();
  }

  /**
   * Makes the handshake; without TLS, nothing. The socket stays the caller's to close.
   *
   * @param connected made by {@link #newSocket}
   * @param host as it was dialled: the certificate must be for it, and is chosen by it (SNI, RFC
   *     6066)
   * @param deadlineNanos by {@link System#nanoTime}
   * @return the socket to read from and write to
   * @throws SocketTimeoutException when the deadline passes
   * @throws TlsException in one line why it failed
   */
  public Socket secure(Socket connected, String host, int port, long deadlineNanos)
      throws IOException {
    if (!isOn()) {
      return connected;
    }
    DeadlineSocket socket = (DeadlineSocket) connected;
    SSLContext context = context();
    try {
      socket.setDeadline(deadlineNanos);
      SSLSocket secured =
          (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setProtocols(TlsContexts.protocols());
      if (mode == Mode.VERIFY_FULL) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      socket.setDeadline(0);
      return secured;
    } catch (SocketTimeoutException e) {
      SocketTimeoutException late = new SocketTimeoutException("no TLS handshake in time");
      late.initCause(e);
      throw late;
    } catch (IOException e) {
      throw new TlsException(TlsReasons.ofHandshake(e), e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof ClientTls)) {
      return false;
    }
    ClientTls that = (ClientTls) other;
    return mode == that.mode
        && authorities.equals(that.authorities)
        && certificate.equals(that.certificate)
        && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(mode, authorities, certificate, key);
  }

  @Override
  public String toString() {
    return "ssl_mode=" + mode.text();
  }
}
