package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.parser.SqlParserPos;

/** What may stand before OVER in standard SQL, but not in Calcite 1.42. */
final class WindowCall {
  /** Those that pass over a NULL. */
  private static final Set<String> AGGREGATES =
      Set.of(
          "COUNT",
          "SUM",
          "AVG",
          "MIN",
          "MAX",
          "STDDEV",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "VARIANCE",
          "VAR_POP",
          "VAR_SAMP",
          "EVERY",
          "BOOL_AND",
          "BOOL_OR",
          "REGR_COUNT");

  /** Those to which it is all one how often there is a value. */
  private static final Set<String> EXTREMES = Set.of("MIN", "MAX");

  private WindowCall() {}

  /**
   * Instead of an aggregate over a window with a FILTER, the same of values that are NULL where the
   * condition is not true; empty for any other call.
   *
   * @throws SqlFailure for what cannot be computed
   */
  static Optional<SqlNode> withoutFilter(SqlCall over) {
    if (over.getKind() != SqlKind.OVER || !(over.operand(0) instanceof SqlCall call)) {
      return Optional.empty();
    }
    SqlCall aggregate = call.getKind() == SqlKind.FILTER ? call.operand(0) : call;
    if (aggregate.getKind() == SqlKind.WITHIN_GROUP) {
      throw new SqlFailure(
          SqlFailure.State.NOT_SUPPORTED,
          name(aggregate.operand(0)) + " WITHIN GROUP over a window is not supported");
    }
    SqlLiteral quantifier = aggregate.getFunctionQuantifier();
    if (quantifier != null
        && quantifier.getValue() == SqlSelectKeyword.DISTINCT
        && !EXTREMES.contains(name(aggregate))) {
      // Calcite would forget it.
      throw new SqlFailure(
          SqlFailure.State.NOT_SUPPORTED,
          "DISTINCT in " + name(aggregate) + " over a window is not supported");
    }
    if (call.getKind() == SqlKind.IGNORE_NULLS) {
      throw new SqlFailure(
          SqlFailure.State.NOT_SUPPORTED,
          "IGNORE NULLS of " + name(call.operand(0)) + " is not supported");
    }
    return call.getKind() == SqlKind.FILTER
        ? Optional.of(withoutFilter(over, call))
        : Optional.empty();
  }

  private static String name(SqlCall call) {
    return call.getOperator().getName().toUpperCase(Locale.ROOT);
  }

  private static SqlNode withoutFilter(SqlCall over, SqlCall filter) {
    SqlCall aggregate = filter.operand(0);
    String name = name(aggregate);
    if (!AGGREGATES.contains(name) && !PairAggregates.NAMES.contains(name)) {
      throw new SqlFailure(
          SqlFailure.State.NOT_SUPPORTED, "FILTER of " + name + " over a window is not supported");
    }
    SqlNode condition = filter.operand(1);
    SqlNode argument = aggregate.operand(0);
    boolean star = argument instanceof SqlIdentifier identifier && identifier.isStar();
    SqlParserPos at = aggregate.getParserPosition();
    List<SqlNode> arguments = new ArrayList<>(aggregate.getOperandList());
    arguments.set(
        0,
        new SqlCase(
            at,
            null,
            SqlNodeList.of(condition),
            SqlNodeList.of(star ? SqlLiteral.createExactNumeric("1", at) : argument),
            SqlLiteral.createNull(at)));
    SqlNode filtered =
        aggregate.getOperator().createCall(aggregate.getFunctionQuantifier(), at, arguments);
    return over.getOperator().createCall(over.getParserPosition(), filtered, over.operand(1));
  }
}
