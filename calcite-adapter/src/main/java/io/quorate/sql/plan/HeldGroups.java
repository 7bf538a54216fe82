package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/**
 * Hides constants by which rows are grouped, as EXISTS without correlation groups by TRUE, from
 * Calcite's decorrelation. It leaves out such groups, and where nothing else is grouped by, what is
 * left has a row even of no rows: EXISTS over an empty table would be true. {@link Release} brings
 * the constants back.
 */
final class HeldGroups extends RelHomogeneousShuttle {
  private static final SqlFunction HELD =
      new SqlFunction(
          "HELD",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.ARG0,
          null,
          OperandTypes.ANY,
          SqlFunctionCategory.SYSTEM);

  @Override
  public RelNode visit(RelNode other) {
    RelNode visited = super.visit(other);
    if (visited instanceof LogicalAggregate aggregate
        && aggregate.getInput() instanceof LogicalProject project
        && aggregate.getGroupSet().asList().stream()
            .anyMatch(field -> project.getProjects().get(field) instanceof RexLiteral)
        && RelOptUtil.getVariablesUsed(aggregate).isEmpty()) {
      return aggregate.copy(aggregate.getTraitSet(), List.of(held(aggregate, project)));
    }
    return visited;
  }

  private static RelNode held(LogicalAggregate aggregate, LogicalProject project) {
    List<RexNode> projects = new ArrayList<>(project.getProjects());
    for (int field : aggregate.getGroupSet()) {
      if (projects.get(field) instanceof RexLiteral literal) {
        projects.set(field, Rex.BUILDER.makeCall(literal.getType(), HELD, List.of(literal)));
      }
    }
    return project.copy(project.getTraitSet(), project.getInput(), projects, project.getRowType());
  }

  /** Puts the constants in their places again. */
  static final class Release extends CallRewrite {
    @Override
    RexNode rewritten(RexCall call) {
      return call.getOperator().equals(HELD) ? call.getOperands().get(0) : call;
    }
  }
}
