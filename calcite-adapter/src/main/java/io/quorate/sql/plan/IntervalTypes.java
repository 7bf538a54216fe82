package io.quorate.sql.plan;

import io.quorate.sql.catalog.IntervalFields;
import io.quorate.sql.catalog.IntervalFields.Field;
import io.quorate.sql.catalog.SqlType;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** Between interval types of the catalog and Calcite's. */
final class IntervalTypes {
  private IntervalTypes() {}

  static RelDataType toCalcite(SqlType type) {
    IntervalFields fields = type.fields();
    int digits =
        type.precision() == SqlType.UNBOUNDED ? IntervalFields.DIGITS_MAX : type.precision();
    return Types.FACTORY.createSqlIntervalType(
        new SqlIntervalQualifier(
            unit(fields.first()),
            digits,
            fields.isOne() ? null : unit(fields.last()),
            fields.last() == Field.SECOND ? fields.fraction() : RelDataType.PRECISION_NOT_SPECIFIED,
            SqlParserPos.ZERO));
  }

  /** That of as many digits as there can be. */
  static RelDataType of(SqlTypeName name) {
    Field last = field(name.getEndUnit());
    int fraction = last == Field.SECOND ? IntervalFields.FRACTION_MAX : 0;
    return toCalcite(
        new IntervalFields(field(name.getStartUnit()), last, fraction)
            .type(IntervalFields.DIGITS_MAX));
  }

  private static TimeUnit unit(Field field) {
    return TimeUnit.valueOf(field.name());
  }

  /** A quarter has months and a week has days. */
  static SqlType fromCalcite(RelDataType type) {
    SqlTypeName name = type.getSqlTypeName();
    Field last = field(name.getEndUnit());
    int fraction = last == Field.SECOND ? type.getScale() : 0;
    return new IntervalFields(field(name.getStartUnit()), last, fraction).type(type.getPrecision());
  }

  private static Field field(TimeUnit unit) {
    return Field.valueOf(unit.name());
  }

  /** All that count months, or all that count parts of a day. */
  static boolean isMonths(RelDataType type) {
    return SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName());
  }

  static boolean isInterval(RelDataType type) {
    return SqlTypeName.INTERVAL_TYPES.contains(type.getSqlTypeName());
  }

  /** Whether one is. */
  static boolean haveInterval(List<RelDataType> types) {
    return types.stream().anyMatch(IntervalTypes::isInterval);
  }
}
