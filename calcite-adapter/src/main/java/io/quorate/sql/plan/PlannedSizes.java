package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.jspecify.annotations.Nullable;

/** How many rows the tables of a plan had when it was made. Immutable. */
record PlannedSizes(List<StoreTable> tables, List<Double> rowCounts) {
  private static final double GROWTH_MAX = 4;
  private static final double FEW_ROWS = 1000;

  PlannedSizes {
    tables = List.copyOf(tables);
    rowCounts = List.copyOf(rowCounts);
  }

  static PlannedSizes of(RelNode rel) {
    List<StoreTable> tables = new ArrayList<>();
    new Finder(tables).go(rel);
    return new PlannedSizes(tables, tables.stream().map(StoreTable::rowCount).toList());
  }

  /** Whether one has become several times as large, or as small, since. */
  boolean isStale() {
    for (int i = 0; i < tables.size(); i++) {
      double now = tables.get(i).rowCount() + FEW_ROWS;
      double then = rowCounts.get(i) + FEW_ROWS;
      if (now > then * GROWTH_MAX || then > now * GROWTH_MAX) {
        return true;
      }
    }
    return false;
  }

  /** Looks into sub-queries too. */
  private static final class Finder extends RelVisitor {
    private final List<StoreTable> tables;

    Finder(List<StoreTable> tables) {
      this.tables = tables;
    }

    @Override
    public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
      if (node instanceof TableScan scan) {
        StoreTable table = scan.getTable().unwrap(StoreTable.class);
        if (table != null) {
          tables.add(table);
        }
      }
      node.accept(
          new RexShuttle() {
            @Override
            public RexNode visitSubQuery(RexSubQuery query) {
              Finder.this.visit(query.rel, 0, null);
              return query;
            }
          });
      super.visit(node, ordinal, parent);
    }
  }
}
