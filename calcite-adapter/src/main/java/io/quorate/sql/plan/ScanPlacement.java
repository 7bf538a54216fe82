package io.quorate.sql.plan;

import io.quorate.sql.exec.AccessPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.jspecify.annotations.Nullable;

/** Puts our scans under the tree, with the columns that it asks for and a path to the rows. */
final class ScanPlacement extends RelHomogeneousShuttle {

  @Override
  public RelNode visit(TableScan scan) {
    return isOurs(scan) ? scan(scan, allColumns(scan), Rex.BUILDER.makeLiteral(true)) : scan;
  }

  /** The table of a recursive query is not. */
  private static boolean isOurs(TableScan scan) {
    return scan.getTable().unwrap(PlannedTable.class) != null;
  }

  @Override
  public RelNode visit(LogicalProject project) {
    int @Nullable [] columns = columns(project);
    return columns == null || !(project.getInput() instanceof TableScan scan) || !isOurs(scan)
        ? super.visit(project)
        : scan(scan, columns, Rex.BUILDER.makeLiteral(true));
  }

  @Override
  public RelNode visit(LogicalFilter filter) {
    RelNode input = filter.getInput();
    if (input instanceof TableScan scan && isOurs(scan)) {
      RelNode read = scan(scan, allColumns(scan), filter.getCondition());
      return filter.copy(filter.getTraitSet(), List.of(read));
    }
    if (input instanceof LogicalProject project
        && project.getInput() instanceof TableScan scan
        && isOurs(scan)
        && columns(project) != null) {
      int[] columns = java.util.Objects.requireNonNull(columns(project));
      RexNode condition = filter.getCondition().accept(new Renumber(scan, columns));
      return filter.copy(filter.getTraitSet(), List.of(scan(scan, columns, condition)));
    }
    return super.visit(filter);
  }

  private static RelNode scan(TableScan scan, int[] columns, RexNode condition) {
    StoreTable table = scan.getTable().unwrap(StoreTable.class);
    if (table == null) {
      return new StoreScan(scan.getCluster(), scan.getTable(), columns, Optional.empty(), 1);
    }
    AccessPaths.Choice choice = AccessPaths.choose(table, condition, List.of(), false);
    Optional<AccessPath> path = Optional.of(choice.path());
    return new StoreScan(scan.getCluster(), scan.getTable(), columns, path, choice.share());
  }

  private static int[] allColumns(TableScan scan) {
    int[] columns = new int[scan.getRowType().getFieldCount()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i;
    }
    return columns;
  }

  /** The columns of a project that only picks some; null when it computes, or picks none. */
  private static int @Nullable [] columns(LogicalProject project) {
    List<RexNode> projects = project.getProjects();
    if (projects.isEmpty()) {
      return null;
    }
    List<Integer> columns = new ArrayList<>();
    for (RexNode node : projects) {
      if (!(node instanceof RexInputRef reference)) {
        return null;
      }
      columns.add(reference.getIndex());
    }
    return columns.stream().mapToInt(Integer::intValue).toArray();
  }

  private static final class Renumber extends RexShuttle {
    private final TableScan scan;
    private final int[] columns;

    Renumber(TableScan scan, int[] columns) {
      this.scan = scan;
      this.columns = columns;
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
      return RexInputRef.of(columns[reference.getIndex()], scan.getRowType());
    }
  }
}
