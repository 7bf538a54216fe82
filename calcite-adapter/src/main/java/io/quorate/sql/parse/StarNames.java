package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A star with names for its columns: {@code SELECT * AS (c, d) FROM t}, which is {@code SELECT c, d
 * FROM (SELECT * FROM t) AS "*"(c, d)}. Only between those two forms is there such a node.
 * Immutable.
 */
final class StarNames extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("STAR_NAMES", SqlKind.OTHER);

  /** No name that anybody would give. */
  private static final String TABLE = "*";

  private final SqlIdentifier star;
  private final SqlNodeList names;

  private StarNames(SqlParserPos position, SqlIdentifier star, SqlNodeList names) {
    super(position);
    this.star = star;
    this.names = names;
  }

  /**
   * The star with its names.
   *
   * @throws SqlFailure {@link State#SYNTAX_ERROR} when it is none
   */
  static SqlNode of(SqlNode item, SqlNodeList names) {
    if (!(item instanceof SqlIdentifier star) || !star.isStar()) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(names.getParserPosition())
              + "a list of names stands behind a star only; one column has one name");
    }
    return new StarNames(item.getParserPosition(), star, names);
  }

  /** The query, with the names of its star if it has some. */
  static SqlSelect expanded(SqlSelect select) {
    List<SqlNode> items = new ArrayList<>();
    StarNames found = null;
    for (SqlNode item : select.getSelectList()) {
      if (item instanceof StarNames named) {
        found = named;
      }
      items.add(Objects.requireNonNull(item));
    }
    if (found == null) {
      return select;
    }
    if (items.size() > 1) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          SyntaxErrors.at(found.getParserPosition())
              + "a star with names for its columns stands alone behind SELECT");
    }
    SqlParserPos at = found.getParserPosition();
    select.setSelectList(SqlNodeList.of(found.star));
    List<SqlNode> table = new ArrayList<>(List.of(select, new SqlIdentifier(TABLE, at)));
    SqlNodeList columns = new SqlNodeList(at);
    for (SqlNode name : found.names) {
      table.add(Objects.requireNonNull(name));
      columns.add(new SqlIdentifier(((SqlIdentifier) name).getSimple(), name.getParserPosition()));
    }
    return new SqlSelect(
        at,
        null,
        columns,
        SqlStdOperatorTable.AS.createCall(at, table),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(star, names);
  }
}
