package io.quorate.sql.plan;

import io.quorate.sql.exec.PairStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.schema.AggregateFunction;
import org.apache.calcite.schema.impl.AggregateFunctionImpl;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Optionality;

/**
 * Aggregates of pairs of numbers. Calcite knows some of them, and makes of them sums that forget a
 * FILTER (and lose digits); its own are put out of the way by other names. Stateless.
 */
final class PairAggregates {
  private static final Map<String, SqlAggFunction> FUNCTIONS =
      Map.ofEntries(
          known("COVAR_POP", PairStatistics.PopulationCovariance.class),
          known("COVAR_SAMP", PairStatistics.SampleCovariance.class),
          known("REGR_SXX", PairStatistics.SquaresOfX.class),
          known("REGR_SYY", PairStatistics.SquaresOfY.class),
          added("REGR_SXY", PairStatistics.Products.class),
          added("REGR_AVGX", PairStatistics.MeanOfX.class),
          added("REGR_AVGY", PairStatistics.MeanOfY.class),
          added("REGR_SLOPE", PairStatistics.Slope.class),
          added("REGR_INTERCEPT", PairStatistics.Intercept.class),
          added("REGR_R2", PairStatistics.Determination.class),
          added("CORR", PairStatistics.Correlation.class));

  /** What Calcite's validator finds beside its own. */
  static final SqlOperatorTable OPERATORS = SqlOperatorTables.of(List.copyOf(FUNCTIONS.values()));

  static final Set<String> NAMES = FUNCTIONS.keySet();

  private PairAggregates() {}

  /** One that Calcite has by this name too. */
  private static Map.Entry<String, SqlAggFunction> known(String name, Class<?> code) {
    return Map.entry(name, new Computed("$" + name, code));
  }

  private static Map.Entry<String, SqlAggFunction> added(String name, Class<?> code) {
    return Map.entry(name, new Computed(name, code));
  }

  /**
   * What is to stand in the place of a call, if it is one of these.
   *
   * @param name of what is called, in upper case
   */
  static Optional<SqlNode> of(SqlCall call, String name) {
    SqlAggFunction function = FUNCTIONS.get(name);
    if (function == null || function.equals(call.getOperator()) || call.operandCount() != 2) {
      return Optional.empty();
    }
    SqlParserPos at = call.getParserPosition();
    return Optional.of(
        function.createCall(
            call.getFunctionQuantifier(),
            at,
            DoubleArguments.of(call.operand(0), at),
            DoubleArguments.of(call.operand(1), at)));
  }

  private static final class Computed extends SqlUserDefinedAggFunction {
    Computed(String name, Class<?> code) {
      super(
          new SqlIdentifier(name, SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.DOUBLE.andThen(SqlTypeTransforms.FORCE_NULLABLE),
          InferTypes.FIRST_KNOWN,
          OperandTypes.operandMetadata(
              List.of(SqlTypeFamily.NUMERIC, SqlTypeFamily.NUMERIC),
              factory ->
                  List.of(
                      factory.createSqlType(SqlTypeName.DOUBLE),
                      factory.createSqlType(SqlTypeName.DOUBLE)),
              operand -> "operand" + operand,
              operand -> false),
          function(code),
          false,
          false,
          Optionality.FORBIDDEN);
    }

    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
      DoubleArguments.check(validator, scope, call, 2);
      return super.deriveType(validator, scope, call);
    }

    private static AggregateFunction function(Class<?> code) {
      return Objects.requireNonNull(AggregateFunctionImpl.create(code));
    }
  }
}
