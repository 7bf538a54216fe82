package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.EnumSet;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Refuses statements that would have to look into a BLOB or CLOB, or to compare a JSON: they are
 * carried from columns to results and back, and asked for NULL and their length; a JSON is also
 * given to the functions of JSON.
 */
final class CarriedValueUse extends RelVisitor {
  private static final Set<SqlKind> CARRYING =
      EnumSet.of(
          SqlKind.IS_NULL, SqlKind.IS_NOT_NULL, SqlKind.CASE, SqlKind.COALESCE, SqlKind.CAST);

  private CarriedValueUse() {}

  /**
   * Looks at all of a statement.
   *
   * @throws SqlFailure with {@link State#TYPE_MISMATCH}
   */
  static void check(RelNode rel) {
    new CarriedValueUse().go(rel);
  }

  @Override
  public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
    if (node instanceof Sort sort) {
      sort.getCollation()
          .getFieldCollations()
          .forEach(field -> refuse(type(sort, field.getFieldIndex()), "ORDER BY"));
    } else if (node instanceof Aggregate aggregate) {
      aggregate(aggregate);
    } else if (node instanceof SetOp operation && !isUnionAll(operation)) {
      for (RelDataTypeField field : operation.getRowType().getFieldList()) {
        refuse(field.getType(), operation.kind.sql + ", except UNION ALL,");
      }
    }
    Calls calls = new Calls();
    node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            call.accept(calls);
            return call;
          }

          @Override
          public RexNode visitOver(RexOver over) {
            over.accept(calls);
            return over;
          }

          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            query.accept(calls);
            return query;
          }
        });
    super.visit(node, ordinal, parent);
  }

  private static boolean isUnionAll(SetOp operation) {
    return operation.kind == SqlKind.UNION && operation.all;
  }

  private static void aggregate(Aggregate aggregate) {
    aggregate
        .getGroupSet()
        .forEach(column -> refuse(type(aggregate.getInput(), column), "GROUP BY or DISTINCT"));
    for (AggregateCall call : aggregate.getAggCallList()) {
      if (JsonParts.makesJson(call.getAggregation())) {
        call.getArgList()
            .forEach(
                column ->
                    refuseLarge(
                        type(aggregate.getInput(), column), call.getAggregation().getName()));
      } else if (call.getAggregation().getKind() != SqlKind.COUNT || call.isDistinct()) {
        call.getArgList()
            .forEach(
                column ->
                    refuse(type(aggregate.getInput(), column), call.getAggregation().getName()));
      }
    }
  }

  private static RelDataType type(RelNode rel, int column) {
    return rel.getRowType().getFieldList().get(column).getType();
  }

  private static void refuseLarge(RelDataType type, String where) {
    if (!CarriedType.isJson(type)) {
      refuse(type, where);
    }
  }

  private static void refuse(RelDataType type, String where) {
    if (type instanceof CarriedType carried) {
      throw new SqlFailure(
          State.TYPE_MISMATCH,
          where
              + " cannot use a "
              + carried.name()
              + (carried.name() == SqlType.Name.JSON
                  ? ", whose values have no order and no equality; CAST it to VARCHAR, or take a"
                      + " part of it by JSON_VALUE"
                  : ", whose values are not compared or computed with; use VARCHAR or VARBINARY"
                      + " where that is needed"));
    }
  }

  private static final class Calls extends RexVisitorImpl<Void> {
    Calls() {
      super(true);
    }

    @Override
    @SuppressWarnings("NullAway") // Void has no other value
    public Void visitCall(RexCall call) {
      if (call.getKind() == SqlKind.CAST && !(call.getType() instanceof CarriedType)) {
        refuseLarge(call.getOperands().get(0).getType(), "CAST");
      } else if (JsonParts.takesJson(call.getOperator())) {
        call.getOperands()
            .forEach(operand -> refuseLarge(operand.getType(), call.getOperator().getName()));
      } else if (!CARRYING.contains(call.getKind()) && !(call.getOperator() instanceof LobLength)) {
        call.getOperands()
            .forEach(operand -> refuse(operand.getType(), call.getOperator().getName()));
      }
      return super.visitCall(call);
    }

    @Override
    @SuppressWarnings("NullAway")
    public Void visitOver(RexOver over) {
      over.getWindow().partitionKeys.forEach(key -> refuse(key.getType(), "PARTITION BY"));
      over.getWindow().orderKeys.forEach(key -> refuse(key.left.getType(), "ORDER BY"));
      return super.visitOver(over);
    }

    @Override
    @SuppressWarnings("NullAway")
    public Void visitSubQuery(RexSubQuery query) {
      check(query.rel);
      if (query.getKind() != SqlKind.EXISTS && query.getKind() != SqlKind.SCALAR_QUERY) {
        query.getOperands().forEach(operand -> refuse(operand.getType(), query.getKind().sql));
      }
      return super.visitSubQuery(query);
    }
  }
}
