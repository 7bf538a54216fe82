package io.quorate.driver.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslPrepTest {
  /** The examples of RFC 4013 §3. */
  @Test
  void prepares_as_the_rfc_does() throws ScramException {
    assertThat(SaslPrep.prepare("I\u00adX")).isEqualTo("IX");
    assertThat(SaslPrep.prepare("user")).isEqualTo("user");
    assertThat(SaslPrep.prepare("USER")).isEqualTo("USER");
    assertThat(SaslPrep.prepare("\u00aa")).isEqualTo("a");
    assertThat(SaslPrep.prepare("\u2168")).isEqualTo("IX");
    assertThatThrownBy(() -> SaslPrep.prepare("\u0007")).isInstanceOf(ScramException.class);
    assertThatThrownBy(() -> SaslPrep.prepare("\u06271")).isInstanceOf(ScramException.class);
  }

  @Test
  void what_looks_the_same_is_the_same() throws ScramException {
    assertThat(SaslPrep.prepare("u\u0308")).isEqualTo(SaslPrep.prepare("\u00fc"));
    assertThat(SaslPrep.prepare("a\u00a0b")).isEqualTo("a b");
    assertThat(SaslPrep.prepare("\u0627\u0628")).isEqualTo("\u0627\u0628");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "a\u0000",
        "\ue000",
        "\ufffe",
        "\ud800",
        "\u200e",
        "\u202e",
        "\ufffd",
        "\u2028",
        "\u00ad",
        "\u0627a\u0628"
      })
  void what_nobody_can_type_is_refused(String password) {
    assertThatThrownBy(() -> SaslPrep.prepare(password))
        .isInstanceOf(ScramException.class)
        .hasMessageMatching("(the|a) password .*");
  }

  @Test
  void a_password_is_bounded() {
    assertThatThrownBy(() -> SaslPrep.prepare("x".repeat(1025))).isInstanceOf(ScramException.class);
  }
}
