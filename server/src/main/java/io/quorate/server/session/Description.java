package io.quorate.server.session;

import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.parse.AdminStatement;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.plan.SessionCommand;
import java.util.List;

/**
 * What a statement returns and takes.
 *
 * @param columns empty when it returns no rows
 */
public record Description(
    List<ResultColumn> columns, List<ResultColumn> parameters, boolean returnsRows) {
  public Description {
    columns = List.copyOf(columns);
    parameters = List.copyOf(parameters);
  }

  static Description of(Plan plan) {
    if (plan instanceof Plan.Query query) {
      return new Description(query.columns(), query.parameters(), true);
    }
    if (plan instanceof Plan.Session session
        && session.command() instanceof SessionCommand.Show show) {
      return new Description(SettingRows.columns(show), List.of(), true);
    }
    if (plan instanceof Plan.Session session
        && session.command() instanceof SessionCommand.ExplainRouting) {
      return new Description(RoutingRows.columns(), plan.parameters(), true);
    }
    if (plan instanceof Plan.Session session
        && session.command() instanceof SessionCommand.Admin admin
        && admin.statement() instanceof AdminStatement.Show show) {
      return new Description(AdminRows.columns(show), List.of(), true);
    }
    if (plan instanceof Plan.Change change && !change.returning().isEmpty()) {
      return new Description(change.returning(), change.parameters(), true);
    }
    return new Description(List.of(), plan.parameters(), false);
  }
}
