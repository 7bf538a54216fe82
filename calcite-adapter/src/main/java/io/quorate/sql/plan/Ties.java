package io.quorate.sql.plan;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;

/**
 * {@code FETCH FIRST n ROWS WITH TIES} as a condition: what is sorted has a rank of at most as many
 * rows as are skipped and fetched, and what is skipped is skipped then. So rows are skipped first,
 * and the peers of the last row of the rest are added, as SQL:2016 part 2, 7.17 has it. Stateless.
 */
final class Ties {
  private Ties() {}

  /** Instead of a sort with a number of rows, which may be below a projection. */
  static RelNode added(RelNode rel) {
    return rel instanceof Project project
        ? project.copy(project.getTraitSet(), List.of(added(project.getInput())))
        : added((Sort) rel);
  }

  private static Sort added(Sort sort) {
    RexNode rows = Objects.requireNonNull(sort.fetch);
    int columns = sort.getRowType().getFieldCount();
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(sort.getCluster(), null);
    builder.push(sort.getInput());
    RexNode rank =
        builder
            .aggregateCall(SqlStdOperatorTable.RANK)
            .over()
            .orderBy(builder.fields(sort.getCollation()))
            .rangeBetween(RexWindowBounds.UNBOUNDED_PRECEDING, RexWindowBounds.CURRENT_ROW)
            .toRex();
    builder.projectPlus(rank);
    RexNode ranked = builder.field(columns);
    RexNode behind =
        sort.offset == null ? ranked : builder.call(SqlStdOperatorTable.MINUS, ranked, sort.offset);
    builder.filter(
        builder.lessThanOrEqual(behind, rows),
        // Else the peers of the last row that is skipped would stay.
        builder.greaterThan(rows, builder.literal(BigDecimal.ZERO)));
    builder.project(builder.fields().subList(0, columns));
    return sort.copy(sort.getTraitSet(), builder.build(), sort.getCollation(), sort.offset, null);
  }
}
