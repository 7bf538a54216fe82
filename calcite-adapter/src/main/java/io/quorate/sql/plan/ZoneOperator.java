package io.quorate.sql.plan;

import io.quorate.sql.exec.TimeFunction;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Static;

/**
 * The types of AT TIME ZONE: a TIMESTAMP becomes one WITH TIME ZONE, and that one without.
 * Stateless.
 */
final class ZoneOperator {
  static final TimeOperator INSTANCE =
      new TimeOperator(TimeFunction.AT_ZONE, ZoneOperator::result, ZoneOperator::inferOperands);

  private ZoneOperator() {}

  /** A parameter is an instant, as in PostgreSQL, and a text. */
  private static void inferOperands(
      SqlCallBinding call, RelDataType returned, RelDataType[] operands) {
    RelDataTypeFactory types = call.getTypeFactory();
    operands[0] =
        types.createTypeWithNullability(
            types.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE), true);
    operands[1] = types.createTypeWithNullability(types.createSqlType(SqlTypeName.VARCHAR), true);
  }

  private static RelDataType result(SqlOperatorBinding call) {
    RelDataType time = call.getOperandType(0);
    RelDataType zone = call.getOperandType(1);
    boolean isZone =
        SqlTypeName.CHAR_TYPES.contains(zone.getSqlTypeName())
            || SqlTypeName.DAY_INTERVAL_TYPES.contains(zone.getSqlTypeName())
            || zone.getSqlTypeName() == SqlTypeName.NULL;
    boolean isInstant = time.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
    if (!isZone || !(isInstant || time.getSqlTypeName() == SqlTypeName.TIMESTAMP)) {
      throw call.newError(
          Static.RESOURCE.canNotApplyOp2Type(
              "AT TIME ZONE",
              "<" + time + "> AT TIME ZONE <" + zone + ">",
              "a timestamp, and a text or an INTERVAL HOUR TO MINUTE"));
    }
    return call.getTypeFactory()
        .createSqlType(
            isInstant ? SqlTypeName.TIMESTAMP : SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE,
            time.getPrecision());
  }
}
