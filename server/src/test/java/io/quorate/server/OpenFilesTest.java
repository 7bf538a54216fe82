package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OpenFilesTest {
  @Test
  void a_limit_is_held_against_connections_and_what_the_node_needs_itself() {
    assertThat(OpenFiles.isTooFew(10_000, 1024)).isTrue();
    assertThat(OpenFiles.isTooFew(10_000, 10_000)).isTrue();
    assertThat(OpenFiles.isTooFew(10_000, 20_000)).isFalse();
    assertThat(OpenFiles.isTooFew(Integer.MAX_VALUE, Long.MAX_VALUE)).isFalse();
  }
}
