package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Estimates how many rows joins have, from how many values their columns have. Where that is not
 * known it is guessed from the tables' row counts and keys: columns that are set equal belong to
 * one class, and it has as many values as its smallest member, so that a column without a key of
 * its own, such as a customer's nation, is known by the key it refers to.
 */
final class JoinSizes {
  private static final double UNEQUAL_SHARE = 0.5;
  private static final double DISTINCT_POWER = 0.75;

  private final List<RelSize> leaves;
  private final List<Integer> firstFields;
  private final List<Integer> leafOfField;
  private final List<RexNode> conditions;
  private final int[] classes;

  /**
   * @param conditions not to be changed while sizes are asked for, other than by removal
   */
  JoinSizes(
      List<RelSize> leaves,
      List<Integer> firstFields,
      List<Integer> leafOfField,
      List<RexNode> conditions) {
    this.leaves = List.copyOf(leaves);
    this.firstFields = firstFields;
    this.leafOfField = leafOfField;
    this.conditions = List.copyOf(conditions);
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

  /** The share of all pairs of rows that satisfy the condition of one join. */
  static double share(Join join, RelSize left, RelSize right) {
    int leftFields = join.getLeft().getRowType().getFieldCount();
    int rightFields = join.getRight().getRowType().getFieldCount();
    List<Integer> leafOfField = new ArrayList<>(Collections.nCopies(leftFields, 0));
    leafOfField.addAll(Collections.nCopies(rightFields, 1));
    return new JoinSizes(
            List.of(left, right),
            List.of(0, leftFields),
            leafOfField,
            RelOptUtil.conjunctions(join.getCondition()))
        .share(ImmutableBitSet.of(0), ImmutableBitSet.of(1));
  }

  double rows(int leaf) {
    return leaves.get(leaf).rows();
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
        share *= equalShare(field(condition, 0), field(condition, 1));
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
      for (ImmutableBitSet key : leaves.get(leaf).keys()) {
        if (fields.contains(key.shift(first)) && !key.isEmpty()) {
          share = Math.max(share, 1 / leaves.get(leaf).all());
        }
      }
    }
    return share;
  }

  /**
   * The share of pairs that are equal: each value of the side with fewer is taken to be on the
   * other one too.
   */
  private double equalShare(int left, int right) {
    double share = 1 / Math.max(distinct(left), distinct(right));
    for (int field : new int[] {left, right}) {
      share *= 1 - column(field).map(KnownColumn::nullShare).orElse(0.0);
    }
    return share;
  }

  private Optional<KnownColumn> column(int field) {
    int leaf = leafOfField.get(field);
    return leaves.get(leaf).column(field - firstFields.get(leaf));
  }

  /** How many values a field has; what is not known is as in the least of its class. */
  private double distinct(int field) {
    Optional<KnownColumn> known = column(field);
    if (known.isPresent()) {
      return known.get().distinct();
    }
    double least = Double.MAX_VALUE;
    for (int other = 0; other < classes.length; other++) {
      if (classOf(other) == classOf(field)) {
        least = Math.min(least, column(other).map(KnownColumn::distinct).orElse(guess(other)));
      }
    }
    return Math.max(1, least);
  }

  private double guess(int field) {
    RelSize leaf = leaves.get(leafOfField.get(field));
    ImmutableBitSet alone = ImmutableBitSet.of(field - firstFields.get(leafOfField.get(field)));
    return leaf.keys().contains(alone) ? leaf.all() : Math.pow(leaf.all(), DISTINCT_POWER);
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
