package io.quorate.sql.parse;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * INSERT, UPDATE or DELETE with RETURNING behind it. Taken apart before Calcite validates anything.
 * Immutable.
 */
public final class ReturningNode extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("RETURNING", SqlKind.OTHER);

  private final SqlNode change;
  private final SqlNodeList items;

  ReturningNode(SqlParserPos position, SqlNode change, SqlNodeList items) {
    super(position);
    this.change = change;
    this.items = items;
  }

  public SqlNode change() {
    return change;
  }

  /** As those of SELECT. */
  public SqlNodeList items() {
    return items;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(change, items);
  }
}
