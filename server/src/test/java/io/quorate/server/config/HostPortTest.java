package io.quorate.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:8765",
        "localhost:0",
        "db-1.example.org:65535",
        "db_1:1",
        "[::1]:8765",
        "[fe80::1%eth0]:1",
        "[::ffff:10.0.0.1]:2"
      })
  void an_address_is_printed_as_it_was_read(String text) {
    assertThat(HostPort.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "8765",
        "localhost",
        "localhost:",
        "localhost:-1",
        "localhost:65536",
        "localhost:999999999999",
        "localhost:80 ",
        " localhost:80",
        "local host:80",
        "http://localhost:80",
        "::1:80",
        "[::1]",
        "[localhost]:80",
        "[1.2.3.4]:80",
        "[::1::2]:80",
        "256.0.0.1:80",
        "1.2.3:80",
        "-a:80"
      })
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(ConfigException.class);
  }

  @Test
  void without_a_host_it_is_this_machine_alone() {
    assertThat(HostPort.parse(":8001")).isEqualTo(new HostPort("127.0.0.1", 8001));
    assertThatThrownBy(() -> HostPort.parse(":")).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> HostPort.parse("[]:1")).isInstanceOf(ConfigException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:1", "127.9.9.9:1", "LocalHost:1", "[::1]:1", "[0:0:0:0:0:0:0:1]:1"})
  void loopback_is_recognised(String text) {
    assertThat(HostPort.parse(text).isLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0:1", "10.0.0.1:1", "[::]:1", "127.example.org:1", "localhost.org:1"})
  void everything_else_is_beyond_this_machine(String text) {
    assertThat(HostPort.parse(text).isLoopback()).isFalse();
  }

  @Test
  void hosts_and_ports_are_checked_without_text_too() {
    assertThatThrownBy(() -> new HostPort("a b", 1)).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> new HostPort("a", 70000)).isInstanceOf(ConfigException.class);
  }
}
