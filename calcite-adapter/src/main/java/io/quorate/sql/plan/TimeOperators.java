package io.quorate.sql.plan;

import io.quorate.sql.catalog.IntervalFields;
import io.quorate.sql.catalog.IntervalFields.Field;
import io.quorate.sql.exec.TimeFunction;
import io.quorate.sql.parse.AtTimeZone;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/**
 * What {@code +}, {@code -} and EXTRACT do with dates, times and intervals beyond what Calcite's
 * do. Stateless.
 */
final class TimeOperators {
  /** CAST from or to types that Calcite's own converts otherwise; the type is that of the call. */
  static final TimeOperator CAST = new TimeOperator(TimeFunction.CAST, ReturnTypes.ARG0);

  private static final TimeOperator DIFFERENCE =
      new TimeOperator(TimeFunction.DIFFERENCE, TimeOperators::difference);
  private static final TimeOperator LATER =
      new TimeOperator(TimeFunction.LATER, TimeOperators::time);
  private static final TimeOperator EARLIER =
      new TimeOperator(TimeFunction.EARLIER, TimeOperators::time);
  private static final TimeOperator PART = new TimeOperator(TimeFunction.PART, TimeOperators::part);

  private static final TimeOperator MULTIPLE =
      new TimeOperator(TimeFunction.MULTIPLE, TimeOperators::interval);
  private static final TimeOperator QUOTIENT =
      new TimeOperator(TimeFunction.QUOTIENT, TimeOperators::interval);

  /** By the operator that it stands in the place of. */
  private static final Map<SqlOperator, SqlOperator> PLACED =
      Map.of(
          SqlStdOperatorTable.PLUS,
          new Typed(SqlStdOperatorTable.PLUS, LATER),
          SqlStdOperatorTable.MINUS,
          new Typed(SqlStdOperatorTable.MINUS, EARLIER),
          SqlStdOperatorTable.MULTIPLY,
          new Typed(SqlStdOperatorTable.MULTIPLY, MULTIPLE),
          SqlStdOperatorTable.DIVIDE,
          new Typed(SqlStdOperatorTable.DIVIDE, QUOTIENT));

  /** Those that have a fraction, and one that PostgreSQL counts from 0. */
  private static final Set<String> PARTS = Set.of("SECOND", "EPOCH", "DOW");

  private static final int EPOCH_DIGITS = 14;

  private TimeOperators() {}

  /** What is to stand in the place of an operator, so that it learns of the types. */
  static Optional<SqlNode> of(SqlCall call) {
    SqlParserPos at = call.getParserPosition();
    if (call.getOperator().equals(AtTimeZone.OPERATOR)) {
      return Optional.of(ZoneOperator.INSTANCE.createCall(at, call.getOperandList()));
    }
    SqlOperator placed = PLACED.get(call.getOperator());
    if (placed != null) {
      return Optional.of(placed.createCall(at, call.getOperandList()));
    }
    if (call.getKind() == SqlKind.EXTRACT
        && call.operandCount() == 2
        && call.operand(0) instanceof SqlIntervalQualifier unit) {
      String name = unit.timeFrameName == null ? unit.getStartUnit().name() : unit.timeFrameName;
      return PARTS.contains(name.toUpperCase(Locale.ROOT))
          ? Optional.of(
              PART.createCall(
                  at,
                  SqlLiteral.createCharString(name.toUpperCase(Locale.ROOT), at),
                  call.operand(1)))
          : Optional.empty();
    }
    return Optional.empty();
  }

  private static RelDataType difference(SqlOperatorBinding call) {
    SqlTypeName first = call.getOperandType(0).getSqlTypeName();
    SqlTypeName second = call.getOperandType(1).getSqlTypeName();
    if (first == SqlTypeName.DATE && second == SqlTypeName.DATE) {
      return call.getTypeFactory().createSqlType(SqlTypeName.INTEGER);
    }
    int fraction = Math.max(fraction(call.getOperandType(0)), fraction(call.getOperandType(1)));
    Field from = first == SqlTypeName.TIME ? Field.HOUR : Field.DAY;
    return IntervalTypes.toCalcite(
        new IntervalFields(from, Field.SECOND, fraction).type(IntervalFields.DIGITS_MAX));
  }

