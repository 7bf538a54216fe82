package io.quorate.sql.plan;

import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.Intervals;
import io.quorate.sql.exec.JsonText;
import io.quorate.sql.exec.OctetLength;
import io.quorate.sql.exec.RandomIds;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.calcite.sql.SqlOperator;
import org.jspecify.annotations.Nullable;

/** The functions that short plans compute themselves. */
final class Functions {
  private Functions() {}

  static Optional<Expression> find(SqlOperator operator, List<Expression> operands) {
    if (operator instanceof SequenceFunction sequence) {
      return Optional.of(frame -> sequence.value(frame.context()));
    }
    if (operator.equals(JsonCast.INSTANCE)) {
      return text(operands, JsonText::require);
    }
    return switch (operator.getName()) {
      case "UPPER" -> text(operands, text -> text.toUpperCase(Locale.ROOT));
      case "LOWER" -> text(operands, text -> text.toLowerCase(Locale.ROOT));
      case "CHAR_LENGTH", "CHARACTER_LENGTH" ->
          text(operands, text -> text.codePointCount(0, text.length()));
      case LobLength.NAME -> octets(operands);
      case "||" -> Optional.of(concatenation(operands));
      case "ABS" -> magnitude(operands);
      case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> constant(operands, Frame::now);
      case "CURRENT_DATE" -> constant(operands, frame -> frame.now().toLocalDate());
      case "CURRENT_TIME", "LOCALTIME" -> constant(operands, frame -> frame.now().toLocalTime());
      case "USER", "CURRENT_USER", "SESSION_USER" ->
          constant(operands, frame -> frame.context().user());
      case SessionFunctions.LAST_COMMIT_TOKEN ->
          constant(operands, frame -> frame.context().commitToken().get());
      case "RAND" -> constant(operands, frame -> frame.context().random().nextDouble());
      case "UUID", "RANDOM_UUID", "GEN_RANDOM_UUID" -> constant(operands, frame -> uuid(frame));
      default -> Optional.empty();
    };
  }

  private static UUID uuid(Frame frame) {
    return RandomIds.next(frame.context().random());
  }

  private static Optional<Expression> constant(
      List<Expression> operands, Function<Frame, Object> value) {
    return operands.isEmpty() ? Optional.of(value::apply) : Optional.empty();
  }

  private static Optional<Expression> text(
      List<Expression> operands, Function<String, Object> function) {
    if (operands.size() != 1) {
      return Optional.empty();
    }
    Expression operand = operands.get(0);
    return Optional.of(
        frame -> {
          Object value = operand.evaluate(frame);
          return value == null ? null : function.apply((String) value);
        });
  }

  private static Optional<Expression> octets(List<Expression> operands) {
    Expression operand = operands.get(0);
    return Optional.of(
        frame -> {
          Object value = operand.evaluate(frame);
          return value == null ? null : OctetLength.of(value);
        });
  }

  private static Expression concatenation(List<Expression> operands) {
    return frame -> {
      StringBuilder text = new StringBuilder();
      for (Expression operand : operands) {
        Object value = operand.evaluate(frame);
        if (!(value instanceof String part)) {
          return null;
        }
        text.append(part);
      }
      return text.toString();
    };
  }

  private static Optional<Expression> magnitude(List<Expression> operands) {
    Expression operand = operands.get(0);
    return Optional.of(frame -> magnitude(operand.evaluate(frame)));
  }

  private static @Nullable Object magnitude(@Nullable Object value) {
    if (value instanceof Duration || value instanceof Period) {
      return Intervals.magnitude(value);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.abs();
    }
    if (value instanceof Double real) {
      return Math.abs(real);
    }
    if (value instanceof Float real) {
      return Math.abs(real);
    }
    if (value instanceof Long number) {
      return magnitude(number, Long.MIN_VALUE);
    }
    if (value instanceof Integer number) {
      return (int) magnitude(number, Integer.MIN_VALUE);
    }
    if (value instanceof Short number) {
      return (short) magnitude(number, Short.MIN_VALUE);
    }
    return value instanceof Byte number ? (Object) (byte) magnitude(number, Byte.MIN_VALUE) : null;
  }

  private static long magnitude(long value, long least) {
    if (value == least) {
      throw new SqlFailure(
          State.NUMBER_OUT_OF_RANGE, "the absolute value of " + value + " is out of range");
    }
    return Math.abs(value);
  }
}
