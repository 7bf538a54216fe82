package io.quorate.sql.plan;

import io.quorate.sql.exec.OrderedSets;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.schema.impl.AggregateFunctionImpl;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/**
 * PERCENTILE_CONT, PERCENTILE_DISC and MODE WITHIN GROUP, which Calcite parses and does not
 * compute. They get what they order by as an argument too. Stateless.
 */
final class OrderedSetAggregates {
  private static final Map<String, Computed> FUNCTIONS =
      Map.of(
          "PERCENTILE_CONT",
          new Computed("$PERCENTILE_CONT", ReturnTypes.DOUBLE, OrderedSets.Continuous.class, 2),
          "PERCENTILE_DISC",
          new Computed("$PERCENTILE_DISC", ReturnTypes.ARG1, OrderedSets.Discrete.class, 1),
          "MODE",
          new Computed("$MODE", ReturnTypes.ARG0, OrderedSets.Mode.class, 0));

  /** Those whose result has all values. */
  private static final Set<SqlKind> LISTS =
      EnumSet.of(
          SqlKind.ARRAY_AGG,
          SqlKind.LISTAGG,
          SqlKind.STRING_AGG,
          SqlKind.JSON_ARRAYAGG,
          SqlKind.JSON_OBJECTAGG);

  /** What Calcite's validator finds beside its own. */
  static final SqlOperatorTable OPERATORS = SqlOperatorTables.of(List.copyOf(FUNCTIONS.values()));

  private OrderedSetAggregates() {}

  /**
   * What is to stand in the place of a call WITHIN GROUP, if it is one of these.
   *
   * @throws SqlFailure {@link State#SYNTAX_ERROR} or {@link State#NOT_SUPPORTED} when its arguments
   *     are others, {@link State#NUMBER_OUT_OF_RANGE} for a fraction that is none
   */
  static Optional<SqlNode> of(SqlCall within) {
    SqlCall call = within.operand(0);
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    Computed function = FUNCTIONS.get(name);
    if (function == null) {
      return Optional.empty();
    }
    SqlNodeList order = within.operand(1);
    if (order.size() != 1
        || call.operandCount() != (function.hasFraction ? 1 : 0)
        || call.getFunctionQuantifier() != null) {
      throw misspelt(name);
    }
    SqlParserPos at = call.getParserPosition();
    SqlNode value = FunctionForms.copy(value(order.get(0)));
    SqlNode computed;
    if (!function.hasFraction) {
      computed = function.createCall(at, value);
    } else {
      SqlNode fraction = DoubleArguments.of(fraction(name, call.operand(0)), at);
      computed =
          name.equals("PERCENTILE_CONT")
              ? function.createCall(at, fraction, DoubleArguments.of(value, at))
              : function.createCall(at, fraction, value);
    }
    return Optional.of(
        SqlStdOperatorTable.WITHIN_GROUP.createCall(within.getParserPosition(), computed, order));
  }

  /** For a call that is none of theirs. */
  static SqlFailure misspelt(String name) {
    return new SqlFailure(
        State.SYNTAX_ERROR,
        name
            + " is written "
            + name
            + (name.equals("MODE") ? "()" : "(fraction)")
            + " WITHIN GROUP (ORDER BY value)");
  }

  /** What is ordered by, without its direction. */
  private static SqlNode value(SqlNode key) {
    SqlNode value = key;
    while (value.getKind() == SqlKind.DESCENDING
        || value.getKind() == SqlKind.NULLS_FIRST
        || value.getKind() == SqlKind.NULLS_LAST) {
      value = ((SqlCall) value).operand(0);
    }
    return value;
  }

  private static SqlNode fraction(String name, SqlNode fraction) {
    fraction.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlIdentifier id) {
            throw new SqlFailure(
                State.NOT_SUPPORTED,
                "the fraction of " + name + " is a number or a parameter, not the column " + id);
          }
        });
    if (fraction instanceof SqlNumericLiteral number) {
      OrderedSets.checked(Objects.requireNonNull(number.bigDecimalValue()).doubleValue());
    }
    return fraction;
  }

  /** Whether all that a group has is kept until its result is asked for. */
  static boolean keeps(AggregateCall call) {
    return !call.getCollation().getFieldCollations().isEmpty()
        || LISTS.contains(call.getAggregation().getKind());
  }

  private static final class Computed extends SqlUserDefinedAggFunction {
    /** How many of the arguments are DOUBLE; the first is the fraction. */
    private final int doubles;

    private final boolean hasFraction;

    Computed(String name, SqlReturnTypeInference type, Class<?> code, int doubles) {
      super(
          new SqlIdentifier(name, SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          type.andThen(SqlTypeTransforms.FORCE_NULLABLE),
          InferTypes.FIRST_KNOWN,
          OperandTypes.operandMetadata(
              doubles > 0
                  ? List.of(SqlTypeFamily.NUMERIC, SqlTypeFamily.ANY)
                  : List.of(SqlTypeFamily.ANY),
              factory ->
                  Collections.nCopies(doubles > 0 ? 2 : 1, factory.createSqlType(SqlTypeName.ANY)),
              operand -> "operand" + operand,
              operand -> false),
          Objects.requireNonNull(AggregateFunctionImpl.create(code)),
          false,
          false,
          Optionality.MANDATORY);
      this.doubles = doubles;
      this.hasFraction = doubles > 0;
    }

    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
      DoubleArguments.check(validator, scope, call, doubles);
      return super.deriveType(validator, scope, call);
    }
  }
}
