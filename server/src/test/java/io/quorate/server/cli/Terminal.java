package io.quorate.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs a command in process and keeps what it printed. */
final class Terminal {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine command;

  private Terminal(CommandLine command) {
    this.command = command;
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
  }

  static Terminal ofMain() {
    return new Terminal(Main.commandLine());
  }

  /** One command alone, which is then written without its name. */
  static Terminal of(Object command) {
    return new Terminal(Main.handlingErrors(new CommandLine(command)));
  }

  int run(String... arguments) {
    return command.execute(arguments);
  }

  CommandLine command() {
    return command;
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
