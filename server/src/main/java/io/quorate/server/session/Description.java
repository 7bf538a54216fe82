package io.quorate.server.session;

import io.quorate.sql.exec.ResultColumn;
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
}
