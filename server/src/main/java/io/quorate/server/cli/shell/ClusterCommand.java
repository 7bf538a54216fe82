package io.quorate.server.cli.shell;

import java.util.List;
import sqlline.AbstractCommandHandler;
import sqlline.CommandHandler;
import sqlline.DispatchCallback;
import sqlline.SqlLine;

/** A word that stands for a query on the cluster. */
final class ClusterCommand extends AbstractCommandHandler {
  /** What fits into 80 columns. */
  private static final String NODES =
      "SELECT name, role, status, term, applied_revision AS applied, lag, client_address AS client"
          + " FROM system.nodes";

  private final SqlLine shell;
  private final String query;

  private ClusterCommand(SqlLine shell, String name, String help, String query) {
    super(shell, new String[] {name}, help, List.of());
    this.shell = shell;
    this.query = query;
  }

  static List<CommandHandler> all(SqlLine shell) {
    return List.of(
        new ClusterCommand(shell, "nodes", "Show the nodes of the cluster", NODES),
        new ClusterCommand(shell, "leader", "Show the node that leads", NODES + " WHERE leader"));
  }

  @Override
  public void execute(String line, DispatchCallback callback) {
    shell.runCommands(List.of(query + ";"), callback);
  }
}
