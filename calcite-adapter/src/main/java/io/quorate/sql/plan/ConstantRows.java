package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** The rows of VALUES as expressions, however Calcite has put them. */
final class ConstantRows {
  private ConstantRows() {}

  /** Empty when the relation reads anything. */
  static Optional<List<List<RexNode>>> of(RelNode rel) {
    if (rel instanceof Values values) {
      List<List<RexNode>> rows = new ArrayList<>();
      values.getTuples().forEach(tuple -> rows.add(new ArrayList<>(tuple)));
      return Optional.of(rows);
    }
    if (rel instanceof Project project) {
      return of(project.getInput()).map(rows -> project(project, rows));
    }
    if (rel instanceof Union union && union.all) {
      List<List<RexNode>> all = new ArrayList<>();
      for (RelNode input : union.getInputs()) {
        Optional<List<List<RexNode>>> rows = of(input);
        if (rows.isEmpty()) {
          return Optional.empty();
        }
        all.addAll(rows.get());
      }
      return Optional.of(all);
    }
    return Optional.empty();
  }

  private static List<List<RexNode>> project(Project project, List<List<RexNode>> rows) {
    List<List<RexNode>> projected = new ArrayList<>();
    for (List<RexNode> row : rows) {
      RexShuttle substitution =
          new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
              return row.get(reference.getIndex());
            }
          };
      projected.add(new ArrayList<>(substitution.visitList(project.getProjects())));
    }
    return projected;
  }
}
