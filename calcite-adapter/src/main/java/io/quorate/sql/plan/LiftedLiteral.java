package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A parameter in the place of a literal: never NULL, and of a type of its own, whatever it is
 * compared with. Immutable.
 */
final class LiftedLiteral extends SqlDynamicParam {
  private final SqlType type;

  LiftedLiteral(int index, SqlType type, SqlParserPos position) {
    super(index, position);
    this.type = type;
  }

  RelDataType type() {
    return Types.toCalcite(type, false);
  }

  @Override
  public SqlNode clone(SqlParserPos position) {
    return new LiftedLiteral(getIndex(), type, position);
  }
}
