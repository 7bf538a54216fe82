package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.apache.calcite.sql.SqlKind;

/** Sums, differences, products and quotients that say so when they overflow. */
@FunctionalInterface
interface Arithmetic {
  /** Digits kept of a quotient that does not end: as many as a DECIMAL can have. */
  MathContext DIGITS = new MathContext(TypeSystem.DECIMAL_DIGITS_MAX, RoundingMode.HALF_UP);

  Object apply(Object left, Object right);

  /** {@code MINUS_PREFIX} is what is left of 0. */
  static Arithmetic of(SqlKind kind, SqlType type) {
    return switch (type.name()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          (left, right) -> {
            try {
              return Conversion.convert(
                  exact(kind, ((Number) left).longValue(), ((Number) right).longValue()), type);
            } catch (ArithmeticException e) {
              throw new SqlFailure(State.NUMBER_OUT_OF_RANGE, type + " out of range", e);
            }
          };
      case DECIMAL -> (left, right) -> decimal(kind, big(left), big(right));
      case REAL ->
          (left, right) ->
              (float)
                  approximate(kind, ((Number) left).doubleValue(), ((Number) right).doubleValue());
      default ->
          (left, right) ->
              approximate(kind, ((Number) left).doubleValue(), ((Number) right).doubleValue());
    };
  }

  private static BigDecimal big(Object number) {
    return (BigDecimal) Conversion.convert(number, SqlType.of(SqlType.Name.DECIMAL));
  }

  private static long exact(SqlKind kind, long left, long right) {
    return switch (kind) {
      case PLUS -> Math.addExact(left, right);
      case MINUS, MINUS_PREFIX -> Math.subtractExact(left, right);
      case TIMES -> Math.multiplyExact(left, right);
      case DIVIDE -> {
        checkDivisor(right == 0);
        yield left == Long.MIN_VALUE ? Math.negateExact(left / -right) : left / right;
      }
      default -> {
        checkDivisor(right == 0);
        yield left % right;
      }
    };
  }

  private static void checkDivisor(boolean isZero) {
    if (isZero) {
      throw new SqlFailure(State.DIVISION_BY_ZERO, "division by zero");
    }
  }

  private static BigDecimal decimal(SqlKind kind, BigDecimal left, BigDecimal right) {
    return switch (kind) {
      case PLUS -> left.add(right);
      case MINUS, MINUS_PREFIX -> left.subtract(right);
      case TIMES -> left.multiply(right);
      default -> {
        checkDivisor(right.signum() == 0);
        yield left.divide(right, DIGITS);
      }
    };
  }

  private static double approximate(SqlKind kind, double left, double right) {
    return switch (kind) {
      case PLUS -> left + right;
      case MINUS -> left - right;
      case MINUS_PREFIX -> -right;
      case TIMES -> left * right;
      default -> {
        checkDivisor(right == 0);
        yield kind == SqlKind.DIVIDE ? left / right : left % right;
      }
    };
  }
}
