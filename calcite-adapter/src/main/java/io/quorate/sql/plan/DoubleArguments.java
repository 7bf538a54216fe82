package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/** Arguments of aggregates that are computed of DOUBLE, whatever numbers they are of. */
final class DoubleArguments {
  private DoubleArguments() {}

  static SqlNode of(SqlNode value, SqlParserPos at) {
    return SqlStdOperatorTable.CAST.createCall(
        at, value, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.DOUBLE, at), at));
  }

  /**
   * Of what {@link #of} has made: a cast takes more than numbers.
   *
   * @param count how many of the arguments, from the first
   * @throws SqlFailure {@link State#TYPE_MISMATCH} when an argument is no number
   */
  static void check(SqlValidator validator, SqlValidatorScope scope, SqlCall call, int count) {
    List<SqlNode> arguments = call.getOperandList();
    // A call with too few is refused by who looks at their types.
    for (SqlNode argument : arguments.subList(0, Math.min(count, arguments.size()))) {
      if (argument.getKind() != SqlKind.CAST) {
        continue;
      }
      SqlNode value = ((SqlCall) argument).operand(0);
      if (value.getKind() == SqlKind.DYNAMIC_PARAM || SqlUtil.isNullLiteral(value, true)) {
        continue; // of the type of the cast
      }
      RelDataType type = validator.deriveType(scope, value);
      if (!SqlTypeUtil.isNumeric(type) && type.getSqlTypeName() != SqlTypeName.NULL) {
        throw new SqlFailure(
            State.TYPE_MISMATCH,
            call.getOperator().getName().replace("$", "") + " is of numbers, not of " + type);
      }
    }
  }
}
