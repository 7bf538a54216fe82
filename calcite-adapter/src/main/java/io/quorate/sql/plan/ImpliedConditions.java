package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Says of an OR over several tables what it means for each of them: {@code a.x = 1 AND b.y = 2 OR
 * a.x = 3 AND b.y = 4} is true only where {@code a.x = 1 OR a.x = 3}, which can be asked before
 * they are joined.
 */
final class ImpliedConditions extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(LogicalFilter filter) {
    RelNode visited = super.visit(filter);
    if (!(visited instanceof LogicalFilter inner)) {
      return visited;
    }
    List<ImmutableBitSet> tables = new ArrayList<>();
    addTables(inner.getInput(), 0, tables);
    return inner.copy(
        inner.getTraitSet(), inner.getInput(), completed(inner.getCondition(), tables));
  }

  @Override
  public RelNode visit(LogicalJoin join) {
    RelNode visited = super.visit(join);
    if (!(visited instanceof LogicalJoin inner) || inner.getJoinType() != JoinRelType.INNER) {
      return visited;
    }
    List<ImmutableBitSet> tables = new ArrayList<>();
    addTables(inner, 0, tables);
    return inner.copy(
        inner.getTraitSet(),
        completed(inner.getCondition(), tables),
        inner.getLeft(),
        inner.getRight(),
        inner.getJoinType(),
        inner.isSemiJoinDone());
  }

  /** The fields of each relation that is joined. */
  private static void addTables(RelNode rel, int first, List<ImmutableBitSet> tables) {
    if (rel instanceof LogicalJoin join && join.getJoinType().projectsRight()) {
      addTables(join.getLeft(), first, tables);
      addTables(join.getRight(), first + join.getLeft().getRowType().getFieldCount(), tables);
    } else {
      int count = rel.getRowType().getFieldCount();
      tables.add(ImmutableBitSet.range(first, first + count));
    }
  }

  private static RexNode completed(RexNode condition, List<ImmutableBitSet> tables) {
    if (tables.size() < 2) {
      return condition;
    }
    Set<RexNode> all = new LinkedHashSet<>(RelOptUtil.conjunctions(condition));
    int before = all.size();
    for (RexNode conjunct : List.copyOf(all)) {
      if (conjunct.getKind() == SqlKind.OR) {
        tables.forEach(table -> implied((RexCall) conjunct, table).ifPresent(all::add));
      }
    }
    return all.size() == before ? condition : RexUtil.composeConjunction(Rex.BUILDER, all);
  }

  /**
   * What a condition on one table means for single columns of it, which a scan can tell from a row
   * that it has not decoded: {@code x = 1 AND y < 2 OR x = 3} is true only where {@code x = 1 OR x
   * = 3}.
   */
  static List<RexNode> ofColumns(RexNode condition) {
    List<RexNode> implied = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      if (conjunct.getKind() == SqlKind.OR) {
        for (int column : RelOptUtil.InputFinder.bits(conjunct)) {
          implied((RexCall) conjunct, ImmutableBitSet.of(column)).ifPresent(implied::add);
        }
      }
    }
    return implied;
  }

  /** What every alternative says of some fields; nothing of an OR that is of these only. */
  private static Optional<RexNode> implied(RexCall or, ImmutableBitSet table) {
    if (table.contains(RelOptUtil.InputFinder.bits(or))) {
      return Optional.empty();
    }
    List<RexNode> alternatives = new ArrayList<>();
    for (RexNode alternative : RelOptUtil.disjunctions(or)) {
      List<RexNode> said = new ArrayList<>();
      for (RexNode conjunct : RelOptUtil.conjunctions(alternative)) {
        ImmutableBitSet fields = RelOptUtil.InputFinder.bits(conjunct);
        if (!fields.isEmpty() && table.contains(fields) && cannotFail(conjunct)) {
          said.add(conjunct);
        }
      }
      if (said.isEmpty()) {
        return Optional.empty();
      }
      alternatives.add(RexUtil.composeConjunction(Rex.BUILDER, said));
    }
    return Optional.of(RexUtil.composeDisjunction(Rex.BUILDER, alternatives));
  }

  /** It will be asked of rows, too, that another condition would have kept from it. */
  private static boolean cannotFail(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return node instanceof RexInputRef
          || node instanceof RexLiteral
          || node instanceof RexDynamicParam;
    }
    return switch (call.getKind()) {
      case AND,
          OR,
          NOT,
          EQUALS,
          NOT_EQUALS,
          LESS_THAN,
          LESS_THAN_OR_EQUAL,
          GREATER_THAN,
          GREATER_THAN_OR_EQUAL,
          SEARCH,
          IS_NULL,
          IS_NOT_NULL ->
          call.getOperands().stream().allMatch(ImpliedConditions::cannotFail);
      default -> false;
    };
  }
}
