package io.quorate.server.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class RequestIdTest {
  @Test
  void it_prints_client_and_sequence() {
    assertThat(new RequestId(0xcafe, 12)).hasToString("cafe-12");
  }

  @Test
  void a_sequence_begins_at_one() {
    assertThatThrownBy(() -> new RequestId(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }
}
