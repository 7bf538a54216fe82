package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.validate.SqlValidatorTable;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of which tables a statement reads, found in its algebra before any view is put in
 * its place. Of a statement with sub-queries or correlation it says all columns of its tables,
 * which is never too few. Confined to one thread.
 */
final class ReadColumns extends RelVisitor {
  private final Map<Integer, Set<String>> columns = new HashMap<>();

  private ReadColumns() {}

  /**
   * Tells the reads of one statement.
   *
   * @param read all tables that stand in some FROM of it
   * @param rel its algebra
   */
  static void tell(
      Needs needs, Collection<SqlValidatorTable> read, RelNode rel, CalciteCatalogReader reader) {
    ReadColumns found = new ReadColumns();
    boolean whole = isCorrelated(rel);
    if (!whole) {
      RelNode source = source(rel);
      found.go(
          new RelFieldTrimmer(null, RelFactories.LOGICAL_BUILDER.create(rel.getCluster(), reader))
              .trim(source));
    }
    for (SqlValidatorTable table : read) {
      StoreTable stored = table.unwrap(StoreTable.class);
      ViewTable view = table.unwrap(ViewTable.class);
      AskedTable asked = table.unwrap(AskedTable.class);
      if (stored != null) {
        List<ColumnDef> all = stored.definition().visibleColumns();
        needs.reads(stored.definition(), found.of(stored.definition().id(), whole, all));
      } else if (view != null) {
        needs.reads(view.view(), found.of(view.id(), whole, view.view().columns()));
      } else if (asked != null) {
        needs.reads(asked);
      }
    }
  }

  private Set<String> of(int id, boolean whole, List<ColumnDef> all) {
    Set<String> used = new LinkedHashSet<>();
    Set<String> seen = columns.getOrDefault(id, Set.of());
    for (ColumnDef column : all) {
      if (whole || seen.contains(column.name())) {
        used.add(column.name());
      }
    }
    return used;
  }

  /** What a change reads to know its rows and their values, without those that stay. */
  private static RelNode source(RelNode rel) {
    if (!(rel instanceof TableModify modify)) {
      return rel;
    }
    RelNode input = modify.getInput();
    if (modify.isInsert()) {
      return input;
    }
    List<RexNode> values = modify.getSourceExpressionList();
    List<RexNode> given =
        values == null || values.isEmpty() ? List.of(Rex.BUILDER.makeLiteral(true)) : values;
    return LogicalProject.create(input, List.of(), given, (List<String>) null, Set.of());
  }

  private static boolean isCorrelated(RelNode rel) {
    boolean[] found = {false};
    RexShuttle look =
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            found[0] = true;
            return query;
          }

          @Override
          public RexNode visitCorrelVariable(RexCorrelVariable variable) {
            found[0] = true;
            return variable;
          }
        };
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        found[0] |= node instanceof Correlate;
        var unused = node.accept(look);
        super.visit(node, ordinal, parent);
      }
    }.go(rel);
    return found[0];
  }

  @Override
  public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
    if (node instanceof Project project && project.getInput() instanceof TableScan scan) {
      for (int field : RelOptUtil.InputFinder.bits(project.getProjects(), null)) {
        add(scan.getTable(), scan.getRowType().getFieldNames().get(field));
      }
    } else if (node instanceof Aggregate aggregate
        && aggregate.getInput() instanceof TableScan scan) {
      // A count of rows reads no column.
      for (int field : RelOptUtil.getAllFields(aggregate)) {
        add(scan.getTable(), scan.getRowType().getFieldNames().get(field));
      }
    } else if (node instanceof TableScan scan) {
      scan.getRowType().getFieldNames().forEach(name -> add(scan.getTable(), name));
    } else {
      super.visit(node, ordinal, parent);
    }
  }

  private void add(RelOptTable table, String column) {
    StoreTable stored = table.unwrap(StoreTable.class);
    ViewTable view = table.unwrap(ViewTable.class);
    if (stored != null || view != null) {
      int id = stored != null ? stored.definition().id() : view.id();
      columns.computeIfAbsent(id, each -> new LinkedHashSet<>()).add(column);
    }
  }
}
