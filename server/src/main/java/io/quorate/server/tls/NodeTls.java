package io.quorate.server.tls;

import io.quorate.driver.tls.TlsAuthorities;
import io.quorate.driver.tls.TlsContexts;
import io.quorate.driver.tls.TlsException;
import io.quorate.driver.tls.TlsIdentity;
import io.quorate.server.config.ConfigException;
import io.quorate.server.config.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS as the client port and the admin port of this node speak it. Immutable. */
public final class NodeTls {
  private static final Logger log = LoggerFactory.getLogger(NodeTls.class);

  /** Time to get another one without haste. */
  private static final Duration ENDS_SOON = Duration.ofDays(30);

  private final SSLContext context;
  private final TlsConfig.ClientAuth clientAuth;

  private NodeTls(SSLContext context, TlsConfig.ClientAuth clientAuth) {
    this.context = context;
    this.clientAuth = clientAuth;
  }

  /**
   * Reads the files; empty when the configuration names none.
   *
   * @param now what the certificate must be good for
   * @throws ConfigException in one line: a file that is missing or in another form, a key that is
   *     another certificate's, a certificate that is over
   */
  public static Optional<NodeTls> load(TlsConfig config, Instant now) {
    Path certificate = config.cert();
    Path key = config.key();
    if (certificate == null || key == null) {
      return Optional.empty();
    }
    try {
      TlsIdentity identity = TlsIdentity.read(certificate, key);
      identity.requireValidAt(now);
      if (now.plus(ENDS_SOON).isAfter(identity.validUntil())) {
        log.atWarn()
            .addKeyValue("file", certificate)
            .addKeyValue("until", identity.validUntil())
            .log("certificate ends soon");
      }
      Path ca = config.ca();
      TlsAuthorities clients = ca == null ? null : TlsAuthorities.read(ca);
      return Optional.of(new NodeTls(TlsContexts.ofNode(identity, clients), config.clientAuth()));
    } catch (TlsException e) {
      throw new ConfigException("TLS: " + e.getMessage(), e);
    }
  }

  /** For one connection of a client. */
  public SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters());
    return engine;
  }

  public SSLContext context() {
    return context;
  }

  /** Versions, and whether a client must show a certificate. */
  public SSLParameters parameters() {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(TlsContexts.protocols());
    // Each of the two setters takes back the other one.
    switch (clientAuth) {
      case NONE -> parameters.setNeedClientAuth(false);
      case WANT -> parameters.setWantClientAuth(true);
      case REQUIRE -> parameters.setNeedClientAuth(true);
    }
    return parameters;
  }
}
