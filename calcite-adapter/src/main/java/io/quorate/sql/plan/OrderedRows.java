package io.quorate.sql.plan;

import io.quorate.sql.exec.ComparableArray;
import io.quorate.sql.exec.InternalOrder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.function.Functions;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.ExpressionType;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.MethodCallExpression;
import org.apache.calcite.linq4j.tree.Shuttle;
import org.apache.calcite.linq4j.tree.UnaryExpression;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.runtime.SqlFunctions;
import org.apache.calcite.runtime.Utilities;
import org.jspecify.annotations.Nullable;

/**
 * The root of a plan of generated code: where the code below compares values, it does so by {@link
 * InternalOrder}.
 */
final class OrderedRows extends SingleRel implements EnumerableRel {
  /** By method of Calcite's, ours. */
  private static final Map<Method, Method> REPLACEMENTS = replacements();

  OrderedRows(RelNode input) {
    super(input.getCluster(), input.getTraitSet(), input);
  }

  private static Map<Method, Method> replacements() {
    Map<Method, Method> replacements = new HashMap<>();
    for (Method ours : InternalOrder.class.getDeclaredMethods()) {
      if (Modifier.isPublic(ours.getModifiers())) {
        Method theirs =
            Stream.of(SqlFunctions.class, Utilities.class, Functions.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> isAlike(method, ours))
                .findFirst()
                .orElseThrow();
        replacements.put(theirs, ours);
      }
    }
    return Map.copyOf(replacements);
  }

  private static boolean isAlike(Method theirs, Method ours) {
    return theirs.getName().equals(ours.getName())
        && Arrays.equals(theirs.getParameterTypes(), ours.getParameterTypes());
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new OrderedRows(inputs.get(0));
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    Result rows = implementor.visitChild(this, 0, (EnumerableRel) getInput(), prefer);
    return implementor.result(rows.physType, rows.block.accept(new Replacement()));
  }

  private static final class Replacement extends Shuttle {
    @Override
    public Expression visit(UnaryExpression unary, Expression operand) {
      boolean array =
          unary.getNodeType() == ExpressionType.Convert
              && unary.getType() == Comparable.class
              && operand.getType() == List.class;
      return array
          ? Expressions.call(ComparableArray.class, "of", operand)
          : Objects.requireNonNull(super.visit(unary, operand));
    }

    @Override
    public Expression visit(
        MethodCallExpression call, @Nullable Expression target, List<Expression> arguments) {
      Method ours = REPLACEMENTS.get(call.method);
      return ours == null
          ? Objects.requireNonNull(super.visit(call, target, arguments))
          : Expressions.call(ours, arguments);
    }
  }
}
