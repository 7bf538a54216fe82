package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexNode;

/**
 * Has each row of the right side of a RIGHT or FULL join be an object of its own: where the
 * condition is more than equality, linq4j knows rows that found no partner by identity, and of rows
 * of one column, which are the value itself, it would keep one of all that are alike.
 */
final class OuterLoops extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(LogicalJoin join) {
    RelNode visited = super.visit(join);
    return visited instanceof Join inside
            && inside.getJoinType().generatesNullsOnLeft()
            && !isEquality(inside.analyzeCondition())
        ? apart(inside)
        : visited;
  }

  private static boolean isEquality(JoinInfo condition) {
    return condition.isEqui() && !condition.leftKeys.isEmpty();
  }

  /** A projection makes an array of each row, if of more than one column. */
  private static RelNode apart(Join join) {
    RelNode right = join.getRight();
    List<RexNode> wider = new ArrayList<>(Rex.BUILDER.identityProjects(right.getRowType()));
    wider.add(Rex.BUILDER.makeLiteral(true));
    List<String> names = new ArrayList<>(right.getRowType().getFieldNames());
    names.add("$ROW");
    RelNode rows = LogicalProject.create(right, List.of(), wider, names, Set.of());
    RelNode wide =
        LogicalJoin.create(
            join.getLeft(),
            rows,
            join.getHints(),
            join.getCondition(),
            join.getVariablesSet(),
            join.getJoinType());
    List<RexNode> all = Rex.BUILDER.identityProjects(wide.getRowType());
    return LogicalProject.create(
        wide,
        List.of(),
        all.subList(0, all.size() - 1),
        join.getRowType().getFieldNames(),
        Set.of());
  }
}
