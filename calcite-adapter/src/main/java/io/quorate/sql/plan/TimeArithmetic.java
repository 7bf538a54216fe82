package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Intervals;
import io.quorate.sql.exec.TimeFunction;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/** Sums of dates, times and intervals in short plans. Stateless. */
final class TimeArithmetic {
  private TimeArithmetic() {}

  static boolean isKnown(RexCall call) {
    List<RexNode> operands = call.getOperands();
    RelDataType first = operands.get(0).getType();
    if (operands.size() == 1) {
      return call.getKind() == SqlKind.MINUS_PREFIX && IntervalTypes.isInterval(first);
    }
    RelDataType second = operands.get(1).getType();
    boolean intervals = IntervalTypes.isInterval(first) && IntervalTypes.isInterval(second);
    return switch (call.getKind()) {
      case PLUS, MINUS ->
          (intervals && IntervalTypes.isInterval(call.getType()))
              || (isTime(first) && IntervalTypes.isInterval(second) && isTime(call.getType()));
      default -> false;
    };
  }

  private static boolean isTime(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case DATE, TIME, TIMESTAMP -> true;
      default -> false;
    };
  }

  static Expression of(RexCall call, List<Expression> operands) {
    int sign = call.getKind() == SqlKind.MINUS ? -1 : 1;
    Expression left = operands.get(0);
    if (operands.size() == 1) {
      return frame -> {
        Object value = left.evaluate(frame);
        return value == null ? null : Intervals.multiple(value, -1);
      };
    }
    Expression right = operands.get(1);
    boolean shifts = isTime(call.getType());
    return frame -> {
      Object x = left.evaluate(frame);
      Object y = right.evaluate(frame);
      if (x == null || y == null) {
        return null;
      }
      return shifts ? TimeFunction.shifted(x, y, sign) : Intervals.sum(x, y, sign);
    };
  }

  static Expression of(TimeFunction function, RexCall call, List<Expression> operands) {
    SqlType result = Types.fromCalcite(call.getType());
    SqlType[] types =
        call.getOperands().stream()
            .map(operand -> Types.fromCalcite(operand.getType()))
            .toArray(SqlType[]::new);
    return frame -> {
      Object[] values = new Object[types.length];
      for (int i = 0; i < values.length; i++) {
        Object value = operands.get(i).evaluate(frame);
        if (value == null) {
          return null;
        }
        values[i] = value;
      }
      return function.apply(values, types, result);
    };
  }
}
