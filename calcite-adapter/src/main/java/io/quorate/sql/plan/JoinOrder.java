package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Orders inner joins greedily: of all pairs that a condition connects, the one with the fewest rows
 * is joined first, and so on; bushy trees come by themselves. Of each pair the smaller goes to the
 * right, for that is what a hash join keeps. The work grows with the cube of the number of tables.
 */
final class JoinOrder extends RelHomogeneousShuttle {
  private final RelBuilder builder;

  JoinOrder(RelBuilder builder) {
    this.builder = builder;
  }

  @Override
  public RelNode visit(LogicalJoin join) {
    if (join.getJoinType() != JoinRelType.INNER || !join.getVariablesSet().isEmpty()) {
      return super.visit(join);
    }
    Graph graph = new Graph();
    List<Integer> outputs = graph.add(join);
    return graph.join(outputs);
  }

  /** A leaf or some joined leaves. */
  private record Part(RelNode rel, double rows, List<Integer> fields, ImmutableBitSet leaves) {}

  private record Pair(int left, int right, double rows, boolean connected) {
    boolean isBetterThan(Pair other) {
      return connected != other.connected ? connected : rows < other.rows;
    }
  }

  /** Leaves and conditions; fields are numbered over all leaves, in the order they are found. */
  private final class Graph {
    private final List<RelNode> leaves = new ArrayList<>();
    private final List<Integer> leafOfField = new ArrayList<>();
    private final List<Integer> firstFields = new ArrayList<>();
    private final List<RexNode> conditions = new ArrayList<>();

    /** The numbers of the fields that {@code rel} puts out. */
    List<Integer> add(RelNode rel) {
      if (rel instanceof LogicalJoin join
          && join.getJoinType() == JoinRelType.INNER
          && join.getVariablesSet().isEmpty()) {
        List<Integer> fields = new ArrayList<>(add(join.getLeft()));
        fields.addAll(add(join.getRight()));
        addConditions(join.getCondition(), fields);
        return fields;
      }
      if (rel instanceof LogicalFilter filter && filter.getInput() instanceof LogicalJoin) {
        List<Integer> fields = add(filter.getInput());
        addConditions(filter.getCondition(), fields);
        return fields;
      }
      if (rel instanceof LogicalProject project
          && project.getInput() instanceof LogicalJoin
          && project.getProjects().stream().allMatch(RexInputRef.class::isInstance)) {
        List<Integer> fields = add(project.getInput());
        return project.getProjects().stream()
            .map(node -> fields.get(((RexInputRef) node).getIndex()))
            .toList();
      }
      return addLeaf(rel);
    }

    private List<Integer> addLeaf(RelNode rel) {
      List<Integer> fields = new ArrayList<>();
      firstFields.add(leafOfField.size());
      for (int i = 0; i < rel.getRowType().getFieldCount(); i++) {
        fields.add(leafOfField.size());
        leafOfField.add(leaves.size());
      }
      leaves.add(rel.accept(JoinOrder.this));
      return fields;
    }

    private void addConditions(RexNode condition, List<Integer> fields) {
      for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
        conditions.add(
            conjunct.accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitInputRef(RexInputRef reference) {
                    int field = fields.get(reference.getIndex());
                    return new RexInputRef(field, reference.getType());
                  }
                }));
      }
    }

    RelNode join(List<Integer> outputs) {
      KnownValues.spread(leaves, firstFields, leafOfField, conditions);
      JoinSizes sizes =
          new JoinSizes(
              leaves.stream().map(RelSize::of).toList(), firstFields, leafOfField, conditions);
      List<Part> parts = new ArrayList<>();
      for (int i = 0; i < leaves.size(); i++) {
        List<Integer> fields = new ArrayList<>();
        for (int f = 0; f < leaves.get(i).getRowType().getFieldCount(); f++) {
          fields.add(firstFields.get(i) + f);
        }
        parts.add(new Part(leaves.get(i), sizes.rows(i), fields, ImmutableBitSet.of(i)));
      }
      while (parts.size() > 1) {
        Pair pair = best(parts, sizes);
        Part a = parts.get(pair.left);
        Part b = parts.get(pair.right);
        parts.remove(pair.right);
        parts.set(pair.left, a.rows >= b.rows ? join(a, b, pair.rows) : join(b, a, pair.rows));
      }
      Part all = parts.get(0);
      builder.push(all.rel);
      // Conditions without any field, or of one leaf, that nothing has pushed down.
      return builder
          .project(
              outputs.stream()
                  .map(field -> (RexNode) builder.field(all.fields.indexOf(field)))
                  .toList())
          .build();
    }

    private Pair best(List<Part> parts, JoinSizes sizes) {
      Pair best = new Pair(0, 1, Double.MAX_VALUE, false);
      for (int i = 0; i < parts.size(); i++) {
        for (int k = i + 1; k < parts.size(); k++) {
          Part a = parts.get(i);
          Part b = parts.get(k);
          double rows = a.rows * b.rows * sizes.share(a.leaves, b.leaves);
          Pair pair = new Pair(i, k, rows, sizes.isConnected(a.leaves, b.leaves));
          best = pair.isBetterThan(best) ? pair : best;
        }
      }
      return best;
    }

    private Part join(Part left, Part right, double rows) {
      List<Integer> fields = new ArrayList<>(left.fields);
      fields.addAll(right.fields);
      ImmutableBitSet joined = left.leaves.union(right.leaves);
      List<RexNode> applied = new ArrayList<>();
      for (int i = conditions.size() - 1; i >= 0; i--) {
        if (joined.contains(leavesOf(conditions.get(i)))) {
          applied.add(0, renumbered(conditions.remove(i), fields));
        }
      }
      builder.push(left.rel).push(right.rel);
      RelNode rel =
          builder.join(JoinRelType.INNER, RexUtil.composeConjunction(Rex.BUILDER, applied)).build();
      return new Part(rel, Math.max(1, rows), fields, joined);
    }

    private ImmutableBitSet leavesOf(RexNode condition) {
      ImmutableBitSet.Builder found = ImmutableBitSet.builder();
      RelOptUtil.InputFinder.bits(condition).forEachInt(f -> found.set(leafOfField.get(f)));
      return found.build();
    }

    private RexNode renumbered(RexNode condition, List<Integer> fields) {
      return condition.accept(
          new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
              return new RexInputRef(fields.indexOf(reference.getIndex()), reference.getType());
            }
          });
    }
  }
}
