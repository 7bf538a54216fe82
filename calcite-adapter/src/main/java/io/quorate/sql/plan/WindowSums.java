package io.quorate.sql.plan;

import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Has sums over windows added up in their own type, as {@link DecimalRules} has those of groups.
 */
final class WindowSums extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(RelNode other) {
    return super.visit(other).accept(new Widened());
  }

  private static final class Widened extends RexShuttle {
    @Override
    public RexNode visitOver(RexOver over) {
      RexOver inner = (RexOver) super.visitOver(over);
      SqlKind kind = inner.getAggOperator().getKind();
      if ((kind != SqlKind.SUM && kind != SqlKind.SUM0)
          || inner.getType().getSqlTypeName() != SqlTypeName.DECIMAL
          || inner.getOperands().get(0).getType().getSqlTypeName() == SqlTypeName.DECIMAL) {
        return inner;
      }
      RexNode argument = inner.getOperands().get(0);
      RelDataType type =
          Types.FACTORY.createTypeWithNullability(inner.getType(), argument.getType().isNullable());
      RexWindow window = inner.getWindow();
      return Rex.BUILDER.makeOver(
          inner.getType(),
          inner.getAggOperator(),
          List.of(Rex.BUILDER.makeCast(type, argument)),
          window.partitionKeys,
          window.orderKeys,
          window.getLowerBound(),
          window.getUpperBound(),
          window.getExclude(),
          window.isRows(),
          true,
          false,
          inner.isDistinct(),
          inner.ignoreNulls());
    }
  }
}
