package io.quorate.sql.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.Strong;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * Estimates which share of rows a condition lets through: by what ANALYZE has found of the columns,
 * and where it has not been, by guesses. Conditions are taken to be independent of each other.
 */
final class Selectivity {
  private static final double EQUAL = 0.05;
  private static final double RANGE = 0.35;
  private static final double LIKE = 0.1;
  private static final double OTHER = 0.5;
  private static final double LEAST = 1e-6;

  private final RelSize input;

  private Selectivity(RelSize input) {
    this.input = input;
  }

  /**
   * @param condition over the fields of {@code input}
   */
  static double of(RexNode condition, RelSize input) {
    RexNode expanded = RexUtil.expandSearch(Rex.BUILDER, null, condition);
    return Math.max(LEAST, new Selectivity(input).conjunction(expanded));
  }

  /** What is said of one column in several places is taken together. */
  private double conjunction(RexNode condition) {
    Map<Integer, ColumnRange> ranges = new HashMap<>();
    double product = 1;
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      Optional<ColumnRange> range = knownRange(conjunct);
      if (range.isPresent()) {
        ranges.merge(range.get().column(), range.get(), ColumnRange::and);
      } else {
        product *= share(conjunct);
      }
    }
    for (ColumnRange range : ranges.values()) {
      product *= share(range);
    }
    return product;
  }

  private Optional<ColumnRange> knownRange(RexNode condition) {
    return ColumnRange.of(condition).filter(range -> input.column(range.column()).isPresent());
  }

  private double share(ColumnRange range) {
    return input.column(range.column()).map(known -> known.share(range)).orElse(OTHER);
  }

  private double share(RexNode condition) {
    Optional<ColumnRange> range = knownRange(condition);
    if (range.isPresent()) {
      return share(range.get());
    }
    List<RexNode> operands =
        condition instanceof RexCall call ? call.getOperands() : List.<RexNode>of();
    return switch (condition.getKind()) {
      case AND -> conjunction(condition);
      case OR -> {
        double sum = 0;
        for (RexNode operand : operands) {
          sum += share(operand);
        }
        yield Math.min(1, sum);
      }
      case NOT -> unsatisfied(operands.get(0));
      case EQUALS -> equal(condition);
      case NOT_EQUALS -> unsatisfied(Rex.BUILDER.makeCall(SqlStdOperatorTable.EQUALS, operands));
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> RANGE;
      case LIKE -> like((RexCall) condition);
      case IS_NULL -> known(operands.get(0)).map(KnownColumn::nullShare).orElse(EQUAL);
      case IS_NOT_NULL -> 1 - known(operands.get(0)).map(KnownColumn::nullShare).orElse(EQUAL);
      case LITERAL -> condition.isAlwaysTrue() ? 1 : 0;
      default -> OTHER;
    };
  }

  private Optional<KnownColumn> known(RexNode node) {
    return node instanceof RexInputRef reference
        ? input.column(reference.getIndex())
        : Optional.empty();
  }

  private double equal(RexNode condition) {
    return input.keys().contains(RelOptUtil.InputFinder.bits(condition)) ? 1 / input.all() : EQUAL;
  }

  /** The share of rows for which the condition is FALSE; where it is UNKNOWN is not among them. */
  private double unsatisfied(RexNode condition) {
    double known = 1;
    if (Strong.policy(condition) == Strong.Policy.ANY) {
      for (int field : RelOptUtil.InputFinder.bits(condition)) {
        known *= 1 - input.column(field).map(KnownColumn::nullShare).orElse(0.0);
      }
    }
    return Math.max(0, known - share(condition));
  }

  private double like(RexCall call) {
    List<RexNode> operands = call.getOperands();
    Optional<KnownColumn> column = known(RexUtil.removeCast(operands.get(0)));
    boolean plain =
        call.getOperator().equals(SqlStdOperatorTable.LIKE)
            && operands.size() == 2
            && operands.get(1) instanceof RexLiteral pattern
            && RexLiteral.stringValue(pattern) != null;
    if (column.isEmpty() || !plain) {
      return LIKE;
    }
    String pattern = String.valueOf(RexLiteral.stringValue(operands.get(1)));
    return column.get().share(LikePattern.of(pattern, ""));
  }
}
