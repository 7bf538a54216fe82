package io.quorate.sql.plan;

import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.LookupJoin;
import io.quorate.sql.exec.LookupKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.adapter.enumerable.EnumerableHashJoin;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.type.RelDataTypeField;

/**
 * Puts an {@link IndexLookupJoin} in the place of each hash join whose one side has a key of a
 * table that the other side's rows can be looked up by, where that is thought to cost less.
 */
final class LookupJoins extends RelHomogeneousShuttle {
  /** What a hash join costs a row more than that it is scanned, in rows that are scanned. */
  private static final double HASHED_ROW_COST = 2;

  /** Of rows that a batch looks up. */
  private static final double BATCH_ROWS = 1024;

  /**
   * Without statistics it is not known how many rows have one key, nor much of how many come: then
   * only where all is well even if the outer side is that many times as large.
   */
  private static final double GUESS_FACTOR = 10;

  private final LookupCosts costs;

  LookupJoins(LookupCosts costs) {
    this.costs = costs;
  }

  @Override
  public RelNode visit(RelNode other) {
    RelNode visited = super.visit(other);
    return visited instanceof EnumerableHashJoin join ? cheapest(join) : visited;
  }

  private RelNode cheapest(Join join) {
    List<Candidate> candidates = new ArrayList<>();
    switch (join.getJoinType()) {
      case INNER -> {
        candidates.addAll(candidates(join, 0));
        if (!isOrdered(join)) {
          candidates.addAll(candidates(join, 1));
        }
      }
      case LEFT, SEMI, ANTI -> candidates.addAll(candidates(join, 0));
      case RIGHT -> candidates.addAll(candidates(join, 1));
      default -> {}
    }
    return candidates.stream()
        .filter(each -> costs.always() || each.cost < each.scanCost)
        .min(Comparator.comparingDouble(Candidate::cost))
        .map(each -> each.join(costs))
        .orElse(join);
  }

  /** What it costs to run it once, in rows that are scanned. */
  private static double cost(RelNode rel) {
    if (rel instanceof StoreScan scan) {
      double rows = RelSize.of(rel).rows();
      boolean byIndex = scan.path().flatMap(AccessPath::index).isPresent();
      return rows * (byIndex ? LookupJoin.INDEX_ROW_COST : 1);
    }
    if (rel instanceof IndexLookupJoin join) {
      RelNode outer = join.getInput(join.outer());
      return cost(outer) + RelSize.of(outer).rows() * LookupJoin.KEY_COST;
    }
    double inputs = rel.getInputs().stream().mapToDouble(LookupJoins::cost).sum();
    return rel instanceof Calc ? inputs : inputs + HASHED_ROW_COST * RelSize.of(rel).rows();
  }

  /** Whether it says that it keeps the order of its left side. */
  private static boolean isOrdered(Join join) {
    return join.getTraitSet().getTraits(RelCollationTraitDef.INSTANCE) != null
        && !join.getTraitSet().getTraits(RelCollationTraitDef.INSTANCE).stream()
            .allMatch(collation -> collation.getFieldCollations().isEmpty());
  }

  private static List<Candidate> candidates(Join join, int outer) {
    JoinInfo info = join.analyzeCondition();
    List<Integer> outerKeys = outer == 0 ? info.leftKeys : info.rightKeys;
    List<Integer> innerKeys = outer == 0 ? info.rightKeys : info.leftKeys;
    Map<Integer, RelDataTypeField> outerFields = new HashMap<>();
    Map<Integer, Integer> innerFields = new HashMap<>();
    List<RelDataTypeField> fields = join.getInput(outer).getRowType().getFieldList();
    for (int pair = 0; pair < outerKeys.size(); pair++) {
      // Where NULL is equal to NULL, what has it is not found by a key.
      if (info.nullExclusionFlags.get(pair)) {
        outerFields.put(pair, fields.get(outerKeys.get(pair)));
        innerFields.put(pair, innerKeys.get(pair));
      }
    }
    List<Candidate> candidates = new ArrayList<>();
    for (LookupSide side : LookupSide.of(join.getInput(1 - outer), innerFields)) {
      for (LookupKey key : side.keys(outerFields)) {
        candidates.add(Candidate.of(join, outer, side, key));
      }
    }
    return candidates;
  }

  /**
   * A way to look up.
   *
   * @param cost of it, in rows that are scanned
   * @param scanCost of reading all of the other side
   * @param batchCost of what is run anew for each batch
   * @param part of the table's rows that one batch is thought to find
   */
  private record Candidate(
      Join join,
      int outer,
      LookupSide side,
      LookupKey key,
      double cost,
      double scanCost,
      double batchCost,
      double part) {

    static Candidate of(Join join, int outer, LookupSide side, LookupKey key) {
      RelSize outerSize = RelSize.of(join.getInput(outer));
      double table = side.table().rowCount();
      double read = table * side.scan().share();
      boolean byIndex = side.scan().path().orElseThrow().index().isPresent();
      double kept = side.besides().isEmpty() ? RelSize.of(join.getInput(1 - outer)).rows() : read;
      double besides = side.besides().stream().mapToDouble(LookupJoins::cost).sum();
      double scanCost =
          read * (byIndex ? LookupJoin.INDEX_ROW_COST : 1) + HASHED_ROW_COST * Math.min(kept, read);
      Optional<Double> found = rowsOfKey(side.table(), key);
      double rowCost = key.index().isPresent() ? LookupJoin.INDEX_ROW_COST : 1;
      double cost =
          outerSize.rows()
                  * (LookupJoin.KEY_COST + found.orElse(1.0) * rowCost)
                  * (isKnown(side.table()) ? 1 : GUESS_FACTOR)
              + besides * LookupJoin.batches(outerSize.rows());
      double batch = Math.min(outerSize.rows(), BATCH_ROWS);
      return new Candidate(
          join,
          outer,
          side,
          key,
          found.isPresent() ? cost : Double.MAX_VALUE,
          scanCost + besides,
          besides,
          Math.min(1, batch * found.orElse(1.0) / table));
    }

    private static boolean isKnown(StoreTable table) {
      return table.knownColumns().stream().anyMatch(Optional::isPresent);
    }

    /** How many rows have one key; empty if that is not known. */
    private static Optional<Double> rowsOfKey(StoreTable table, LookupKey key) {
      if (key.isUnique()) {
        return Optional.of(1.0);
      }
      List<Optional<KnownColumn>> known = table.knownColumns();
      List<Integer> columns =
          key.index().isPresent()
              ? key.index().get().definition().columns()
              : table.definition().primaryKey();
      double rows = table.rowCount();
      for (int column : columns.subList(0, key.parts().size())) {
        if (column >= known.size() || known.get(column).isEmpty()) {
          return Optional.empty();
        }
        rows /= known.get(column).get().distinct();
      }
      return Optional.of(Math.max(1, rows));
    }

    RelNode join(LookupCosts costs) {
      double scanned = costs.patience() * scanCost / side.table().rowCount();
      LookupJoin lookups = new LookupJoin(key, scanned, batchCost);
      RelNode inner = side.lookedUp(join.getInput(1 - outer), lookups, part);
      return new IndexLookupJoin(
          join,
          outer == 0 ? join.getLeft() : inner,
          outer == 0 ? inner : join.getRight(),
          outer,
          lookups,
          RelSize.of(join));
    }
  }
}
