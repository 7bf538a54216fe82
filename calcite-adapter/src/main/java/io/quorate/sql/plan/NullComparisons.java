package io.quorate.sql.plan;

import org.apache.calcite.plan.Strong;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Makes NULL of comparisons with what is always NULL, without a look at the other side, as
 * PostgreSQL does. Calcite leaves them alone where the other side might fail, as {@code 1 / x <
 * NULL} might, and then does not take such a condition for one that holds. Stateless.
 */
final class NullComparisons extends CallRewrite {
  @Override
  RexNode rewritten(RexCall call) {
    return call.isA(SqlKind.COMPARISON) && isNull(call)
        ? Rex.BUILDER.makeNullLiteral(call.getType())
        : call;
  }

  private static boolean isNull(RexCall comparison) {
    return switch (comparison.getKind()) {
      case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM -> false;
      default ->
          comparison.getOperands().stream()
              .anyMatch(operand -> Strong.isNull(operand, ImmutableBitSet.of()));
    };
  }
}
