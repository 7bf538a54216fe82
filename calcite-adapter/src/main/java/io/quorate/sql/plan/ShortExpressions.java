package io.quorate.sql.plan;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;

/** Tells expressions whose time does not grow beyond the size of their values. */
final class ShortExpressions extends RexVisitorImpl<Void> {
  /** What is not here may look at each part of a value many times, as LIKE, or make a large one. */
  private static final Set<SqlKind> SHORT =
      EnumSet.of(
          SqlKind.AND,
          SqlKind.OR,
          SqlKind.NOT,
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_NULL,
          SqlKind.IS_NOT_NULL,
          SqlKind.IS_TRUE,
          SqlKind.IS_NOT_TRUE,
          SqlKind.IS_FALSE,
          SqlKind.IS_NOT_FALSE,
          SqlKind.SEARCH,
          SqlKind.CASE,
          SqlKind.COALESCE,
          SqlKind.CAST,
          SqlKind.PLUS,
          SqlKind.MINUS,
          SqlKind.TIMES,
          SqlKind.MINUS_PREFIX);

  private boolean all = true;

  private ShortExpressions() {
    super(true);
  }

  static boolean are(Collection<? extends RexNode> expressions) {
    ShortExpressions look = new ShortExpressions();
    expressions.forEach(expression -> expression.accept(look));
    return look.all;
  }

  @Override
  @SuppressWarnings("NullAway") // Void has no other value
  public Void visitCall(RexCall call) {
    all &= SHORT.contains(call.getKind()) || call.getOperator() instanceof SequenceFunction;
    return super.visitCall(call);
  }
}
