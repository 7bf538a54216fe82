package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlJsonArrayAggAggFunction;
import org.apache.calcite.sql.fun.SqlJsonObjectAggAggFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * Has values of type JSON become parts of what JSON_OBJECT, JSON_ARRAY, JSON_OBJECTAGG and
 * JSON_ARRAYAGG make, as FORMAT JSON does, and not texts in them (ISO 9075-2, 6.42).
 */
final class JsonParts extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(LogicalAggregate aggregate) {
    return parsed((LogicalAggregate) visitChildren(aggregate));
  }

  private static RelNode parsed(LogicalAggregate aggregate) {
    RelNode input = aggregate.getInput();
    List<RelDataTypeField> fields = input.getRowType().getFieldList();
    List<RexNode> projects = new ArrayList<>(Rex.BUILDER.identityProjects(input.getRowType()));
    List<AggregateCall> calls = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      List<Integer> arguments = new ArrayList<>();
      for (int argument : call.getArgList()) {
        boolean parsed =
            makesJson(call.getAggregation()) && CarriedType.isJson(fields.get(argument).getType());
        arguments.add(parsed ? projects.size() : argument);
        if (parsed) {
          projects.add(parsed(Rex.BUILDER.makeInputRef(input, argument)));
        }
      }
      calls.add(call.withArgList(arguments));
    }
    if (projects.size() == fields.size()) {
      return aggregate;
    }
    List<String> names = new ArrayList<>(input.getRowType().getFieldNames());
    while (names.size() < projects.size()) {
      names.add("$json" + names.size());
    }
    RelNode wide = LogicalProject.create(input, List.of(), projects, names, Set.of());
    return aggregate.copy(
        aggregate.getTraitSet(), wide, aggregate.getGroupSet(), aggregate.getGroupSets(), calls);
  }

  @Override
  public RelNode visit(RelNode other) {
    return super.visit(other).accept(new Calls());
  }

  private final class Calls extends RexShuttle {
    @Override
    public RexNode visitSubQuery(RexSubQuery query) {
      RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
      return visited.clone(visited.rel.accept(JsonParts.this));
    }

    @Override
    public RexNode visitCall(RexCall call) {
      RexCall visited = (RexCall) super.visitCall(call);
      boolean constructor =
          visited.getOperator().equals(SqlStdOperatorTable.JSON_OBJECT)
              || visited.getOperator().equals(SqlStdOperatorTable.JSON_ARRAY);
      return constructor
          ? visited.clone(
              visited.getType(), visited.getOperands().stream().map(JsonParts::part).toList())
          : visited;
    }
  }

  private static RexNode part(RexNode operand) {
    return CarriedType.isJson(operand.getType()) ? parsed(operand) : operand;
  }

  private static RexNode parsed(RexNode json) {
    return Rex.BUILDER.makeCall(SqlStdOperatorTable.JSON_VALUE_EXPRESSION, json);
  }

  /** Whether an aggregate function makes a JSON of its arguments. */
  static boolean makesJson(SqlAggFunction function) {
    return function instanceof SqlJsonArrayAggAggFunction
        || function instanceof SqlJsonObjectAggAggFunction;
  }

  /** Whether a function or predicate takes values of type JSON. */
  static boolean takesJson(SqlOperator operator) {
    String name = operator.getName();
    return operator.equals(JsonCast.INSTANCE)
        || operator.equals(SqlStdOperatorTable.JSON_VALUE_EXPRESSION)
        || name.startsWith("JSON_");
  }
}