  /** Digits of the fraction of its seconds. */
  private static int fraction(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> Math.max(type.getPrecision(), 0);
      default ->
          SqlTypeName.INTERVAL_TYPES.contains(type.getSqlTypeName())
              ? Types.fromCalcite(type).fields().fraction()
              : 0;
    };
  }

  private static RelDataType time(SqlOperatorBinding call) {
    RelDataType first = call.getOperandType(0);
    RelDataType time = isTime(first) ? first : call.getOperandType(1);
    int fraction = Math.max(fraction(first), fraction(call.getOperandType(1)));
    if (isInstant(time) && fraction > fraction(time)) {
      return call.getTypeFactory().createSqlType(time.getSqlTypeName(), fraction);
    }
    return call.getTypeFactory().createTypeWithNullability(time, false);
  }

  private static RelDataType interval(SqlOperatorBinding call) {
    RelDataType first = call.getOperandType(0);
    RelDataType interval = IntervalTypes.isInterval(first) ? first : call.getOperandType(1);
    return call.getTypeFactory().createTypeWithNullability(interval, false);
  }

  private static RelDataType part(SqlOperatorBinding call) {
    String unit = call.getOperandLiteralValue(0, String.class);
    RelDataType value = call.getOperandType(1);
    boolean ofDay = "DOW".equals(unit);
    if (ofDay ? !hasDay(value) : !isTime(value) && !IntervalTypes.isInterval(value)) {
      throw call.newError(
          org.apache.calcite.util.Static.RESOURCE.canNotApplyOp2Type(
              "EXTRACT",
              "EXTRACT(" + unit + " FROM <" + value + ">)",
              ofDay ? "a date or a timestamp" : "a date, a time or an interval"));
    }
    int fraction = fraction(value);
    if (ofDay) {
      return call.getTypeFactory().createSqlType(SqlTypeName.BIGINT);
    }
    int digits = "SECOND".equals(unit) ? 2 : EPOCH_DIGITS;
    return call.getTypeFactory().createSqlType(SqlTypeName.DECIMAL, digits + fraction, fraction);
  }

  private static boolean isTime(RelDataType type) {
    return SqlTypeName.DATETIME_TYPES.contains(type.getSqlTypeName());
  }

  private static boolean hasDay(RelDataType type) {
    return isTime(type) && type.getSqlTypeName() != SqlTypeName.TIME;
  }

  private static boolean isInstant(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  /** Becomes Calcite's own, or what stands for it, as soon as it is asked for its type. */
  private static final class Typed extends SqlBinaryOperator {
    private final SqlBinaryOperator plain;
    private final TimeOperator other;

    Typed(SqlBinaryOperator plain, TimeOperator other) {
      super(
          plain.getName(),
          plain.getKind(),
          plain.getLeftPrec(),
          true,
          ReturnTypes.NULLABLE_SUM,
          InferTypes.FIRST_KNOWN,
          OperandTypes.ANY_ANY);
      this.plain = plain;
      this.other = other;
    }

    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
      RelDataType left = validator.deriveType(scope, call.operand(0));
      RelDataType right = validator.deriveType(scope, call.operand(1));
      SqlOperator operator = operator(left, right);
      ((SqlBasicCall) call).setOperator(operator);
      if (operator.equals(plain)) {
        widen(validator, scope, call, List.of(left, right));
      }
      return operator.deriveType(validator, scope, call);
    }

    private SqlOperator operator(RelDataType left, RelDataType right) {
      if (kind == SqlKind.MINUS && isTime(left) && isTime(right)) {
        boolean time = left.getSqlTypeName() == SqlTypeName.TIME;
        return time == (right.getSqlTypeName() == SqlTypeName.TIME) ? DIFFERENCE : plain;
      }
      if (kind == SqlKind.TIMES || kind == SqlKind.DIVIDE) {
        return multiplies(left, right) || (kind == SqlKind.TIMES && multiplies(right, left))
            ? other
            : plain;
      }
      return shifts(left, right) || (kind == SqlKind.PLUS && shifts(right, left)) ? other : plain;
    }

    /** Where Calcite has nothing: days on a date, an interval on an instant. */
    private static boolean shifts(RelDataType time, RelDataType by) {
      return time.getSqlTypeName() == SqlTypeName.DATE
          ? SqlTypeName.INT_TYPES.contains(by.getSqlTypeName())
          : isInstant(time) && IntervalTypes.isInterval(by);
    }

    private static boolean multiplies(RelDataType interval, RelDataType by) {
      return IntervalTypes.isInterval(interval)
          && SqlTypeName.NUMERIC_TYPES.contains(by.getSqlTypeName());
    }

    /** A date becomes a time, and a time as fine, as the interval that is added to it. */
    private static void widen(
        SqlValidator validator, SqlValidatorScope scope, SqlCall call, List<RelDataType> types) {
      for (int i = 0; i < 2; i++) {
        RelDataType time = types.get(i);
        RelDataType by = types.get(1 - i);
        if (!IntervalTypes.isInterval(by) || IntervalTypes.isMonths(by) || !isTime(time)) {
          continue;
        }
        int fraction = fraction(by);
        boolean ofDay = Types.fromCalcite(by).fields().last() != Field.DAY;
        SqlTypeName name = time.getSqlTypeName();
        if (name == SqlTypeName.DATE ? ofDay : fraction > fraction(time)) {
          RelDataType wide =
              validator
                  .getTypeFactory()
                  .createSqlType(name == SqlTypeName.DATE ? SqlTypeName.TIMESTAMP : name, fraction);
          SqlNode operand = call.operand(i);
          SqlNode cast =
              SqlStdOperatorTable.CAST.createCall(
                  operand.getParserPosition(), operand, SqlTypeUtil.convertTypeToSpec(wide));
          validator.deriveType(scope, cast);
          call.setOperand(i, cast);
        }
      }
    }
  }
}
