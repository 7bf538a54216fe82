package io.quorate.sql.plan;

import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Objects;
import org.apache.calcite.plan.RelOptListener;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.jspecify.annotations.Nullable;

/**
 * What the planning of one statement may take: until it is cancelled, and never more than some
 * seconds and some hundred megabytes, whatever its text stands for. Confined to one thread.
 *
 * @see RelOptListener it is told of each rule that a planner tries
 */
final class PlanningBudget implements RelOptListener {
  /**
   * A query of WITH, or a view, is one more wherever it is named: some that double are millions.
   */
  private static final int QUERIES_MAX = 2_000;

  /** Scans, joins, filters and so on; the steps of planning take the square of it. */
  private static final int OPERATORS_MAX = 4_000;

  /** Calls, columns and literals in all operators: a few hundred bytes each, in each step. */
  private static final int EXPRESSIONS_MAX = 200_000;

  /** Expressions, and columns of operators, that code is generated for. */
  private static final int CODE_MAX = 100_000;

  private final CancelFlag cancel;
  private int queries;

  PlanningBudget(CancelFlag cancel) {
    this.cancel = cancel;
  }

  /** That of the statement which the operator belongs to. */
  static PlanningBudget of(RelNode rel) {
    return Objects.requireNonNull(
        rel.getCluster().getPlanner().getContext().unwrap(PlanningBudget.class));
  }

  /** Planning has come one step further. */
  void check() {
    cancel.check();
  }

  /** One more query, be it written down or named. */
  void query() {
    cancel.check();
    queries++;
    if (queries > QUERIES_MAX) {
      throw tooLarge("it has more than " + QUERIES_MAX + " queries, those of WITH and views told");
    }
  }

  /** Between two steps of planning. */
  void check(RelNode root) {
    cancel.check();
    Size size = new Size();
    size.go(root);
    if (size.operators > OPERATORS_MAX) {
      throw tooLarge("its plan has more than " + OPERATORS_MAX + " operators");
    }
    if (size.expressions > EXPRESSIONS_MAX) {
      throw tooLarge("its plan has more than " + EXPRESSIONS_MAX + " expressions");
    }
  }

  /** Before code is generated. */
  void checkCode(RelNode root) {
    check(root);
    Size size = new Size();
    size.go(root);
    if (size.expressions + size.fields > CODE_MAX) {
      throw tooLarge("its plan has more than " + CODE_MAX + " expressions to be compiled");
    }
  }

  private static SqlFailure tooLarge(String why) {
    return new SqlFailure(
        State.LIMIT_EXCEEDED, "the statement is too large: " + why + "; split it into several");
  }

  private static final class Size extends RelVisitor {
    private int operators;
    private long fields;
    private long expressions;

    private final RexShuttle count =
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            expressions += 1 + call.getOperands().size();
            return super.visitCall(call);
          }

          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            expressions++;
            return super.visitFieldAccess(access);
          }
        };

    @Override
    public void visit(RelNode operator, int ordinal, @Nullable RelNode parent) {
      operators++;
      int width = operator.getRowType().getFieldCount();
      // Each of its groups of rows is sorted and written again.
      fields += operator instanceof Window window ? (long) width * window.groups.size() : width;
      var unused = operator.accept(count);
      super.visit(operator, ordinal, parent);
    }
  }

  @Override
  public void ruleAttempted(RuleAttemptedEvent event) {
    cancel.check();
  }

  @Override
  public void relEquivalenceFound(RelEquivalenceEvent event) {}

  @Override
  public void ruleProductionSucceeded(RuleProductionEvent event) {}

  @Override
  public void relDiscarded(RelDiscardedEvent event) {}

  @Override
  public void relChosen(RelChosenEvent event) {}
}
