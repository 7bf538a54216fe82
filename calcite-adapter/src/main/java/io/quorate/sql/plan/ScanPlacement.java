package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/**
 * Puts our scans under the tree, with the columns that it asks for, a path to the rows, and what
 * can be told of a row from its bytes.
 */
final class ScanPlacement extends RelHomogeneousShuttle {

  /** Columns of one of our tables. */
  private static final class Columns {
    private final TableScan scan;
    private final int[] ordinals;

    private Columns(TableScan scan, int[] ordinals) {
      this.scan = scan;
      this.ordinals = ordinals;
    }

    static Optional<Columns> of(RelNode rel) {
      if (rel instanceof TableScan scan) {
        int[] all = IntStream.range(0, scan.getRowType().getFieldCount()).toArray();
        return isOurs(scan) ? Optional.of(new Columns(scan, all)) : Optional.empty();
      }
      return rel instanceof LogicalProject project
              && project.getInput() instanceof TableScan scan
              && isOurs(scan)
          ? fields(project).map(fields -> new Columns(scan, fields))
          : Optional.empty();
    }

    /** The table of a recursive query is not. */
    private static boolean isOurs(TableScan scan) {
      return scan.getTable().unwrap(PlannedTable.class) != null;
    }

    StoreScan all() {
      StoreTable table = scan.getTable().unwrap(StoreTable.class);
      return table == null
          ? new StoreScan(scan.getCluster(), scan.getTable(), ordinals, Optional.empty(), 1, "")
          : scan(table, AccessPaths.choose(table, Rex.BUILDER.makeLiteral(true), List.of(), false));
    }

    private StoreScan scan(StoreTable table, AccessPaths.Choice choice) {
      RexNode pushed = choice.condition().pushed();
      boolean kept = pushed.isAlwaysTrue();
      return new StoreScan(
          scan.getCluster(),
          scan.getTable(),
          ordinals,
          Optional.of(choice.path()),
          kept
              ? choice.share()
              : Math.min(choice.share(), Selectivity.of(pushed, RelSize.of(scan))),
          kept ? "" : Explained.text(pushed, table));
    }

    RelNode under(LogicalFilter filter) {
      StoreTable table = scan.getTable().unwrap(StoreTable.class);
      if (table == null) {
        return filter.copy(filter.getTraitSet(), List.of(all()));
      }
      RexNode condition = filter.getCondition().accept(new Renumber(ordinals, scan.getRowType()));
      List<RexNode> implied = ImpliedConditions.ofColumns(condition);
      List<RexNode> all = new ArrayList<>(List.of(condition));
      all.addAll(implied);
      AccessPaths.Choice choice =
          AccessPaths.choose(table, RexUtil.composeConjunction(Rex.BUILDER, all), List.of(), false);
      StoreScan read = scan(table, choice);
      // What the scan cannot tell is of no use: the condition that it follows from is asked anyway.
      List<RexNode> left = RelOptUtil.conjunctions(choice.condition().rest());
      left.removeAll(implied);
      RexNode rest = RexUtil.composeConjunction(Rex.BUILDER, left);
      return rest.isAlwaysTrue()
          ? read
          : filter.copy(
              filter.getTraitSet(),
              read,
              rest.accept(new Renumber(inverse(ordinals), read.getRowType())));
    }
  }

  @Override
  public RelNode visit(TableScan scan) {
    return Columns.of(scan).<RelNode>map(Columns::all).orElse(scan);
  }

  @Override
  public RelNode visit(LogicalFilter filter) {
    Optional<Columns> columns = Columns.of(filter.getInput());
    return columns.isPresent() ? columns.get().under(filter) : super.visit(filter);
  }

  @Override
  public RelNode visit(LogicalProject project) {
    Optional<Columns> columns = Columns.of(project);
    return columns.isPresent() ? columns.get().all() : super.visit(project);
  }

  /** The fields that a project picks; empty when it computes, or picks none. */
  private static Optional<int[]> fields(LogicalProject project) {
    List<RexNode> projects = project.getProjects();
    return projects.isEmpty() || !projects.stream().allMatch(RexInputRef.class::isInstance)
        ? Optional.empty()
        : Optional.of(
            projects.stream().mapToInt(node -> ((RexInputRef) node).getIndex()).toArray());
  }

  /** By ordinal the field that has it. */
  private static int[] inverse(int[] ordinals) {
    int[] fields = new int[Arrays.stream(ordinals).max().orElse(-1) + 1];
    for (int i = 0; i < ordinals.length; i++) {
      fields[ordinals[i]] = i;
    }
    return fields;
  }

  private static final class Renumber extends RexShuttle {
    private final int[] numbers;
    private final RelDataType rowType;

    /**
     * @param numbers by index of a reference, the one that it gets
     */
    Renumber(int[] numbers, RelDataType rowType) {
      this.numbers = numbers;
      this.rowType = rowType;
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
      return RexInputRef.of(numbers[reference.getIndex()], rowType);
    }
  }
}
