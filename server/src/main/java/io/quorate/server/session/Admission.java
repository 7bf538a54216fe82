package io.quorate.server.session;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.parse.StatementNode;
import io.quorate.sql.parse.StatementParser;
import org.apache.calcite.sql.SqlNode;

/** Which statements a node answers. */
public enum Admission {
  ALL,
  /** Those alone that need neither rows nor a leader: what a session or the node says of itself. */
  MAINTENANCE;

  /**
   * The statement, if it may go on.
   *
   * @throws QuorateException {@link ErrorCode#MAINTENANCE} if not
   * @throws io.quorate.sql.lang.SqlFailure when it is no statement at all
   */
  String admit(String sql) {
    if (this == MAINTENANCE && !isOfSession(StatementParser.parse(sql))) {
      throw refused();
    }
    return sql;
  }

  private static boolean isOfSession(SqlNode node) {
    if (!(node instanceof StatementNode parsed)) {
      return false;
    }
    Statement statement = parsed.statement();
    return statement instanceof Statement.SetSetting
        || statement instanceof Statement.ShowSetting
        || statement instanceof Statement.OfAdmin
        || statement instanceof Statement.Commit
        || statement instanceof Statement.Rollback;
  }

  /**
   * Passes where writes may begin.
   *
   * @throws QuorateException {@link ErrorCode#MAINTENANCE} elsewhere
   */
  void requireWrites() {
    if (this == MAINTENANCE) {
      throw refused();
    }
  }

  private static QuorateException refused() {
    return new QuorateException(
        ErrorCode.MAINTENANCE,
        "Not support in maintenance mode: this node is in mode admin and answers ADMIN, SET and"
            + " SHOW only; give it a role, or ask another node");
  }
}
