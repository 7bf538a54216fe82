package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoginTest {
  @TempDir Path directory;
  private final Login login = new Login();

  @Test
  void nobody_in_particular_leaves_it_to_the_url() {
    assertThat(login.properties()).isEmpty();
    assertThat(login.header()).isEmpty();
  }

  @Test
  void the_password_comes_from_a_file_without_its_line_end() throws IOException {
    login.user = "alice";
    login.passwordFile = Files.writeString(directory.resolve("p"), "pässword \r\n");
    assertThat(login.properties())
        .containsExactlyInAnyOrderEntriesOf(Map.of("user", "alice", "password", "pässword "));
    String pair = login.header().orElseThrow().substring("Basic ".length());
    assertThat(new String(Base64.getDecoder().decode(pair), StandardCharsets.UTF_8))
        .isEqualTo("alice:pässword ");
  }

  @Test
  void a_file_that_is_none_is_told_in_one_line() throws IOException {
    login.user = "alice";
    login.passwordFile = directory.resolve("none");
    assertThatThrownBy(login::properties)
        .isInstanceOf(CommandFailedException.class)
        .hasMessageEndingWith("none cannot be read");
    login.passwordFile = Files.writeString(directory.resolve("large"), "x".repeat(5000));
    assertThatThrownBy(login::properties).hasMessageContaining("too large");
  }
}
