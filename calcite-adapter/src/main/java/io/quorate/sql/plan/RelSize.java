package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * How large a relation is thought to be.
 *
 * @param rows it is thought to have
 * @param all what it would have without its filters
 * @param keys sets of its fields that are unique
 * @param columns what is known of each field, as it is without the filters
 */
record RelSize(
    double rows, double all, List<ImmutableBitSet> keys, List<Optional<KnownColumn>> columns) {
  private static final double ROWS_OF_ASKED_TABLE = 100;

  RelSize {
    keys = List.copyOf(keys);
    columns = List.copyOf(columns);
  }

  /** What is known of a field. */
  Optional<KnownColumn> column(int field) {
    return field < columns.size() ? columns.get(field) : Optional.empty();
  }

  static RelSize of(RelNode rel) {
    if (rel instanceof EnumerableRel) {
      return OperatorSize.of(rel);
    }
    if (rel instanceof TableScan scan) {
      return of(scan);
    }
    if (rel instanceof Filter filter) {
      RelSize input = of(filter.getInput());
      double share = Selectivity.of(filter.getCondition(), input);
      return new RelSize(Math.max(1, input.rows * share), input.all, input.keys, input.columns);
    }
    if (rel instanceof Project project) {
      return of(project);
    }
    if (rel instanceof Aggregate aggregate) {
      return of(aggregate);
    }
    if (rel instanceof Join join) {
      return of(join);
    }
    double rows = Math.max(1, rel.getCluster().getMetadataQuery().getRowCount(rel));
    return new RelSize(rows, rows, List.of(), List.of());
  }

  static RelSize of(TableScan scan) {
    StoreTable table = scan.getTable().unwrap(StoreTable.class);
    if (table == null) {
      return new RelSize(ROWS_OF_ASKED_TABLE, ROWS_OF_ASKED_TABLE, List.of(), List.of());
    }
    double rows = table.rowCount();
    List<ImmutableBitSet> keys = table.getStatistic().getKeys();
    return new RelSize(rows, rows, keys == null ? List.of() : keys, table.knownColumns());
  }

  private static RelSize of(Project project) {
    RelSize input = of(project.getInput());
    List<Optional<KnownColumn>> columns = new ArrayList<>();
    project
        .getProjects()
        .forEach(
            node ->
                columns.add(
                    node instanceof RexInputRef reference
                        ? input.column(reference.getIndex())
                        : Optional.empty()));
    return new RelSize(input.rows, input.all, keys(project, input), columns);
  }

  private static List<ImmutableBitSet> keys(Project project, RelSize input) {
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

  /** As many groups as the columns have values, where that is known of all. */
  static RelSize of(Aggregate aggregate) {
    List<ImmutableBitSet> keys = List.of(ImmutableBitSet.range(aggregate.getGroupCount()));
    RelSize input = of(aggregate.getInput());
    List<Optional<KnownColumn>> columns = new ArrayList<>();
    aggregate.getGroupSet().forEachInt(field -> columns.add(input.column(field)));
    double rows;
    if (columns.stream().allMatch(Optional::isPresent)) {
      double groups = 1;
      for (Optional<KnownColumn> column : columns) {
        groups *= column.map(KnownColumn::distinct).orElse(1.0);
      }
      rows = Math.min(input.rows, groups);
    } else {
      double guess = aggregate.getCluster().getMetadataQuery().getRowCount(aggregate);
      rows = Math.min(input.rows, guess);
    }
    return new RelSize(Math.max(1, rows), Math.max(1, rows), keys, columns);
  }

  static RelSize of(Join join) {
    RelSize left = of(join.getLeft());
    RelSize right = of(join.getRight());
    double pairs = Math.max(1, JoinSizes.share(join, left, right) * left.rows() * right.rows());
    double rows =
        switch (join.getJoinType()) {
          case INNER, ASOF -> pairs;
          case LEFT, LEFT_ASOF, LEFT_MARK -> Math.max(pairs, left.rows());
          case RIGHT -> Math.max(pairs, right.rows());
          case FULL -> Math.max(pairs, left.rows() + right.rows());
          case SEMI -> Math.min(pairs, left.rows());
          case ANTI -> Math.max(1, left.rows() - pairs);
        };
    List<Optional<KnownColumn>> columns = new ArrayList<>();
    for (RelNode side : join.getInputs()) {
      RelSize size = side.equals(join.getLeft()) ? left : right;
      for (int field = 0; field < side.getRowType().getFieldCount(); field++) {
        columns.add(size.column(field));
      }
    }
    return new RelSize(rows, rows, List.of(), columns);
  }
}
