package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a node; {@link CheckCommandIT} has one. */
final class CheckCommandTest {
  private final Terminal terminal = Terminal.ofMain();

  @Test
  void a_directory_that_is_none_is_one_line_and_1(@TempDir Path directory) {
    assertThat(terminal.run("check", "--data", directory.toString())).isEqualTo(1);
    assertThat(terminal.err())
        .isEqualTo("quorate: " + directory + " is no data directory: it has no file identity\n");
  }

  @Test
  void a_check_of_nothing_is_a_wrong_command_line() {
    assertThat(terminal.run("check")).isEqualTo(2);
    assertThat(terminal.err()).contains("--data");
  }
}
