package io.quorate.sql.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * What one input of a join says a column is, holds for the column that it is joined with; that one
 * may have an index. Each column learns once, so this ends.
 */
final class KnownValues {
  private static final int NONE = -1;

  private final List<RelNode> leaves;
  private final List<Integer> firstFields;
  private final List<Integer> leafOfField;
  private final Map<Integer, RexNode> values = new HashMap<>();
  private final Deque<Integer> news = new ArrayDeque<>();

  private KnownValues(List<RelNode> leaves, List<Integer> firstFields, List<Integer> leafOfField) {
    this.leaves = leaves;
    this.firstFields = firstFields;
    this.leafOfField = leafOfField;
  }

  /**
   * Adds filters to leaves.
   *
   * @param conditions over the fields of all leaves
   */
  static void spread(
      List<RelNode> leaves,
      List<Integer> firstFields,
      List<Integer> leafOfField,
      List<RexNode> conditions) {
    KnownValues known = new KnownValues(leaves, firstFields, leafOfField);
    known.find();
    known.spread(conditions);
  }

  private void find() {
    for (int leaf = 0; leaf < leaves.size(); leaf++) {
      List<Integer> fields = new ArrayList<>();
      for (int i = 0; i < leaves.get(leaf).getRowType().getFieldCount(); i++) {
        fields.add(firstFields.get(leaf) + i);
      }
      find(leaves.get(leaf), fields);
    }
  }

  /**
   * @param fields what number each field of {@code rel} has; {@link #NONE} where none
   */
  private void find(RelNode rel, List<Integer> fields) {
    if (rel instanceof LogicalFilter filter) {
      for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
        find(RexUtil.expandSearch(Rex.BUILDER, null, conjunct), fields);
      }
      find(filter.getInput(), fields);
    } else if (rel instanceof LogicalProject project) {
      int inputs = project.getInput().getRowType().getFieldCount();
      List<Integer> below = new ArrayList<>(Collections.nCopies(inputs, NONE));
      for (int i = 0; i < fields.size(); i++) {
        if (project.getProjects().get(i) instanceof RexInputRef reference) {
          below.set(reference.getIndex(), fields.get(i));
        }
      }
      find(project.getInput(), below);
    }
  }

  private void find(RexNode conjunct, List<Integer> fields) {
    if (conjunct.getKind() != SqlKind.EQUALS) {
      return;
    }
    List<RexNode> operands = ((RexCall) conjunct).getOperands();
    for (int i = 0; i < 2; i++) {
      RexNode value = operands.get(1 - i);
      if (operands.get(i) instanceof RexInputRef reference
          && RexCompiler.isConstant(value)
          && fields.get(reference.getIndex()) != NONE) {
        learn(fields.get(reference.getIndex()), value);
      }
    }
  }

  private boolean learn(int field, RexNode value) {
    if (values.putIfAbsent(field, value) != null) {
      return false;
    }
    news.add(field);
    return true;
  }

  private void spread(List<RexNode> conditions) {
    List<int[]> pairs = new ArrayList<>();
    for (RexNode condition : conditions) {
      if (condition.getKind() == SqlKind.EQUALS
          && ((RexCall) condition).getOperands().get(0) instanceof RexInputRef a
          && ((RexCall) condition).getOperands().get(1) instanceof RexInputRef b
          && SqlTypeUtil.equalSansNullability(Types.FACTORY, a.getType(), b.getType())) {
        pairs.add(new int[] {a.getIndex(), b.getIndex()});
        pairs.add(new int[] {b.getIndex(), a.getIndex()});
      }
    }
    while (!news.isEmpty()) {
      int field = news.remove();
      for (int[] pair : pairs) {
        RexNode value = values.get(field);
        if (pair[0] == field && value != null && learn(pair[1], value)) {
          addFilter(pair[1], value);
        }
      }
    }
  }

  private void addFilter(int field, RexNode value) {
    int leaf = leafOfField.get(field);
    RelNode rel = leaves.get(leaf);
    RexNode column = RexInputRef.of(field - firstFields.get(leaf), rel.getRowType());
    RexNode condition = Rex.BUILDER.makeCall(SqlStdOperatorTable.EQUALS, column, value);
    if (rel instanceof LogicalFilter filter) {
      List<RexNode> all = new ArrayList<>(RelOptUtil.conjunctions(filter.getCondition()));
      all.add(condition);
      rel = filter.getInput();
      condition = RexUtil.composeConjunction(Rex.BUILDER, all);
    }
    leaves.set(leaf, LogicalFilter.create(rel, condition));
  }
}
