package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.exec.CommonFunctions;
import io.quorate.sql.exec.Constant;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.ValueList;
import io.quorate.sql.exec.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes the expressions of short plans: the common part of SQL, computed on values as they are
 * outside, so that a lookup needs no generated code and a TIMESTAMP keeps its nanoseconds. What it
 * does not know goes the general way. Stateless.
 */
final class RexCompiler {
  /** Thrown and caught here alone: something in the expression is not known. */
  private static final class Unknown extends RuntimeException {
    Unknown() {
      super("not known", null, false, false);
    }
  }

  private RexCompiler() {}

  /** The expression; empty when something in it is not known here. */
  static Optional<Expression> compile(RexNode node) {
    try {
      return Optional.of(expression(node));
    } catch (Unknown unknown) {
      return Optional.empty();
    }
  }

  /** All of them, or empty when something in one is not known here. */
  static Optional<List<Expression>> compile(List<? extends RexNode> nodes) {
    List<Expression> compiled = new ArrayList<>(nodes.size());
    for (RexNode node : nodes) {
      Optional<Expression> expression = compile(node);
      if (expression.isEmpty()) {
        return Optional.empty();
      }
      compiled.add(expression.get());
    }
    return Optional.of(compiled);
  }

  /** As {@link #compile}, of rows. */
  static Optional<List<List<Expression>>> compileRows(List<List<RexNode>> rows) {
    List<List<Expression>> all = new ArrayList<>(rows.size());
    for (List<RexNode> row : rows) {
      Optional<List<Expression>> compiled = compile(row);
      if (compiled.isEmpty()) {
        return Optional.empty();
      }
      all.add(compiled.get());
    }
    return Optional.of(all);
  }

  private static Expression expression(RexNode node) {
    if (node instanceof RexInputRef reference) {
      int column = reference.getIndex();
      return frame -> frame.column(column);
    }
    if (node instanceof RexLiteral literal) {
      return new Constant(literal(literal));
    }
    if (node instanceof RexDynamicParam parameter) {
      int ordinal = parameter.getIndex();
      return frame -> frame.parameter(ordinal);
    }
    if (node instanceof RexCall call) {
      return call(call);
    }
    throw new Unknown();
  }

  private static @Nullable Object literal(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    if (!Literals.isKnown(literal)) {
      throw new Unknown();
    }
    return Literals.value(literal);
  }

  private static Expression call(RexCall call) {
    List<RexNode> operands = call.getOperands();
    return switch (call.getKind()) {
      case AND -> and(expressions(operands));
      case OR -> or(expressions(operands));
      case NOT -> not(expression(operands.get(0)));
      case EQUALS -> comparison(operands, order -> order == 0);
      case NOT_EQUALS -> comparison(operands, order -> order != 0);
      case LESS_THAN -> comparison(operands, order -> order < 0);
      case LESS_THAN_OR_EQUAL -> comparison(operands, order -> order <= 0);
      case GREATER_THAN -> comparison(operands, order -> order > 0);
      case GREATER_THAN_OR_EQUAL -> comparison(operands, order -> order >= 0);
      case IS_NULL -> is(operands, value -> value == null);
      case IS_NOT_NULL -> is(operands, value -> value != null);
      case IS_TRUE -> is(operands, Boolean.TRUE::equals);
      case IS_NOT_TRUE -> is(operands, value -> !Boolean.TRUE.equals(value));
      case IS_FALSE -> is(operands, Boolean.FALSE::equals);
      case IS_NOT_FALSE -> is(operands, value -> !Boolean.FALSE.equals(value));
      case SEARCH -> search(call);
      case CASE -> choice(expressions(operands));
      case COALESCE -> coalesce(expressions(operands));
      case CAST -> cast(call);
      case LIKE -> like(call);
      case PLUS, MINUS, TIMES, DIVIDE, MOD, MINUS_PREFIX -> arithmetic(call);
      default -> function(call);
    };
  }

