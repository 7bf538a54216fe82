package io.quorate.sql.plan;

import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;

/** Has each operator's rows counted, under its number in the order of {@link PlanSteps}. */
final class CountPlacement extends RelHomogeneousShuttle {
  private int nextStep;

  @Override
  public RelNode visit(RelNode operator) {
    int step = nextStep++;
    return new CountedRows(super.visit(operator), step);
  }
}
