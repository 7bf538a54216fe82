package io.quorate.sql.plan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What generated code does not do by itself: DECIMAL quotients keep 38 digits where Calcite's keep
 * 16, and a sum is added up in its own type, which is wider than that of what is summed.
 */
public final class DecimalRules extends RelHomogeneousShuttle {
  private static final SqlUserDefinedFunction DIVIDE =
      new SqlUserDefinedFunction(
          new SqlIdentifier("DECIMAL_DIVIDE", SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.DECIMAL_QUOTIENT,
          InferTypes.FIRST_KNOWN,
          OperandTypes.operandMetadata(
              List.of(), factory -> List.of(), i -> "operand" + i, i -> false),
          java.util.Objects.requireNonNull(
              ScalarFunctionImpl.create(DecimalRules.class, "divide")));

  private final RelBuilder builder;

  DecimalRules(RelBuilder builder) {
    this.builder = builder;
  }

  /** Called by generated code. */
  public static @Nullable BigDecimal divide(
      @Nullable BigDecimal dividend, @Nullable BigDecimal divisor) {
    if (dividend == null || divisor == null) {
      return null;
    }
    return (BigDecimal)
        Arithmetic.of(SqlKind.DIVIDE, Types.fromCalcite(DECIMAL)).apply(dividend, divisor);
  }

  private static final RelDataType DECIMAL = Types.FACTORY.createSqlType(SqlTypeName.DECIMAL);

  @Override
  public RelNode visit(LogicalAggregate aggregate) {
    RelNode visited = super.visit(aggregate);
    return visited instanceof LogicalAggregate inner ? widened(inner) : visited;
  }

  private RelNode widened(LogicalAggregate aggregate) {
    RelNode input = aggregate.getInput();
    List<RexNode> projects = new ArrayList<>(Rex.BUILDER.identityProjects(input.getRowType()));
    List<AggregateCall> calls = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      calls.add(isNarrow(call, input) ? widened(call, input, projects) : call);
    }
    if (projects.size() == input.getRowType().getFieldCount()) {
      return aggregate;
    }
    RelNode wide = builder.push(input).project(projects, List.of(), true).build();
    return aggregate.copy(
        aggregate.getTraitSet(), wide, aggregate.getGroupSet(), aggregate.getGroupSets(), calls);
  }

  private static boolean isNarrow(AggregateCall call, RelNode input) {
    SqlKind kind = call.getAggregation().getKind();
    if (kind != SqlKind.SUM && kind != SqlKind.SUM0) {
      return false;
    }
    RelDataType argument =
        input.getRowType().getFieldList().get(call.getArgList().get(0)).getType();
    return call.getType().getSqlTypeName() == SqlTypeName.DECIMAL
        && argument.getSqlTypeName() != SqlTypeName.DECIMAL;
  }

  private static AggregateCall widened(AggregateCall call, RelNode input, List<RexNode> projects) {
    RexNode argument = Rex.BUILDER.makeInputRef(input, call.getArgList().get(0));
    RelDataType type =
        Types.FACTORY.createTypeWithNullability(call.getType(), argument.getType().isNullable());
    projects.add(Rex.BUILDER.makeCast(type, argument));
    return call.withArgList(List.of(projects.size() - 1));
  }

  @Override
  public RelNode visit(RelNode other) {
    return super.visit(other).accept(new Quotients());
  }

  private static final class Quotients extends RexShuttle {
    @Override
    public RexNode visitCall(RexCall call) {
      RexNode visited = super.visitCall(call);
      if (!(visited instanceof RexCall inner)
          || inner.getType().getSqlTypeName() != SqlTypeName.DECIMAL
          || (inner.getKind() != SqlKind.DIVIDE && inner.getKind() != SqlKind.CHECKED_DIVIDE)) {
        return visited;
      }
      List<RexNode> operands = new ArrayList<>();
      for (RexNode operand : inner.getOperands()) {
        operands.add(decimal(operand));
      }
      return Rex.BUILDER.makeCall(inner.getType(), DIVIDE, operands);
    }

    private static RexNode decimal(RexNode operand) {
      if (operand.getType().getSqlTypeName() == SqlTypeName.DECIMAL) {
        return operand;
      }
      RelDataType type =
          Types.FACTORY.createSqlType(SqlTypeName.DECIMAL, TypeSystem.DECIMAL_DIGITS_MAX, 0);
      return Rex.BUILDER.makeCast(
          Types.FACTORY.createTypeWithNullability(type, operand.getType().isNullable()), operand);
    }
  }
}
