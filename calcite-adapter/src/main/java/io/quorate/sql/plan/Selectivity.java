package io.quorate.sql.plan;

import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/** Guesses which share of rows a condition lets through, without having seen any. */
final class Selectivity {
  private static final double EQUAL = 0.05;
  private static final double RANGE = 0.35;
  private static final double LIKE = 0.1;
  private static final double OTHER = 0.5;
  private static final double LEAST = 1e-6;

  private Selectivity() {}

  /**
   * @param keys sets of the fields that are unique
   * @param rows how many there are before the condition
   */
  static double of(RexNode condition, List<ImmutableBitSet> keys, double rows) {
    return Math.max(LEAST, share(RexUtil.expandSearch(Rex.BUILDER, null, condition), keys, rows));
  }

  private static double share(RexNode condition, List<ImmutableBitSet> keys, double rows) {
    return switch (condition.getKind()) {
      case AND -> {
        double product = 1;
        for (RexNode operand : ((RexCall) condition).getOperands()) {
          product *= share(operand, keys, rows);
        }
        yield product;
      }
      case OR -> {
        double sum = 0;
        for (RexNode operand : ((RexCall) condition).getOperands()) {
          sum += share(operand, keys, rows);
        }
        yield Math.min(1, sum);
      }
      case NOT -> 1 - share(((RexCall) condition).getOperands().get(0), keys, rows);
      case EQUALS -> keys.contains(RelOptUtil.InputFinder.bits(condition)) ? 1 / rows : EQUAL;
      case NOT_EQUALS -> 1 - EQUAL;
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> RANGE;
      case LIKE -> LIKE;
      case IS_NULL -> EQUAL;
      case IS_NOT_NULL -> 1 - EQUAL;
      case LITERAL -> condition.isAlwaysTrue() ? 1 : 0;
      default -> OTHER;
    };
  }
}
