package io.quorate.sql.plan;

import io.quorate.sql.exec.AccessPath;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.jspecify.annotations.Nullable;

/** What was known of the tables of a plan when it was made. Immutable. */
record PlannedSizes(List<StoreTable> tables, List<Known> known) {
  static final PlannedSizes NONE = new PlannedSizes(List.of(), List.of());

  private static final double GROWTH_MAX = 4;
  private static final double FEW_ROWS = 1000;

  PlannedSizes {
    tables = List.copyOf(tables);
    known = List.copyOf(known);
  }

  /** Of one table. */
  record Known(double rowCount, long analyzedRevision) {
    static Known of(StoreTable table) {
      return new Known(table.rowCount(), table.analyzedRevision());
    }
  }

  static PlannedSizes of(RelNode rel) {
    List<StoreTable> tables = new ArrayList<>();
    new Finder(tables).go(rel);
    return of(tables);
  }

  /** Of a plan of one table; no path is better than one to a point. */
  static PlannedSizes of(AccessPath path, StoreTable table) {
    return path.isPoint() ? NONE : of(List.of(table));
  }

  private static PlannedSizes of(List<StoreTable> tables) {
    return new PlannedSizes(tables, tables.stream().map(Known::of).toList());
  }

  /**
   * Whether one has become several times as large, or as small, since, or has been analyzed: a plan
   * that was good may be a bad one now.
   */
  boolean isStale() {
    for (int i = 0; i < tables.size(); i++) {
      Known current = Known.of(tables.get(i));
      double now = current.rowCount + FEW_ROWS;
      double then = known.get(i).rowCount + FEW_ROWS;
      if (now > then * GROWTH_MAX
          || then > now * GROWTH_MAX
          || current.analyzedRevision != known.get(i).analyzedRevision) {
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
