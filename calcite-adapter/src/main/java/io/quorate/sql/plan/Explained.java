package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/** A plan that can say how it runs. */
interface Explained {

  /** Some lines, without one about where it runs. */
  String explain();

  static String name(TableDef table) {
    return table.schema() + "." + table.name();
  }

  /** An expression with the names of its columns. */
  static String text(RexNode node, StoreTable table) {
    List<String> names = table.columns().stream().map(PlannedTable.Column::name).toList();
    RexNode expanded = RexUtil.expandSearch(Rex.BUILDER, null, node);
    String text = expanded.toString();
    // From the highest, so that $1 is not found in $12.
    for (int i = names.size() - 1; i >= 0; i--) {
      text = text.replace("$" + i, names.get(i));
    }
    return text;
  }

  static String text(List<RexNode> nodes, StoreTable table) {
    return nodes.stream().map(node -> text(node, table)).collect(Collectors.joining(", "));
  }

  /** A line for what the scan tells, and one for what is asked of each row that it keeps. */
  static String conditions(ScanCondition condition, StoreTable table) {
    String pushed =
        condition.pushed().isAlwaysTrue()
            ? ""
            : "\nScan filter: " + text(condition.pushed(), table);
    return condition.rest().isAlwaysTrue()
        ? pushed
        : pushed + "\nFilter: " + text(condition.rest(), table);
  }

  static String time(long nanos) {
    return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
  }

  /** Indented under a line of its own. */
  static String indent(String text) {
    return "  " + text.replace("\n", "\n  ");
  }
}
