package io.quorate.sql.plan;

import io.quorate.sql.exec.CommonFunctions;
import java.util.List;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;

/**
 * Has texts of the type CHAR(n) compared without the blanks at their ends, which count for nothing
 * there (SQL:2016 part 2, 8.2). Stored ones have none, but generated code fills parameters and
 * casts up with them.
 */
final class UnpaddedComparisons extends CallRewrite {
  private static final Unpadded UNPADDED = new Unpadded();

  @Override
  RexNode rewritten(RexCall call) {
    return call.isA(SqlKind.COMPARISON)
        ? call.clone(
            call.getType(), call.getOperands().stream().map(UnpaddedComparisons::unpadded).toList())
        : call;
  }

  private static RexNode unpadded(RexNode operand) {
    return isFilledUp(operand)
        ? Rex.BUILDER.makeCall(operand.getType(), UNPADDED, List.of(operand))
        : operand;
  }

  /** Whether its values may have blanks at their ends that count for nothing. */
  static boolean isFilledUp(RexNode value) {
    return value.getType().getSqlTypeName() == SqlTypeName.CHAR
        && (value instanceof RexDynamicParam || value.isA(SqlKind.CAST));
  }

  private static final class Unpadded extends SqlUserDefinedFunction {
    Unpadded() {
      super(
          new SqlIdentifier("UNPADDED", SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.ARG0,
          InferTypes.FIRST_KNOWN,
          GeneratedFunction.NO_OPERANDS,
          GeneratedFunction.strict(
              SqlTypeName.VARCHAR,
              (translator, call, operands) ->
                  Expressions.call(CommonFunctions.class, "unpadded", operands.get(0))));
    }
  }
}
