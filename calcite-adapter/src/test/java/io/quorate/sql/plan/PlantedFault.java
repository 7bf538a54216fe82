package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.parse.StatementParser;
import io.quorate.sql.store.ReadView;
import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * Faults in the optimised plan that a check must notice: rewrites that are wrong, as a rule of the
 * planner may be, and rows that ranges of keys and indexes lose.
 */
enum PlantedFault {
  NONE,

  /** NOT of what is unknown is true. */
  NOT_LOSES_NULL {
    @Override
    RexNode rewritten(RexCall call) {
      return call.getKind() == SqlKind.NOT
          ? Rex.BUILDER.makeCall(SqlStdOperatorTable.IS_NOT_TRUE, call.getOperands())
          : call;
    }
  },

  /** The value at the bound of a condition is left out. */
  LESS_OR_EQUAL_IS_LESS {
    @Override
    RexNode rewritten(RexCall call) {
      return call.getKind() == SqlKind.LESS_THAN_OR_EQUAL
          ? Rex.BUILDER.makeCall(SqlStdOperatorTable.LESS_THAN, call.getOperands())
          : call;
    }
  },

  /** A condition on an outer join becomes one of the join. */
  FILTER_GOES_INTO_LEFT_JOIN {
    @Override
    RelNode rewritten(RelNode rel) {
      return rel instanceof LogicalFilter filter
              && filter.getInput() instanceof LogicalJoin join
              && join.getJoinType() == JoinRelType.LEFT
          ? join.copy(
              join.getTraitSet(),
              Rex.BUILDER.makeCall(
                  SqlStdOperatorTable.AND, join.getCondition(), filter.getCondition()),
              join.getLeft(),
              join.getRight(),
              join.getJoinType(),
              false)
          : rel;
    }
  },

  UNION_ALL_LOSES_DUPLICATES {
    @Override
    RelNode rewritten(RelNode rel) {
      return rel instanceof LogicalUnion union && union.all
          ? LogicalUnion.create(union.getInputs(), false)
          : rel;
    }
  },

  RANGE_LOSES_ITS_FIRST_ROW {
    @Override
    ReadView faulty(ReadView view) {
      return FaultyView.withoutFirstOfRanges(view);
    }
  },

  BACKWARD_SCAN_LOSES_ITS_FIRST_ROW {
    @Override
    ReadView faulty(ReadView view) {
      return FaultyView.withoutFirstBackward(view);
    }
  };

  RexNode rewritten(RexCall call) {
    return call;
  }

  RelNode rewritten(RelNode rel) {
    return rel;
  }

  ReadView faulty(ReadView view) {
    return view;
  }

  Plan.Query plan(TestDatabase database, String sql) {
    if (this == NONE) {
      return (Plan.Query) database.plan(sql);
    }
    Conversions conversions =
        Conversions.of(
            StatementParser.parse(sql), PlainPlan.schemas(database).reader(Catalog.DEFAULT_SCHEMA));
    return CalcitePlanner.query(
        conversions.root().project().accept(new Rewrite()),
        conversions.parameters(),
        conversions.columns());
  }

  ExecutionContext context(TestDatabase database, List<?> parameters) {
    ExecutionContext context = database.context(parameters.toArray());
    return new ExecutionContext(
        faulty(context.view()),
        context.catalog(),
        context.parameters(),
        context.user(),
        context.commitToken(),
        context.now(),
        context.random(),
        context.system(),
        context.memoryBytesMax(),
        context.cancel());
  }

  private final class Rewrite extends RelHomogeneousShuttle {
    @Override
    public RelNode visit(RelNode other) {
      RelNode inside = super.visit(other);
      return rewritten(
          inside.accept(
              new RexShuttle() {
                @Override
                public RexNode visitCall(RexCall call) {
                  RexNode visited = super.visitCall(call);
                  return visited instanceof RexCall still ? rewritten(still) : visited;
                }
              }));
    }
  }
}
