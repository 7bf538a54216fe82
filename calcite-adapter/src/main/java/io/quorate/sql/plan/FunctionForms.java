package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Functions that are computed from others, in terms of these: other names of the standard's own,
 * and window functions that Calcite parses but does not compute, or computes wrong. Confined to one
 * validation.
 */
final class FunctionForms {
  private static final int BITS = 8;

  private final String schema;

  /** Window functions that were put in their places here. */
  private final Set<SqlNode> placed = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param schema where names without one are looked up
   */
  FunctionForms(String schema) {
    this.schema = schema;
  }

  /** What is to stand in its place, if it is such a function. */
  Optional<SqlNode> of(SqlNode node) {
    if (node instanceof SqlIdentifier id && id.isSimple() && !isQuoted(id)) {
      return ofWord(id.getSimple(), id.getParserPosition());
    }
    if (!(node instanceof SqlCall call)) {
      return node instanceof SqlLiteral literal ? TimeLiterals.of(literal) : Optional.empty();
    }
    if (call.getKind() == SqlKind.OVER) {
      return placed.contains(call) ? Optional.empty() : ofWindow(call);
    }
    if (call.getKind() == SqlKind.WITHIN_GROUP) {
      return OrderedSetAggregates.of(call);
    }
    Optional<SqlNode> json = JsonCast.formOf(call);
    if (json.isPresent()) {
      return json;
    }
    if (call.getKind() == SqlKind.ROW) {
      return call.getOperandList().stream().anyMatch(FunctionForms::isArray)
          ? Optional.of(withArrays(call))
          : Optional.empty();
    }
    Optional<SqlNode> time = TimeOperators.of(call);
    if (time.isPresent()) {
      return time;
    }
    SqlParserPos at = call.getParserPosition();
    int operands = call.operandCount();
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "COALESCE" -> {
        if (operands == 0) {
          throw new SqlFailure(State.SYNTAX_ERROR, "COALESCE() has no values to choose from");
        }
        yield Optional.empty();
      }
      case "NOW" ->
          operands == 0
              ? Optional.of(SqlStdOperatorTable.CURRENT_TIMESTAMP.createCall(at))
              : Optional.empty();
      // The parser takes it for another database's, which has a unit in place of a text.
      case "DATE_TRUNC" ->
          operands == 2 && !call.getOperator().equals(JavaFunctions.DATE_TRUNC)
              ? Optional.of(JavaFunctions.DATE_TRUNC.createCall(at, call.getOperandList()))
              : Optional.empty();
      case "TRUNC" ->
          operands == 1 || operands == 2
              ? Optional.of(SqlStdOperatorTable.TRUNCATE.createCall(at, call.getOperandList()))
              : Optional.empty();
      case "BTRIM" ->
          operands == 1 || operands == 2
              ? Optional.of(trimmed(call.operand(0), operands == 2 ? call.operand(1) : null, at))
              : Optional.empty();
      case "PERCENTILE_CONT", "PERCENTILE_DISC" -> throw OrderedSetAggregates.misspelt(name);
      case "BIT_LENGTH" ->
          operands == 1 ? Optional.of(bits(call.getOperandList().get(0), at)) : Optional.empty();
      default -> PairAggregates.of(call, name);
    };
  }

  private static boolean isQuoted(SqlIdentifier id) {
    return id.isComponentQuoted(0) || id.getParserPosition().isQuoted();
  }

  /** A reserved word that stands for a value. */
  private Optional<SqlNode> ofWord(String word, SqlParserPos at) {
    return switch (word) {
      case "CURRENT_SCHEMA" -> Optional.of(text(schema, at));
      case "CURRENT_CATALOG" -> Optional.of(text(Catalog.NAME, at));
      // As long as there is no SET ROLE.
      case "CURRENT_ROLE" -> Optional.of(new SqlIdentifier("CURRENT_USER", at));
      default -> Optional.empty();
    };
  }

  private static boolean isArray(SqlNode node) {
    return node.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR
        || node.getKind() == SqlKind.ARRAY_QUERY_CONSTRUCTOR;
  }

  /** Calcite takes an array that is itself a column of VALUES for one of rows. */
  private static SqlNode withArrays(SqlCall row) {
    List<SqlNode> columns = new ArrayList<>();
    for (SqlNode column : row.getOperandList()) {
      SqlParserPos at = column.getParserPosition();
      columns.add(
          isArray(column)
              ? SqlStdOperatorTable.ITEM.createCall(
                  at,
                  SqlStdOperatorTable.ARRAY_VALUE_CONSTRUCTOR.createCall(at, column),
                  number(1, at))
              : column);
    }
    return row.getOperator().createCall(row.getParserPosition(), columns);
  }

  private static SqlNode text(String value, SqlParserPos at) {
    return SqlStdOperatorTable.CAST.createCall(
        at,
        SqlLiteral.createCharString(value, at),
        new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, at), at));
  }

  private static SqlNode bits(SqlNode value, SqlParserPos at) {
    return SqlStdOperatorTable.MULTIPLY.createCall(
        at, LobLength.INSTANCE.createCall(at, value), number(BITS, at));
  }

  private static SqlNode trimmed(SqlNode text, @Nullable SqlNode characters, SqlParserPos at) {
    return SqlStdOperatorTable.TRIM.createCall(
        at,
        SqlTrimFunction.Flag.BOTH.symbol(at),
        characters == null ? SqlLiteral.createCharString(" ", at) : characters,
        text);
  }

  private Optional<SqlNode> ofWindow(SqlCall over) {
    if (!(over.operand(0) instanceof SqlCall function)) {
      return Optional.empty();
    }
    SqlNode window = over.operand(1);
    return switch (function.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "NTH_VALUE" -> Optional.of(nthValue(function, window));
      case "PERCENT_RANK" ->
          function.operandCount() == 0 ? Optional.of(percentRank(window)) : Optional.empty();
      case "CUME_DIST" ->
          function.operandCount() == 0 ? Optional.of(cumulative(window)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Calcite takes it from behind the frame where the frame is shorter. */
  private SqlNode nthValue(SqlCall function, SqlNode window) {
    SqlParserPos at = function.getParserPosition();
    SqlNode isThere =
        SqlStdOperatorTable.GREATER_THAN_OR_EQUAL.createCall(
            at, over(count(at), copy(window)), copy(function.operand(1)));
    return caseOf(isThere, over(function, window), SqlLiteral.createNull(at), at);
  }

  /** SQL:2016 part 2, 10.9: of the rows before, among all but one. */
  private SqlNode percentRank(SqlNode window) {
    SqlParserPos at = window.getParserPosition();
    SqlNode before = minusOne(over(SqlStdOperatorTable.RANK.createCall(at), copy(window)), at);
    SqlNode others = minusOne(over(count(at), whole(window)), at);
    SqlNode alone =
        SqlStdOperatorTable.EQUALS.createCall(at, over(count(at), whole(window)), number(1, at));
    return caseOf(
        alone,
        asDouble(number(0, at), at),
        SqlStdOperatorTable.DIVIDE.createCall(at, asDouble(before, at), others),
        at);
  }

  /** The same clause: of the rows before and their peers, among all. */
  private SqlNode cumulative(SqlNode window) {
    SqlParserPos at = window.getParserPosition();
    return SqlStdOperatorTable.DIVIDE.createCall(
        at, asDouble(over(count(at), window), at), over(count(at), whole(window)));
  }

  private SqlNode over(SqlNode function, SqlNode window) {
    SqlNode call =
        SqlStdOperatorTable.OVER.createCall(function.getParserPosition(), function, window);
    placed.add(call);
    return call;
  }

  /** The window with all rows of the partition in each frame. */
  private static SqlWindow whole(SqlNode window) {
    SqlParserPos at = window.getParserPosition();
    SqlWindow given = window instanceof SqlWindow known ? (SqlWindow) copy(known) : null;
    return SqlWindow.create(
        null,
        given == null ? (SqlIdentifier) copy(window) : given.getRefName(),
        given == null ? SqlNodeList.EMPTY : given.getPartitionList(),
        given == null ? SqlNodeList.EMPTY : given.getOrderList(),
        SqlLiteral.createBoolean(true, at),
        SqlWindow.createUnboundedPreceding(at),
        SqlWindow.createUnboundedFollowing(at),
        null,
        at);
  }

  /** Validation writes into what it validates, so nothing stands in two places. */
  static SqlNode copy(SqlNode node) {
    return Objects.requireNonNull(
        node.accept(
            new SqlShuttle() {
              @Override
              public SqlNode visit(SqlIdentifier id) {
                return id.clone(id.getParserPosition());
              }

              @Override
              public SqlNode visit(SqlCall call) {
                CallCopyingArgHandler copied = new CallCopyingArgHandler(call, true);
                call.getOperator().acceptCall(this, call, false, copied);
                return copied.result();
              }
            }));
  }

  private static SqlNode count(SqlParserPos at) {
    return SqlStdOperatorTable.COUNT.createCall(at, SqlIdentifier.star(at));
  }

  private static SqlNode minusOne(SqlNode value, SqlParserPos at) {
    return SqlStdOperatorTable.MINUS.createCall(at, value, number(1, at));
  }

  private static SqlNode number(int value, SqlParserPos at) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), at);
  }

  private static SqlNode asDouble(SqlNode value, SqlParserPos at) {
    return SqlStdOperatorTable.CAST.createCall(
        at, value, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.DOUBLE, at), at));
  }

  private static SqlNode caseOf(
      SqlNode condition, SqlNode then, SqlNode otherwise, SqlParserPos at) {
    return new SqlCase(
        at,
        null,
        new SqlNodeList(List.of(condition), at),
        new SqlNodeList(List.of(then), at),
        otherwise);
  }
}
