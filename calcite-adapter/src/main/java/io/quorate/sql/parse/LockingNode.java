package io.quorate.sql.parse;

import io.quorate.sql.lang.LockWait;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A query with FOR UPDATE or FOR SHARE behind it. Taken apart before Calcite validates anything.
 * Immutable.
 */
public final class LockingNode extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("FOR UPDATE", SqlKind.OTHER);

  private final SqlNode query;
  private final boolean shared;
  private final SqlNodeList tables;
  private final LockWait waiting;

  LockingNode(
      SqlParserPos position, SqlNode query, boolean shared, SqlNodeList tables, LockWait waiting) {
    super(position);
    this.query = query;
    this.shared = shared;
    this.tables = tables;
    this.waiting = waiting;
  }

  public SqlNode query() {
    return query;
  }

  /** Whether others may lock the rows so too. */
  public boolean shared() {
    return shared;
  }

  /** The names behind OF; none for all tables of the query. */
  public SqlNodeList tables() {
    return tables;
  }

  public LockWait waiting() {
    return waiting;
  }

  /** As in a message. */
  public String shown() {
    return shared ? "FOR SHARE" : "FOR UPDATE";
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(query, tables);
  }
}
