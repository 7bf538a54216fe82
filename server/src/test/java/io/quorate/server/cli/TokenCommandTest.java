package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenCommandTest {
  @TempDir Path directory;
  private Path secret = Path.of("unset");
  private Terminal terminal = Terminal.ofMain();

  @BeforeEach
  void write() throws IOException {
    secret = Files.writeString(directory.resolve("secret"), "x".repeat(32) + "\n");
  }

  private int run(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "token";
    System.arraycopy(options, 0, arguments, 1, options.length);
    terminal = Terminal.ofMain();
    return terminal.run(arguments);
  }

  @Test
  void the_token_is_all_that_is_printed() {
    assertThat(run("--secret-file=" + secret)).as(terminal.err()).isZero();
    assertThat(terminal.out())
        .matches("qrt1\\.[0-9]{10}\\.[A-Za-z0-9_-]{16}\\.[A-Za-z0-9_-]{43}\\R");
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void the_configuration_of_a_node_names_the_secret() throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("quorate.toml"), "cluster.secret_file = \"" + secret + "\"\n");
    assertThat(run("--config=" + config, "--lifetime=168h")).as(terminal.err()).isZero();
    assertThat(terminal.out()).startsWith("qrt1.");

    Files.writeString(config, "node.id = \"n1\"\n");
    assertThat(run("--config=" + config)).isEqualTo(2);
    assertThat(terminal.err()).contains("no secret is named");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "999ms", "169h", "never", ""})
  void a_lifetime_that_does_not_do_is_one_line_and_2(String lifetime) {
    assertThat(run("--secret-file=" + secret, "--lifetime=" + lifetime)).isEqualTo(2);
    assertThat(terminal.err()).hasLineCount(1).contains("--lifetime is");
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void without_a_secret_there_is_no_token() throws IOException {
    assertThat(run()).isEqualTo(2);
    assertThat(terminal.err()).hasLineCount(1).contains("--secret-file FILE");
    Files.writeString(secret, "guess me");
    assertThat(run("--secret-file=" + secret)).isEqualTo(2);
    assertThat(terminal.err()).hasLineCount(1).contains("openssl rand -base64 32");
  }
}
