package io.quorate.sql.plan;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * Lets the values of a CASE be NULL as far as their types say. Conversion makes {@code CASE WHEN x
 * IS NOT NULL THEN CAST(x AS ... NOT NULL) ELSE 3 END} of {@code COALESCE(x, 3)}, a cast that is
 * true only behind its guard. Where a comparison with it has become a condition, simplification
 * takes the guard for needless, since a comparison with NULL does not hold, and then turns around
 * what is left as if it never were NULL: {@code x <= 0} became false, and {@code x > 0} true, or
 * both, of no x. Here the cast goes around the whole CASE, of which it holds anywhere. Stateless.
 */
final class GuardedValues extends CallRewrite {
  @Override
  RexNode rewritten(RexCall call) {
    return call.getKind() == SqlKind.CASE ? unguarded(call) : call;
  }

  private static RexNode unguarded(RexCall choice) {
    List<RexNode> operands = choice.getOperands();
    List<RexNode> values =
        IntStream.range(0, operands.size())
            .mapToObj(
                i -> isValue(i, operands.size()) ? withoutCast(operands.get(i)) : operands.get(i))
            .toList();
    if (values.equals(operands)) {
      return choice;
    }
    RelDataType nullable = Types.FACTORY.createTypeWithNullability(choice.getType(), true);
    RexNode free = choice.clone(nullable, values);
    return choice.getType().isNullable()
        ? free
        : Rex.BUILDER.makeAbstractCast(choice.getType(), free, false);
  }

  /** Conditions and values alternate, and the last is a value. */
  private static boolean isValue(int operand, int operands) {
    return operand % 2 == 1 || operand == operands - 1;
  }

  private static RexNode withoutCast(RexNode value) {
    if (value.getKind() != SqlKind.CAST || value.getType().isNullable()) {
      return value;
    }
    RexNode operand = ((RexCall) value).getOperands().get(0);
    return operand.getType().isNullable()
            && SqlTypeUtil.equalSansNullability(Types.FACTORY, value.getType(), operand.getType())
        ? operand
        : value;
  }
}
