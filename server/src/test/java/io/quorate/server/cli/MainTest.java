package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MainTest {
  @TempDir Path directory;
  private final Terminal terminal = Terminal.ofMain();

  @Test
  void no_command_is_one_line_and_2() {
    assertThat(terminal.run()).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo("quorate: a command is missing; see quorate --help\n");
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void an_unknown_command_or_option_is_one_line_and_2() {
    assertThat(terminal.run("serve")).isEqualTo(2);
    assertThat(terminal.run("server", "--datum", "x")).isEqualTo(2);
    assertThat(terminal.err().lines().toList())
        .containsExactly(
            "quorate: Unmatched argument at index 0: 'serve'; see quorate --help",
            "quorate: Unknown options: '--datum', 'x'; see quorate server --help");
  }

  @Test
  void bootstrap_and_join_exclude_each_other() {
    assertThat(terminal.run("server", "--bootstrap", "--join", "h:1")).isEqualTo(2);
    assertThat(terminal.err()).contains("mutually exclusive").hasLineCount(1);
  }

  @Test
  void a_wrong_configuration_is_one_line_and_2() throws Exception {
    Path file = Files.writeString(directory.resolve("q.toml"), "[node]\nrole = 'x'\n[log]\n");

    assertThat(terminal.run("server", "--config", file.toString())).isEqualTo(2);
    assertThat(terminal.run("server", "--client-addr", "0.0.0.0:1")).isEqualTo(2);
    assertThat(terminal.run("server", "--role", "boss")).isEqualTo(2);
    assertThat(terminal.run("server", "--join", "h:1")).isEqualTo(2);
    assertThat(terminal.err().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("quorate: node.role is voter or"),
            line -> assertThat(line).startsWith("quorate: network.client_addr 0.0.0.0:1 reaches"),
            line -> assertThat(line).startsWith("quorate: node.role is voter or"),
            line -> assertThat(line).startsWith("quorate: node.id is required in a cluster"));
  }

  @Test
  void every_command_has_help_and_a_version() {
    for (CommandLine command : terminal.command().getSubcommands().values()) {
      Terminal fresh = Terminal.ofMain();
      assertThat(fresh.run(command.getCommandName(), "--help")).isZero();
      assertThat(fresh.out()).startsWith("Usage: quorate " + command.getCommandName());
      assertThat(fresh.run(command.getCommandName(), "--version")).isZero();
      assertThat(fresh.err()).isEmpty();
    }
    assertThat(terminal.run("--version")).isZero();
    assertThat(terminal.out()).startsWith("quorate ");
  }

  @Test
  void the_server_has_the_flags_that_are_promised() {
    assertThat(new CommandLine(new ServerCommand()).getCommandSpec().optionsMap())
        .containsOnlyKeys(
            "--config",
            "--node-id",
            "--data",
            "--client-addr",
            "--admin-addr",
            "--http-addr",
            "--peer-addr",
            "--raft-addr",
            "--bootstrap",
            "--join",
            "--role",
            "--mode",
            "--secret-file",
            "--client-domain",
            "--zone",
            "--insecure",
            "--tls-cert",
            "--tls-key",
            "--tls-ca",
            "--tls-client-auth",
            "--stop-at-eof",
            "-h",
            "--help",
            "-V",
            "--version");
  }

  @Test
  void a_completion_script_is_generated() {
    assertThat(terminal.run("generate-completion")).isZero();
    assertThat(terminal.out())
        .contains("complete -F _complete_quorate")
        .contains("--raft-addr")
        .contains("status");
  }
}
