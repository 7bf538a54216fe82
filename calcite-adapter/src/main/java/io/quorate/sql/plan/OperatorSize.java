package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexLocalRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;

/**
 * The {@link RelSize} of operators that run, for EXPLAIN ANALYZE: reckoned as it is for the algebra
 * that they were made of.
 */
final class OperatorSize {
  private OperatorSize() {}

  static RelSize of(RelNode operator) {
    if (operator instanceof StoreScan scan) {
      return scan(scan);
    }
    if (operator instanceof Calc calc) {
      return calc(calc);
    }
    if (operator instanceof Aggregate aggregate) {
      return RelSize.of(aggregate);
    }
    if (operator instanceof IndexLookupJoin join) {
      return join.size();
    }
    if (operator instanceof Join join) {
      return RelSize.of(join);
    }
    if (operator instanceof Sort sort) {
      return sort(sort);
    }
    double rows = Math.max(1, operator.getCluster().getMetadataQuery().getRowCount(operator));
    return new RelSize(rows, rows, List.of(), List.of());
  }

  private static RelSize scan(StoreScan scan) {
    RelSize table = RelSize.of((TableScan) scan);
    List<Optional<KnownColumn>> columns = new ArrayList<>();
    for (int column : scan.columns()) {
      columns.add(table.column(column));
    }
    double rows = Math.max(1, table.rows() * scan.share());
    return new RelSize(rows, table.all(), List.of(), columns);
  }

  /** A filter over a path has what led to the path as well, so it is of all rows. */
  private static RelSize calc(Calc calc) {
    RelSize input = RelSize.of(calc.getInput());
    RexProgram program = calc.getProgram();
    List<Optional<KnownColumn>> columns = new ArrayList<>();
    for (RexLocalRef project : program.getProjectList()) {
      columns.add(
          program.expandLocalRef(project) instanceof RexInputRef reference
              ? input.column(reference.getIndex())
              : Optional.empty());
    }
    double rows = input.rows();
    if (program.getCondition() != null) {
      RexNode condition = program.expandLocalRef(program.getCondition());
      rows = Math.min(rows, input.all() * Selectivity.of(condition, input));
    }
    return new RelSize(Math.max(1, rows), input.all(), List.of(), columns);
  }

  private static RelSize sort(Sort sort) {
    RelSize input = RelSize.of(sort.getInput());
    double rows =
        sort.fetch instanceof RexLiteral limit
            ? Math.min(input.rows(), RexLiteral.numberValue(limit).doubleValue())
            : input.rows();
    return new RelSize(rows, input.all(), input.keys(), input.columns());
  }
}
