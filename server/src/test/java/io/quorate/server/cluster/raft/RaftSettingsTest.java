package io.quorate.server.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RaftSettingsTest {
  private static final long MEBIBYTE = 1L << 20;

  @Test
  void messages_in_flight_take_a_share_of_a_small_heap_only() {
    assertThat(RaftSettings.messagesInFlight(256 * MEBIBYTE)).isEqualTo(16);
    assertThat(RaftSettings.messagesInFlight(1024 * MEBIBYTE)).isEqualTo(64);
    assertThat(RaftSettings.messagesInFlight(64L * 1024 * MEBIBYTE)).isEqualTo(64);
    assertThat(RaftSettings.messagesInFlight(MEBIBYTE)).isEqualTo(1);
  }
}
