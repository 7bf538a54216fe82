package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.jspecify.annotations.Nullable;

/**
 * {@code FETCH FIRST n ROWS WITH TIES} (SQL:2016 part 2, 7.17): a call of this stands where the
 * number of rows would, until it has become a condition on ranks. Stateless.
 */
public final class WithTies extends SqlFunction {
  public static final WithTies INSTANCE = new WithTies();

  private WithTies() {
    super(
        "WITH TIES",
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BIGINT,
        null,
        OperandTypes.NUMERIC,
        SqlFunctionCategory.SYSTEM);
  }

  static SqlNode of(SqlNode rows) {
    return INSTANCE.createCall(rows.getParserPosition(), rows);
  }

  /**
   * @throws SqlFailure {@link State#SYNTAX_ERROR} when nothing says which rows are ties
   */
  static void check(@Nullable SqlNodeList order, @Nullable SqlNode fetch) {
    if (order == null && fetch != null && rows(fetch).isPresent()) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(fetch.getParserPosition()) + "WITH TIES needs an ORDER BY");
    }
  }

  /** The number of rows of such a clause; empty for that of any other. */
  public static Optional<SqlNode> rows(@Nullable SqlNode fetch) {
    return fetch instanceof SqlCall call && call.getOperator().equals(INSTANCE)
        ? Optional.of(call.operand(0))
        : Optional.empty();
  }
}
