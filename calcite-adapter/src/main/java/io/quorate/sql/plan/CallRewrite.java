package io.quorate.sql.plan;

import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** Rewrites the calls in the expressions of a tree, the innermost first. Stateless. */
abstract class CallRewrite extends RelHomogeneousShuttle {
  private final RexShuttle calls =
      new RexShuttle() {
        @Override
        public RexNode visitCall(RexCall call) {
          RexNode visited = super.visitCall(call);
          return visited instanceof RexCall inner ? rewritten(inner) : visited;
        }
      };

  @Override
  public final RelNode visit(RelNode other) {
    return super.visit(other).accept(calls);
  }

  /** What stands for a call whose operands are rewritten already; itself where nothing changes. */
  abstract RexNode rewritten(RexCall call);
}
