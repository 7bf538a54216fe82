package io.quorate.sql.plan;

import io.quorate.sql.exec.Series;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.TableFunction;
import org.apache.calcite.schema.impl.TableFunctionImpl;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedTableFunction;

/** {@code GENERATE_SERIES} of two or three numbers. Stateless. */
final class SeriesFunction extends SqlUserDefinedTableFunction {
  /** What Calcite's validator finds beside its own. */
  static final SqlOperatorTable OPERATORS =
      SqlOperatorTables.of(new SeriesFunction("of", 2), new SeriesFunction("by", 3));

  private SeriesFunction(String method, int operands) {
    super(
        new SqlIdentifier("GENERATE_SERIES", SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.CURSOR,
        InferTypes.explicit(types(Types.FACTORY, operands)),
        OperandTypes.operandMetadata(
            Collections.nCopies(operands, SqlTypeFamily.INTEGER),
            factory -> types(factory, operands),
            operand -> "operand" + operand,
            operand -> false),
        function(method, operands));
  }

  private static List<RelDataType> types(RelDataTypeFactory factory, int operands) {
    return Collections.nCopies(
        operands,
        factory.createTypeWithNullability(factory.createSqlType(SqlTypeName.BIGINT), true));
  }

  private static TableFunction function(String name, int operands) {
    Class<?>[] types = Collections.nCopies(operands, Object.class).toArray(new Class<?>[0]);
    try {
      Method method = Series.class.getMethod(name, types);
      return Objects.requireNonNull(TableFunctionImpl.create(method));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("Series lacks a method " + name, e);
    }
  }
}