  private static List<Expression> expressions(List<RexNode> nodes) {
    return nodes.stream().map(RexCompiler::expression).toList();
  }

  private static Expression and(List<Expression> operands) {
    return frame -> {
      Boolean result = true;
      for (Expression operand : operands) {
        Object value = operand.evaluate(frame);
        if (value == null) {
          result = null;
        } else if (!(Boolean) value) {
          return false;
        }
      }
      return result;
    };
  }

  private static Expression or(List<Expression> operands) {
    return frame -> {
      Boolean result = false;
      for (Expression operand : operands) {
        Object value = operand.evaluate(frame);
        if (value == null) {
          result = null;
        } else if ((Boolean) value) {
          return true;
        }
      }
      return result;
    };
  }

  private static Expression not(Expression operand) {
    return frame -> {
      Object value = operand.evaluate(frame);
      return value == null ? null : (Object) !(Boolean) value;
    };
  }

  private static Expression comparison(List<RexNode> operands, IntPredicate holds) {
    RelDataType left = operands.get(0).getType();
    RelDataType right = operands.get(1).getType();
    if (operands.size() != 2 || !comparable(left, right)) {
      throw new Unknown();
    }
    Expression a = compared(operands.get(0));
    Expression b = compared(operands.get(1));
    return frame -> {
      Object x = a.evaluate(frame);
      Object y = b.evaluate(frame);
      return x == null || y == null ? null : (Object) holds.test(Values.compare(x, y));
    };
  }

  private static Expression compared(RexNode operand) {
    Expression value = expression(operand);
    if (!UnpaddedComparisons.isFilledUp(operand)) {
      return value;
    }
    return frame -> {
      Object text = value.evaluate(frame);
      return text == null ? null : CommonFunctions.unpadded((String) text);
    };
  }

  /** Whether values of the one type are compared with those of the other. */
  static boolean comparable(RelDataType left, RelDataType right) {
    if (isInstant(left) != isInstant(right)
        && left.getSqlTypeName() != SqlTypeName.NULL
        && right.getSqlTypeName() != SqlTypeName.NULL) {
      return false;
    }
    SqlTypeFamily family = left.getSqlTypeName().getFamily();
    return family != null
        && (family == right.getSqlTypeName().getFamily()
            || left.getSqlTypeName() == SqlTypeName.NULL
            || right.getSqlTypeName() == SqlTypeName.NULL
            || (isNumeric(left) && isNumeric(right)));
  }

