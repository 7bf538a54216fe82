package io.quorate.server.cli.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import sqlline.Application;
import sqlline.BuiltInProperty;
import sqlline.CommandHandler;
import sqlline.SqlLine;
import sqlline.SqlLineOpts;

/** How sqlline looks and what it knows beyond its own commands. Made by sqlline, by its name. */
public final class ShellApplication extends Application {
  /** Who asks is said by options; a cluster may have no users at all. */
  private static final String NO_QUESTIONS = "notAskCredentials";

  @Override
  public String getInfoMessage() {
    return "Quorate. SQL ends with a semicolon; !nodes, !leader, !tables, !help, !quit";
  }

  @Override
  public Collection<CommandHandler> getCommandHandlers(SqlLine shell) {
    List<CommandHandler> handlers = new ArrayList<>(super.getCommandHandlers(shell));
    handlers.addAll(ClusterCommand.all(shell));
    return handlers;
  }

  @Override
  public SqlLineOpts getOpts(SqlLine shell) {
    SqlLineOpts options = super.getOpts(shell);
    Path history = Path.of(System.getProperty("user.home"), ".quorate", "history");
    options.setHistoryFile(history.toString());
    options.set(BuiltInProperty.PROMPT, "quorate> ");
    options.set(BuiltInProperty.FAST_CONNECT, false);
    options.set(BuiltInProperty.CONNECT_INTERACTION_MODE, NO_QUESTIONS);
    return options;
  }
}
