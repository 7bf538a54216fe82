package io.quorate.sql.plan;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/**
 * Has UUIDs ordered by their bytes, as keys have them: generated code knows no order of theirs, and
 * while planning, which comes behind, ranges of literals would have Java's, which takes the first
 * bit for a sign.
 */
final class UuidOrder extends RelHomogeneousShuttle {
  private static final int BYTES = 16;

  private static final Set<SqlKind> ORDERS =
      EnumSet.of(
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.BETWEEN);

  /**
   * Whether {@code query} asks for an order of UUIDs anywhere: then Calcite must not simplify it
   * before this is done, for it would compare constants by Java's order.
   */
  static boolean isAskedBy(SqlNode query, SqlValidator validator) {
    boolean[] found = new boolean[1];
    query.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            found[0] |=
                ORDERS.contains(call.getKind())
                    && call.getOperandList().stream().anyMatch(this::isUuid);
            return found[0] ? null : super.visit(call);
          }

          private boolean isUuid(SqlNode operand) {
            RelDataType type = validator.getValidatedNodeTypeIfKnown(operand);
            return type != null && type.getSqlTypeName() == SqlTypeName.UUID;
          }
        });
    return found[0];
  }

  @Override
  public RelNode visit(RelNode other) {
    return super.visit(other).accept(new Comparisons());
  }

  private final class Comparisons extends RexShuttle {
    @Override
    public RexNode visitSubQuery(RexSubQuery query) {
      RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
      return visited.clone(visited.rel.accept(UuidOrder.this));
    }

    @Override
    public RexNode visitCall(RexCall call) {
      if (!isUuid(call.getOperands().isEmpty() ? call : call.getOperands().get(0))) {
        return super.visitCall(call);
      }
      if (call.getKind() == SqlKind.SEARCH) {
        return isOfPoints(call) ? call : RexUtil.expandSearch(Rex.BUILDER, null, call).accept(this);
      }
      if (!SqlKind.ORDER_COMPARISON.contains(call.getKind())) {
        return super.visitCall(call);
      }
      List<RexNode> operands =
          call.getOperands().stream().map(operand -> bytes(operand.accept(this))).toList();
      return call.clone(call.getType(), operands);
    }

    /** An IN or NOT IN. */
    private boolean isOfPoints(RexCall search) {
      RexLiteral literal = (RexLiteral) search.getOperands().get(1);
      Sarg<?> sarg = Objects.requireNonNull(literal.getValueAs(Sarg.class));
      return sarg.isPoints() || sarg.isComplementedPoints();
    }

    private boolean isUuid(RexNode node) {
      return node.getType().getSqlTypeName() == SqlTypeName.UUID;
    }

    private RexNode bytes(RexNode uuid) {
      RelDataType type = Types.FACTORY.createSqlType(SqlTypeName.BINARY, BYTES);
      boolean nullable = uuid.getType().isNullable();
      return Rex.BUILDER.makeAbstractCast(
          Types.FACTORY.createTypeWithNullability(type, nullable), uuid, false);
    }
  }
}
