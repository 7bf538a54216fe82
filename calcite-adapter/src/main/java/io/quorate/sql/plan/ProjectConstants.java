package io.quorate.sql.plan;

import java.util.Map;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.rules.ReduceExpressionsRule.ProjectReduceExpressionsRule;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/**
 * Calcite's rule that puts constants in the place of fields, but where a field that is never NULL
 * is said to be NULL: {@code ON x.k = y.id WHERE x.k IS NULL} says so of an id. There are no rows
 * then, but a NULL would be of another type than the field, and the planner stumbles over that.
 */
final class ProjectConstants extends ProjectReduceExpressionsRule {
  static final ProjectConstants RULE = new ProjectConstants();

  private ProjectConstants() {
    super(ProjectReduceExpressionsRuleConfig.DEFAULT);
  }

  @Override
  public boolean matches(RelOptRuleCall call) {
    Project project = call.rel(0);
    RelNode input = project.getInput();
    Map<RexNode, RexNode> constants =
        call.getMetadataQuery().getPulledUpPredicates(input).constantMap;
    return super.matches(call)
        && constants.entrySet().stream()
            .noneMatch(
                constant ->
                    RexLiteral.isNullLiteral(constant.getValue())
                        && !isNullable(constant.getKey(), input));
  }

  /** By the field's own type: a condition that was inferred has another's. */
  private static boolean isNullable(RexNode node, RelNode input) {
    return node instanceof RexInputRef field
        ? input.getRowType().getFieldList().get(field.getIndex()).getType().isNullable()
        : node.getType().isNullable();
  }
}
