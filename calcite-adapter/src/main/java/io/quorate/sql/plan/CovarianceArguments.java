package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Makes DOUBLE of what covariances are of. Calcite divides sums of the arguments as they are
 * (CALCITE-7696), which of whole numbers cuts what is behind the point.
 */
final class CovarianceArguments extends RelHomogeneousShuttle {
  private static final Set<SqlKind> COVARIANCES =
      EnumSet.of(SqlKind.COVAR_POP, SqlKind.COVAR_SAMP, SqlKind.REGR_SXX, SqlKind.REGR_SYY);

  @Override
  public RelNode visit(LogicalAggregate aggregate) {
    RelNode visited = super.visit(aggregate);
    return visited instanceof LogicalAggregate inner
            && inner.getAggCallList().stream().anyMatch(CovarianceArguments::isCovariance)
        ? converted(inner)
        : visited;
  }

  private static boolean isCovariance(AggregateCall call) {
    return COVARIANCES.contains(call.getAggregation().getKind());
  }

  /** The converted arguments come behind the fields that are there. */
  private static RelNode converted(LogicalAggregate aggregate) {
    RelNode input = aggregate.getInput();
    List<RexNode> fields = new ArrayList<>(Rex.BUILDER.identityProjects(input.getRowType()));
    List<AggregateCall> calls = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      calls.add(isCovariance(call) ? call.withArgList(converted(call.getArgList(), fields)) : call);
    }
    RelNode arguments =
        LogicalProject.create(
            input,
            List.of(),
            fields,
            RexUtil.createStructType(Types.FACTORY, fields),
            aggregate.getVariablesSet());
    return aggregate.copy(
        aggregate.getTraitSet(),
        arguments,
        aggregate.getGroupSet(),
        aggregate.getGroupSets(),
        calls);
  }

  private static List<Integer> converted(List<Integer> arguments, List<RexNode> fields) {
    List<Integer> converted = new ArrayList<>();
    for (int argument : arguments) {
      RexNode field = fields.get(argument);
      RelDataType real =
          Types.FACTORY.createTypeWithNullability(
              Types.FACTORY.createSqlType(SqlTypeName.DOUBLE), field.getType().isNullable());
      converted.add(fields.size());
      fields.add(Rex.BUILDER.ensureType(real, field, true));
    }
    return converted;
  }
}
