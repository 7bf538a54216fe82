package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Guesses how many rows joins have, from the tables' row counts and keys. Columns that are set
 * equal belong to one class; it has as many values as its smallest unique member has rows, so that
 * a column without a key of its own, such as a customer's nation, is known by the key it refers to.
 */
final class JoinSizes {
  private static final double UNEQUAL_SHARE = 0.5;
  private static final double DISTINCT_POWER = 0.75;

  private final List<Leaf> leaves = new ArrayList<>();
  private final List<Integer> firstFields;
  private final List<Integer> leafOfField;
  private final List<RexNode> conditions;
  private final int[] classes;

  /**
   * @param conditions not to be changed while sizes are asked for, other than by removal
   */
  JoinSizes(
      List<RelNode> rels,
      List<Integer> firstFields,
      List<Integer> leafOfField,
      List<RexNode> conditions) {
    this.firstFields = firstFields;
    this.leafOfField = leafOfField;
    this.conditions = List.copyOf(conditions);
    rels.forEach(rel -> leaves.add(leaf(rel)));
    this.classes = new int[leafOfField.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = i;
    }
    for (RexNode condition : conditions) {
      if (isEquality(condition)) {
        unite(field(condition, 0), field(condition, 1));
      }
    }
  }

  /**
   * An input of the joins.
   *
   * @param rows it is thought to have
   * @param all what it would have without its filters
   * @param keys sets of its fields that are unique
   */
  private record Leaf(double rows, double all, List<ImmutableBitSet> keys) {}

  private static Leaf leaf(RelNode rel) {
    if (rel instanceof TableScan scan) {
      StoreTable table = scan.getTable().unwrap(StoreTable.class);
      double rows = table == null ? 100 : table.rowCount();
      List<ImmutableBitSet> keys = table == null ? List.of() : table.getStatistic().getKeys();
      return new Leaf(rows, rows, keys == null ? List.of() : keys);
    }
    if (rel instanceof Filter filter) {
      Leaf input = leaf(filter.getInput());
      double share = Selectivity.of(filter.getCondition(), input.keys, input.all);
      return new Leaf(Math.max(1, input.rows * share), input.all, input.keys);
    }
    if (rel instanceof Project project) {
      Leaf input = leaf(project.getInput());
      return new Leaf(input.rows, input.all, keys(project, input));
    }
    double rows = Math.max(1, rel.getCluster().getMetadataQuery().getRowCount(rel));
    return rel instanceof Aggregate aggregate
        ? new Leaf(rows, rows, List.of(ImmutableBitSet.range(aggregate.getGroupCount())))
        : new Leaf(rows, rows, List.of());
  }

  private static List<ImmutableBitSet> keys(Project project, Leaf input) {
    List<ImmutableBitSet> keys = new ArrayList<>();
    for (ImmutableBitSet key : input.keys) {
      ImmutableBitSet.Builder mapped = ImmutableBitSet.builder();
      for (int i = 0; i < project.getProjects().size(); i++) {
        if (project.getProjects().get(i) instanceof RexInputRef reference
            && key.get(reference.getIndex())) {
          mapped.set(i);
        }
      }
      ImmutableBitSet built = mapped.build();
      if (built.cardinality() == key.cardinality()) {
        keys.add(built);
      }
    }
    return keys;
  }

  double rows(int leaf) {
    return leaves.get(leaf).rows;
  }

  boolean isConnected(ImmutableBitSet left, ImmutableBitSet right) {
    return conditions.stream().anyMatch(c -> isEquality(c) && spans(c, left, right));
  }

  /** The share of all pairs of rows that satisfy the conditions between two sets of leaves. */
  double share(ImmutableBitSet left, ImmutableBitSet right) {
    double share = 1;
    ImmutableBitSet.Builder fields = ImmutableBitSet.builder();
    for (RexNode condition : conditions) {
      if (!spans(condition, left, right)) {
        continue;
      }
      if (isEquality(condition)) {
        share /= distinct(field(condition, 0));
        fields.set(field(condition, 0));
        fields.set(field(condition, 1));
      } else {
        share *= UNEQUAL_SHARE;
      }
    }
    return Math.max(share, shareByKey(fields.build(), left.union(right)));
  }

  /** Rows that are joined by a key of a leaf find at most one of its rows each. */
  private double shareByKey(ImmutableBitSet fields, ImmutableBitSet joined) {
    double share = 0;
    for (int leaf : joined) {
      int first = firstFields.get(leaf);
      for (ImmutableBitSet key : leaves.get(leaf).keys) {
        if (fields.contains(key.shift(first)) && !key.isEmpty()) {
          share = Math.max(share, 1 / leaves.get(leaf).all);
        }
      }
    }
    return share;
  }

  private double distinct(int field) {
    double least = Double.MAX_VALUE;
    for (int other = 0; other < classes.length; other++) {
      if (classOf(other) == classOf(field)) {
        Leaf leaf = leaves.get(leafOfField.get(other));
        ImmutableBitSet alone = ImmutableBitSet.of(other - firstFields.get(leafOfField.get(other)));
        boolean unique = leaf.keys.contains(alone);
        least = Math.min(least, unique ? leaf.all : Math.pow(leaf.all, DISTINCT_POWER));
      }
    }
    return Math.max(1, least);
  }

  private boolean spans(RexNode condition, ImmutableBitSet left, ImmutableBitSet right) {
    ImmutableBitSet.Builder found = ImmutableBitSet.builder();
    RelOptUtil.InputFinder.bits(condition).forEachInt(f -> found.set(leafOfField.get(f)));
    ImmutableBitSet used = found.build();
    return left.union(right).contains(used) && used.intersects(left) && used.intersects(right);
  }

  private boolean isEquality(RexNode condition) {
    if (condition.getKind() != SqlKind.EQUALS) {
      return false;
    }
    List<RexNode> operands = ((RexCall) condition).getOperands();
    return RexUtil.removeCast(operands.get(0)) instanceof RexInputRef a
        && RexUtil.removeCast(operands.get(1)) instanceof RexInputRef b
        && !leafOfField.get(a.getIndex()).equals(leafOfField.get(b.getIndex()));
  }

  private static int field(RexNode condition, int operand) {
    RexNode node = RexUtil.removeCast(((RexCall) condition).getOperands().get(operand));
    return ((RexInputRef) node).getIndex();
  }

  private void unite(int a, int b) {
    classes[classOf(a)] = classOf(b);
  }

  private int classOf(int field) {
    int at = field;
    while (classes[at] != at) {
      at = classes[at];
    }
    return at;
  }
}
