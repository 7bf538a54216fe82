package io.quorate.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.linq4j.function.Predicate1;
import org.apache.calcite.linq4j.function.Predicate2;
import org.apache.calcite.linq4j.tree.BlockStatement;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.FunctionExpression;
import org.apache.calcite.linq4j.tree.GotoStatement;
import org.apache.calcite.linq4j.tree.Shuttle;
import org.apache.calcite.linq4j.tree.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Has the conditions of joins return boolean. Linq4j takes the choice between a {@code boolean} and
 * a {@code Boolean}, as some nullable conditions come out, for an {@code Object}, and what is told
 * by that for a method that no condition has. Stateless.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // as linq4j's own visits are
final class PredicateResults extends Shuttle {
  @Override
  public Expression visit(FunctionExpression function, @Nullable BlockStatement visited) {
    BlockStatement body = Objects.requireNonNull(visited);
    boolean condition =
        function.getType() == Predicate1.class || function.getType() == Predicate2.class;
    if (condition && body.getType() == Object.class) {
      return typed(function, returningBoolean(body));
    }
    return body.equals(function.body) ? function : typed(function, body);
  }

  /** The usual visit forgets what kind of function it was. */
  private static Expression typed(FunctionExpression function, BlockStatement body) {
    return Expressions.lambda((Class) function.getType(), body, function.parameterList);
  }

  private static BlockStatement returningBoolean(BlockStatement body) {
    List<Statement> statements = new ArrayList<>(body.statements);
    int last = statements.size() - 1;
    if (statements.get(last) instanceof GotoStatement result && result.expression != null) {
      statements.set(
          last, Expressions.return_(null, Expressions.convert_(result.expression, boolean.class)));
    }
    return Expressions.block(statements);
  }
}
