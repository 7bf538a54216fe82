package io.quorate.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS on the client port and the admin port. Keys {@code tls.…}; without any, both speak plain
 * text.
 *
 * @param cert PEM file: the node's certificate, then those of the authorities in between
 * @param key PEM file: its key in PKCS#8
 * @param ca PEM file: who vouches for clients; null when they need no certificate
 */
public record TlsConfig(
    @Setting("") @Nullable Path cert,
    @Setting("") @Nullable Path key,
    @Setting("") @Nullable Path ca,
    @Setting("none") ClientAuth clientAuth) {

  /** Whether clients show a certificate. */
  public enum ClientAuth {
    NONE,
    /** One that is shown must be good. */
    WANT,
    REQUIRE
  }

  public TlsConfig {
    ConfigException.require((cert == null) == (key == null), "tls.cert and tls.key go together");
    ConfigException.require(ca == null || cert != null, "tls.ca needs tls.cert and tls.key");
    ConfigException.require(
        (clientAuth == ClientAuth.NONE) == (ca == null),
        "tls.ca and tls.client_auth want or require go together: who vouches for clients, and"
            + " whether they are asked");
  }
}