  private static boolean isInstant(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  private static boolean isNumeric(RelDataType type) {
    return SqlTypeName.NUMERIC_TYPES.contains(type.getSqlTypeName());
  }

  private interface Truth {
    boolean of(@Nullable Object value);
  }

  private static Expression is(List<RexNode> operands, Truth truth) {
    Expression operand = expression(operands.get(0));
    return frame -> truth.of(operand.evaluate(frame));
  }

  /** Back to the comparisons that Calcite had folded into one. */
  private static Expression search(RexCall call) {
    RexNode expanded = RexUtil.expandSearch(Rex.BUILDER, null, call);
    if (expanded.getKind() == SqlKind.SEARCH) {
      throw new Unknown();
    }
    return expression(expanded);
  }

  private static Expression choice(List<Expression> operands) {
    return frame -> {
      int last = operands.size() - 1;
      for (int i = 0; i < last; i += 2) {
        if (Boolean.TRUE.equals(operands.get(i).evaluate(frame))) {
          return operands.get(i + 1).evaluate(frame);
        }
      }
      return operands.get(last).evaluate(frame);
    };
  }

  private static Expression coalesce(List<Expression> operands) {
    return frame -> {
      for (Expression operand : operands) {
        Object value = operand.evaluate(frame);
        if (value != null) {
          return value;
        }
      }
      return null;
    };
  }

  private static Expression cast(RexCall call) {
    RelDataType from = call.getOperands().get(0).getType();
    Expression operand = expression(call.getOperands().get(0));
    if (SqlTypeUtil.equalSansNullability(Types.FACTORY, from, call.getType())) {
      // Only said to be no NULL; a CHAR would be filled up.
      return operand;
    }
    boolean known =
        call.getType() instanceof CarriedType large
            ? large.takes(from)
            : CarriedType.isJson(from)
                ? SqlTypeName.CHAR_TYPES.contains(call.getType().getSqlTypeName())
                : Casts.isKnown(from.getSqlTypeName(), call.getType().getSqlTypeName());
    if (!known) {
      throw new Unknown();
    }
    SqlType type = Types.fromCalcite(call.getType());
    return frame -> {
      Object value = operand.evaluate(frame);
      return value == null ? null : Conversion.cast(value, type);
    };
  }

  private static Expression like(RexCall call) {
    boolean negated = call.getOperator().equals(SqlStdOperatorTable.NOT_LIKE);
    if (!negated && !call.getOperator().equals(SqlStdOperatorTable.LIKE)) {
      throw new Unknown();
    }
    List<Expression> operands = expressions(call.getOperands());
    return frame -> {
      Object text = operands.get(0).evaluate(frame);
      Object pattern = operands.get(1).evaluate(frame);
      Object escape = operands.size() > 2 ? operands.get(2).evaluate(frame) : "";
      if (text == null || pattern == null || escape == null) {
        return null;
      }
      return LikePattern.of((String) pattern, (String) escape).matches((String) text) != negated;
    };
  }

  private static Expression arithmetic(RexCall call) {
    RelDataType type = call.getType();
    if (TimeArithmetic.isKnown(call)) {
      return TimeArithmetic.of(call, expressions(call.getOperands()));
    }
    if (!isNumeric(type) || !call.getOperands().stream().allMatch(o -> isNumeric(o.getType()))) {
      throw new Unknown();
    }
    SqlType result = Types.fromCalcite(type);
    if (call.getKind() == SqlKind.MOD && result.name() == Name.DECIMAL) {
      throw new Unknown();
    }
    Arithmetic operation = Arithmetic.of(call.getKind(), result);
    List<Expression> operands = expressions(call.getOperands());
    Expression left = operands.get(0);
    if (operands.size() == 1) {
      return frame -> {
        Object x = left.evaluate(frame);
        return x == null ? null : operation.apply(0L, x);
      };
    }
    Expression right = operands.get(1);
    return frame -> {
      Object x = left.evaluate(frame);
      Object y = right.evaluate(frame);
      return x == null || y == null ? null : operation.apply(x, y);
    };
  }

  private static Expression function(RexCall call) {
    if (call.getOperator() instanceof InList list) {
      return inList(list.values(), expressions(call.getOperands()));
    }
    if (call.getOperator() instanceof TimeOperator operator) {
      return TimeArithmetic.of(operator.function(), call, expressions(call.getOperands()));
    }
    return Functions.find(call.getOperator(), expressions(call.getOperands()))
        .orElseThrow(Unknown::new);
  }

  private static Expression inList(ValueList list, List<Expression> operands) {
    return frame -> {
      @Nullable Object[] values = new @Nullable Object[operands.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = operands.get(i).evaluate(frame);
      }
      return frame.set(list).contains(values);
    };
  }

  /** Whether it is the same for every row, and for every evaluation of one statement. */
  static boolean isConstant(RexNode node) {
    return RexUtil.isDeterministic(node)
        && !RexUtil.containsInputRef(node)
        && RexUtil.SubQueryFinder.find(node) == null
        && !RexUtil.containsCorrelation(node);
  }

  /** Whether the frame's row satisfies the condition. */
  static boolean holds(Expression condition, Frame frame) {
    return Boolean.TRUE.equals(condition.evaluate(frame));
  }
}
