package io.quorate.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {
  @Test
  void durations_have_a_unit() {
    assertThat(Quantity.parseDuration("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Quantity.parseDuration("4 s")).isEqualTo(Duration.ofSeconds(4));
    assertThat(Quantity.parseDuration("2m")).isEqualTo(Duration.ofMinutes(2));
    assertThat(Quantity.parseDuration("1h")).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-1s", "1.5s", "1M", "1d", "s", "999999999999999999h"})
  void other_durations_are_refused(String text) {
    assertThatThrownBy(() -> Quantity.parseDuration(text)).isInstanceOf(ConfigException.class);
  }

  @Test
  void sizes_may_have_a_unit() {
    assertThat(Quantity.parseBytes("4096")).isEqualTo(4096);
    assertThat(Quantity.parseBytes("64KiB")).isEqualTo(65536);
    assertThat(Quantity.parseBytes("64 MiB")).isEqualTo(64L << 20);
    assertThat(Quantity.parseBytes("2TiB")).isEqualTo(2L << 40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64MB", "64mib", "-1", "1.5MiB", "999999999999999999TiB"})
  void other_sizes_are_refused(String text) {
    assertThatThrownBy(() -> Quantity.parseBytes(text)).isInstanceOf(ConfigException.class);
  }

  @Test
  void memory_is_a_number_or_a_share_of_the_heap() {
    assertThat(Quantity.parseMebibytes("64", 1L << 30)).isEqualTo(64);
    assertThat(Quantity.parseMebibytes("25%", 1L << 30)).isEqualTo(256);
    assertThat(Quantity.parseMebibytes("1%", 1L << 20)).isEqualTo(1);
    assertThatThrownBy(() -> Quantity.parseMebibytes("100%", 1L << 30))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void quantities_are_printed_in_the_largest_unit_that_is_exact() {
    assertThat(Quantity.format(Duration.ofMillis(1500))).isEqualTo("1500ms");
    assertThat(Quantity.format(Duration.ofSeconds(4))).isEqualTo("4s");
    assertThat(Quantity.format(Duration.ZERO)).isEqualTo("0ms");
    assertThat(Quantity.format(64L << 20)).isEqualTo("64MiB");
    assertThat(Quantity.format(1500)).isEqualTo("1500B");
    assertThat(Quantity.format(0)).isEqualTo("0B");
  }
}
