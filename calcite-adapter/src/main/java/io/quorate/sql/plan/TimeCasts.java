package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.Conversion;
import io.quorate.sql.lang.SqlFailure;
import java.time.OffsetDateTime;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/**
 * Casts from and to intervals and instants, which Calcite's generated code does in other ways than
 * short plans, on their way to algebra. Stateless.
 */
final class TimeCasts {
  private TimeCasts() {}

  /** Calcite's, but of such casts. */
  static @Nullable SqlRexConvertlet convertlet(SqlCall call) {
    SqlRexConvertlet plain = StandardConvertletTable.INSTANCE.get(call);
    return call.getKind() != SqlKind.CAST || call.operandCount() != 2 || plain == null
        ? plain
        : (context, cast) -> convert(context, cast, plain);
  }

  private static RexNode convert(SqlRexContext context, SqlCall cast, SqlRexConvertlet plain) {
    // In a DEFAULT the validator does not know it.
    RelDataType from = context.getValidator().getValidatedNodeTypeIfKnown(cast.operand(0));
    boolean toTime = isTimeSpec(cast.operand(1));
    if (!toTime && from != null && !isOfTime(from)) {
      return plain.convertCall(context, cast);
    }
    RexNode value = context.convertExpression(cast.operand(0));
    if (value.getType().getSqlTypeName() == SqlTypeName.NULL
        || (!toTime && !isOfTime(value.getType()))) {
      return plain.convertCall(context, cast);
    }
    return cast(context, value, target(context, cast.operand(1), value.getType().isNullable()));
  }

  private static boolean isTimeSpec(SqlNode target) {
    return target instanceof SqlIntervalQualifier
        || (target instanceof SqlDataTypeSpec spec
            && spec.getTypeName().isSimple()
            && (spec.getTypeName().getSimple().equals(SqlTypeName.TIMESTAMP_TZ.name())
                || spec.getTypeName()
                    .getSimple()
                    .equals(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE.name())));
  }

  private static boolean isOfTime(RelDataType type) {
    return IntervalTypes.isInterval(type)
        || type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  private static RelDataType target(SqlRexContext context, SqlNode target, boolean nullable) {
    RelDataTypeFactory factory = context.getTypeFactory();
    RelDataType type =
        target instanceof SqlIntervalQualifier fields
            ? factory.createSqlIntervalType(fields)
            : ((SqlDataTypeSpec) target).deriveType(context.getValidator());
    return factory.createTypeWithNullability(type, nullable);
  }

  /** Of a literal an instant is one too, so that the planner knows it. */
  private static RexNode cast(SqlRexContext context, RexNode value, RelDataType to) {
    if (to.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
        && value instanceof RexLiteral literal
        && !literal.isNull()
        && Literals.isKnown(literal)) {
      SqlType type = Types.fromCalcite(to);
      try {
        OffsetDateTime instant = (OffsetDateTime) Conversion.cast(Literals.value(literal), type);
        if (instant.getYear() > 0 && instant.getYear() < 10_000) {
          String text = instant.toLocalDate() + " " + instant.toLocalTime().withNano(0);
          TimestampString time =
              new TimestampString(text.length() < 19 ? text + ":00" : text)
                  .withNanos(instant.getNano());
          return context
              .getRexBuilder()
              .makeTimestampWithLocalTimeZoneLiteral(time, to.getPrecision());
        }
      } catch (SqlFailure unreadable) {
        // It is told when it is computed, if ever: CASE may go around it.
        return context.getRexBuilder().makeCall(to, TimeOperators.CAST, List.of(value));
      }
    }
    return context.getRexBuilder().makeCall(to, TimeOperators.CAST, List.of(value));
  }
}
