package io.quorate.server.cli.shell;

import java.util.List;
import sqlline.AbstractCommandHandler;
import sqlline.CommandHandler;
import sqlline.DispatchCallback;
import sqlline.SqlLine;

/** A word that stands for a query on the cluster. */
final class ClusterCommand extends AbstractCommandHandler {
  private final SqlLine shell;
  private final String query;

  private ClusterCommand(SqlLine shell, String name, String help, String query) {
    super(shell, new String[] {name}, help, List.of());
    this.shell = shell;
    this.query = query;
  }

  static List<CommandHandler> all(SqlLine shell) {
    return List.of(
        new ClusterCommand(
            shell, "nodes", "Show the nodes of the cluster", "SELECT * FROM system.nodes"),
        new ClusterCommand(
            shell,
            "leader",
            "Show the node that leads",
            "SELECT * FROM system.nodes WHERE leader"));
  }

  @Override
  public void execute(String line, DispatchCallback callback) {
    shell.runCommands(List.of(query + ";"), callback);
  }
}
