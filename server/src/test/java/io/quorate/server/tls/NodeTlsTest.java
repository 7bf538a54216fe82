package io.quorate.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.config.ConfigException;
import io.quorate.server.config.TlsConfig;
import io.quorate.server.config.TlsConfig.ClientAuth;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NodeTlsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @Test
  void without_files_there_is_no_tls() {
    assertThat(NodeTls.load(new TlsConfig(null, null, null, ClientAuth.NONE), NOW)).isEmpty();
  }

  @Test
  void old_versions_are_not_spoken() {
    assertThat(TestTls.node().engine().getEnabledProtocols())
        .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    assertThat(TestTls.node().engine().getUseClientMode()).isFalse();
  }

  @Test
  void clients_are_asked_as_configured() {
    for (ClientAuth each : ClientAuth.values()) {
      var engine = TestTls.node("node", each).engine();
      assertThat(engine.getNeedClientAuth()).as("%s", each).isEqualTo(each == ClientAuth.REQUIRE);
      assertThat(engine.getWantClientAuth()).as("%s", each).isEqualTo(each == ClientAuth.WANT);
    }
  }

  @Test
  void what_does_not_do_is_one_line_that_names_the_file() {
    refused("none.pem", "node.key", null).hasMessageEndingWith("none.pem does not exist");
    refused("node.pem", "node.pkcs1.key", null)
        .hasMessageContaining("node.pkcs1.key is in PKCS#1 form; convert it: openssl pkcs8");
    refused("node.pem", "node-ec.key", null).hasMessageContaining("does not belong");
    refused("expired.pem", "expired.key", null).hasMessageEndingWith("expired on 2001-01-01");
    refused("node.pem", "node.key", "make.sh").hasMessageContaining("make.sh holds no certificate");
    refused(".", "node.key", null).hasMessageContaining("cannot be read");
  }

  private static AbstractThrowableAssert<?, ?> refused(
      String certificate, String key, @Nullable String ca) {
    Path authorities = ca == null ? null : TestTls.file(ca);
    TlsConfig config =
        new TlsConfig(
            TestTls.file(certificate),
            TestTls.file(key),
            authorities,
            ca == null ? ClientAuth.NONE : ClientAuth.REQUIRE);
    return assertThatThrownBy(() -> NodeTls.load(config, NOW))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("TLS: ")
        .hasMessageNotContaining("\n");
  }
}
