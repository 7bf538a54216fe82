package io.quorate.sql.plan;

import io.quorate.sql.exec.StatementContext;
import io.quorate.sql.exec.ValueList;
import io.quorate.sql.exec.ValueSet;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.util.BuiltInMethod;

/**
 * Whether its operands are one of the rows of a long list: a function of its own for each list,
 * which is kept beside the expression, so that neither planning nor generated code has it in them.
 * Immutable.
 */
final class InList extends SqlUserDefinedFunction {
  private static final long serialVersionUID = 1;

  private final transient ValueList values;
  private final String variable;

  /**
   * @param number of the list in its statement
   */
  InList(ValueList values, int number) {
    super(
        new SqlIdentifier("IN_" + values.rows().size() + "_VALUES#" + number, SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BOOLEAN_NULLABLE,
        InferTypes.RETURN_TYPE,
        GeneratedFunction.NO_OPERANDS,
        new GeneratedFunction(SqlTypeName.BOOLEAN, asking(variable(number))));
    this.values = values;
    this.variable = variable(number);
  }

  private static String variable(int number) {
    return "inList:" + number;
  }

  /** Asks the set that the {@link StatementContext} makes of the list. */
  private static CallImplementor asking(String variable) {
    return RexImpTable.createImplementor(
        (translator, call, operands) -> {
          Expression set =
              Expressions.convert_(
                  Expressions.call(
                      translator.getRoot(),
                      BuiltInMethod.DATA_CONTEXT_GET.method,
                      Expressions.constant(variable)),
                  ValueSet.class);
          return Expressions.call(
              set,
              "containsInternal",
              Expressions.newArrayInit(
                  Object.class,
                  operands.stream()
                      .<Expression>map(each -> Expressions.convert_(each, Object.class))
                      .toList()));
        },
        NullPolicy.NONE,
        false);
  }

  ValueList values() {
    return values;
  }

  /** By this name generated code asks its context for the list. */
  String variable() {
    return variable;
  }

  /** Its parameters have no value before it runs, so it is no constant. */
  @Override
  public boolean isDynamicFunction() {
    return true;
  }
}
