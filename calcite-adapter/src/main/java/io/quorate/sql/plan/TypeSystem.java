package io.quorate.sql.plan;

import java.math.RoundingMode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * How types follow from types: DECIMAL of 38 digits, sums that hold what they add up, means and
 * quotients with at least ten digits behind the point.
 */
final class TypeSystem extends RelDataTypeSystemImpl {
  static final int DECIMAL_DIGITS_MAX = 38;
  static final int FRACTION_DIGITS_MAX = 9;
  private static final int FRACTION_DIGITS = 6;
  private static final int QUOTIENT_SCALE_MIN = 10;
  private static final int QUOTIENT_SCALE_MAX = 20;

  @Override
  public int getMaxPrecision(SqlTypeName typeName) {
    return switch (typeName) {
      case DECIMAL -> DECIMAL_DIGITS_MAX;
      case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> FRACTION_DIGITS_MAX;
      default -> super.getMaxPrecision(typeName);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName typeName) {
    return typeName == SqlTypeName.DECIMAL ? DECIMAL_DIGITS_MAX : super.getMaxScale(typeName);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName typeName) {
    return switch (typeName) {
      case DECIMAL -> DECIMAL_DIGITS_MAX;
      case TIMESTAMP, TIME, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> FRACTION_DIGITS;
      default -> super.getDefaultPrecision(typeName);
    };
  }

  @Override
  public RoundingMode roundingMode() {
    return RoundingMode.HALF_UP;
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
    RelDataType sum =
        switch (argument.getSqlTypeName()) {
          case TINYINT, SMALLINT, INTEGER -> factory.createSqlType(SqlTypeName.BIGINT);
          case BIGINT -> factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, 0);
          case DECIMAL ->
              factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, argument.getScale());
          case REAL, FLOAT -> factory.createSqlType(SqlTypeName.DOUBLE);
          default -> argument;
        };
    return factory.createTypeWithNullability(sum, argument.isNullable());
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
    RelDataType mean = argument;
    if (SqlTypeUtil.isExactNumeric(argument)) {
      int scale = quotientScale(Math.max(argument.getScale(), 0));
      mean = factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, scale);
    } else if (SqlTypeUtil.isApproximateNumeric(argument)) {
      mean = factory.createSqlType(SqlTypeName.DOUBLE);
    }
    return factory.createTypeWithNullability(mean, argument.isNullable());
  }

  private static int quotientScale(int scale) {
    return Math.min(Math.max(scale + FRACTION_DIGITS, QUOTIENT_SCALE_MIN), QUOTIENT_SCALE_MAX);
  }

  @Override
  @SuppressWarnings("NullAway") // Calcite takes null for: not a DECIMAL's business
  public RelDataType deriveDecimalDivideType(
      RelDataTypeFactory factory, RelDataType dividend, RelDataType divisor) {
    if (!SqlTypeUtil.isExactNumeric(dividend)
        || !SqlTypeUtil.isExactNumeric(divisor)
        || !(SqlTypeUtil.isDecimal(dividend) || SqlTypeUtil.isDecimal(divisor))) {
      return null;
    }
    int scale = quotientScale(Math.max(dividend.getScale(), divisor.getScale()));
    return factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, scale);
  }
}
