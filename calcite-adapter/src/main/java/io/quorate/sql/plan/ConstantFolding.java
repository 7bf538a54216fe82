package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.Util;

/**
 * Computes constants while planning, by Calcite's generated code. What asks for the order of text
 * is left for later: this code has Java's.
 */
final class ConstantFolding implements RexExecutor {
  private final RexExecutor generated = new RexExecutorImpl(PlanningContext.INSTANCE);

  @Override
  public void reduce(RexBuilder builder, List<RexNode> constants, List<RexNode> reduced) {
    List<RexNode> computed = new ArrayList<>();
    generated.reduce(builder, constants.stream().filter(c -> !ordersText(c)).toList(), computed);
    Iterator<RexNode> values = computed.iterator();
    constants.forEach(constant -> reduced.add(ordersText(constant) ? constant : values.next()));
  }

  private static boolean ordersText(RexNode node) {
    try {
      node.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitCall(RexCall call) {
              if ((SqlKind.ORDER_COMPARISON.contains(call.getKind())
                      || call.getKind() == SqlKind.SEARCH)
                  && SqlTypeUtil.isCharacter(call.getOperands().get(0).getType())) {
                throw Util.FoundOne.NULL;
              }
              return super.visitCall(call);
            }
          });
      return false;
    } catch (Util.FoundOne found) {
      return true;
    }
  }
}
