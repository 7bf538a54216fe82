package io.quorate.sql.plan;

import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.StatementContext;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.BuiltInMethod;

/**
 * The next, or the current, value of one sequence: a function of its own for each place in a
 * statement that asks, as places that look the same must not share a value. Immutable.
 */
final class SequenceFunction extends SqlUserDefinedFunction {
  private static final long serialVersionUID = 1;

  private final transient SequenceDef sequence;
  private final boolean next;

  /**
   * @param next whether it takes a value
   * @param number of the place in its statement
   */
  SequenceFunction(SequenceDef sequence, boolean next, int number) {
    super(
        new SqlIdentifier(name(sequence, next, number), SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BIGINT,
        InferTypes.RETURN_TYPE,
        GeneratedFunction.NO_OPERANDS,
        new GeneratedFunction(
            SqlTypeName.BIGINT, asking(StatementContext.sequenceVariable(sequence, next))));
    this.sequence = sequence;
    this.next = next;
  }

  private static String name(SequenceDef sequence, boolean next, int number) {
    return (next ? "NEXT" : "CURRENT")
        + " VALUE FOR "
        + sequence.schema()
        + "."
        + sequence.name()
        + " #"
        + number;
  }

  /** Asks the context that generated code is given. */
  private static CallImplementor asking(String variable) {
    return (translator, call, nullAs) ->
        Expressions.unbox(
            Expressions.convert_(
                Expressions.call(
                    translator.getRoot(),
                    BuiltInMethod.DATA_CONTEXT_GET.method,
                    Expressions.constant(variable)),
                Long.class));
  }

  /** The value, in one execution. */
  long value(ExecutionContext context) {
    return next ? context.sequences().next(sequence) : context.sequences().last(sequence);
  }

  /** Nobody looks it up: it is put in the place of what was written. */
  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    return validator.getTypeFactory().createSqlType(SqlTypeName.BIGINT);
  }

  @Override
  public boolean isDynamicFunction() {
    return true;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }
}
