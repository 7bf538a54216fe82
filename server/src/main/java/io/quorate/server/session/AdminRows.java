package io.quorate.server.session;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.parse.AdminStatement;
import java.util.List;
import java.util.stream.Stream;

/**
 * The columns of what ADMIN SHOW and CHECK CLUSTER answer; the words of HTTP's fields, with SQL's
 * types.
 */
public final class AdminRows {
  private static final List<ResultColumn> NODES =
      List.of(
          text("NAME"),
          text("ROLE"),
          text("STATUS"),
          text("ADDRESS"),
          column("LAST_UPDATE", new SqlType(SqlType.Name.TIMESTAMP, 3, 0)),
          number("HEARTBEAT"),
          number("TERM"),
          number("APPLIED_REVISION"),
          number("DURABLE_REVISION"),
          number("LAG"),
          text("LEADER"),
          text("MEMBER_ID"),
          text("ZONE"));

  private static final List<ResultColumn> REPLICAS =
      List.of(
          text("NODE"),
          number("REVISION"),
          new ResultColumn("HASH", SqlType.of(SqlType.Name.VARCHAR), true, "", "", ""),
          text("VERDICT"),
          text("DETAIL"));

  private AdminRows() {}

  /** Those of the statement's rows. */
  static List<ResultColumn> columns(AdminStatement.Show show) {
    return switch (show.subject()) {
      case CURRENT_NODE, NODE, NODES -> NODES;
      case VARIABLE, VARIABLES, CONFIGS -> Stream.of("NAME", "VALUE").map(AdminRows::text).toList();
      case REPLICAS -> REPLICAS;
    };
  }

  private static ResultColumn text(String name) {
    return column(name, SqlType.of(SqlType.Name.VARCHAR));
  }

  private static ResultColumn number(String name) {
    return column(name, SqlType.of(SqlType.Name.BIGINT));
  }

  private static ResultColumn column(String name, SqlType type) {
    return new ResultColumn(name, type, false, "", "", "");
  }
}
