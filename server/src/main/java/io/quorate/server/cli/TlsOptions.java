package io.quorate.server.cli;

import io.quorate.driver.tls.ClientTls;
import io.quorate.driver.tls.TlsException;
import io.quorate.server.config.ConfigException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command speaks to an admin port; a JDBC URL has options of the same names. */
final class TlsOptions {
  @Option(names = "--ssl", description = "Speak TLS; demands all of the node's certificate.")
  boolean ssl;

  @Option(
      names = "--ssl-ca",
      paramLabel = "FILE",
      description = "Authorities to trust, in PEM (default: those of the JVM); implies --ssl.")
  String ca = "";

  @Option(
      names = "--ssl-cert",
      paramLabel = "FILE",
      description = "Certificate to show, in PEM; implies --ssl.")
  String cert = "";

  @Option(names = "--ssl-key", paramLabel = "FILE", description = "Its key, in PEM (PKCS#8).")
  String key = "";

  @Option(
      names = "--ssl-mode",
      paramLabel = "MODE",
      description = "disable, require, verify-ca or verify-full (default with --ssl).")
  @Nullable String mode;

  boolean given() {
    return ssl || mode != null || !(ca + cert + key).isEmpty();
  }

  /**
   * Empty for plain text.
   *
   * @throws ConfigException in one line, when the options or their files do not do
   */
  Optional<SSLContext> context() {
    try {
      ClientTls tls = ClientTls.of(mode(), ca, cert, key);
      return tls.isOn() ? Optional.of(tls.context()) : Optional.empty();
    } catch (IllegalArgumentException | TlsException e) {
      throw new ConfigException("TLS: " + e.getMessage(), e);
    }
  }

  private ClientTls.Mode mode() {
    String asked = mode;
    if (asked == null) {
      return given() ? ClientTls.Mode.VERIFY_FULL : ClientTls.Mode.DISABLE;
    }
    return Arrays.stream(ClientTls.Mode.values())
        .filter(each -> each.text().equalsIgnoreCase(asked))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--ssl-mode is "
                        + Arrays.stream(ClientTls.Mode.values())
                            .map(ClientTls.Mode::text)
                            .collect(Collectors.joining(" or "))
                        + ", not \""
                        + asked
                        + '"'));
  }
}
