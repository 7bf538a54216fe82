package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.codec.ColumnCondition;
import io.quorate.sql.codec.ColumnCondition.Compared;
import io.quorate.sql.codec.Comparison;
import io.quorate.sql.exec.Constant;
import io.quorate.sql.exec.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * A condition on the rows of a table in two parts, both of which must hold: what a scan can tell
 * from the bytes of a row, and the rest.
 *
 * @param columns the first part: of each condition one column is compared with what is the same for
 *     all rows
 * @param pushed the first part again, as it was written; true where there is none
 * @param rest the second part; true where there is none
 */
record ScanCondition(List<ColumnCondition<Expression>> columns, RexNode pushed, RexNode rest) {

  ScanCondition {
    columns = List.copyOf(columns);
  }

  /** All of it is the rest. */
  static ScanCondition none(RexNode condition) {
    return new ScanCondition(List.of(), Rex.BUILDER.makeLiteral(true), condition);
  }

  /**
   * @param condition over the visible columns of the table
   */
  static ScanCondition of(RexNode condition, List<ColumnDef> table) {
    List<ColumnCondition<Expression>> columns = new ArrayList<>();
    List<RexNode> pushed = new ArrayList<>();
    List<RexNode> rest = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      List<ColumnCondition<Expression>> told = allOf(conjunct, table);
      columns.addAll(told);
      (told.isEmpty() ? rest : pushed).add(conjunct);
    }
    return new ScanCondition(columns, all(pushed), all(rest));
  }

  /** What Calcite had folded into one, taken apart; empty when not all of it is of columns. */
  private static List<ColumnCondition<Expression>> allOf(RexNode conjunct, List<ColumnDef> table) {
    List<ColumnCondition<Expression>> all = new ArrayList<>();
    RexNode expanded = RexUtil.expandSearch(Rex.BUILDER, null, conjunct);
    for (RexNode part : RelOptUtil.conjunctions(expanded)) {
      Optional<ColumnCondition<Expression>> one = anyOf(part, table);
      if (one.isEmpty()) {
        return List.of();
      }
      all.add(one.get());
    }
    return all;
  }

  private static RexNode all(List<RexNode> conjuncts) {
    return RexUtil.composeConjunction(Rex.BUILDER, conjuncts);
  }

  /** The alternatives of a disjunction, where all are of one column. */
  private static Optional<ColumnCondition<Expression>> anyOf(
      RexNode condition, List<ColumnDef> table) {
    int column = -1;
    boolean isNull = false;
    boolean isNotNull = false;
    List<Compared<Expression>> comparisons = new ArrayList<>();
    for (RexNode alternative : RelOptUtil.disjunctions(condition)) {
      Optional<ColumnCondition<Expression>> found = one(alternative, table);
      if (found.isEmpty() || (column >= 0 && found.get().column() != column)) {
        return Optional.empty();
      }
      column = found.get().column();
      isNull |= found.get().isNull();
      isNotNull |= found.get().isNotNull();
      comparisons.addAll(found.get().comparisons());
    }
    return column < 0
        ? Optional.empty()
        : Optional.of(new ColumnCondition<>(column, isNull, isNotNull, comparisons));
  }

  private static Optional<ColumnCondition<Expression>> one(
      RexNode condition, List<ColumnDef> table) {
    if (condition instanceof RexInputRef) {
      return isTrue(condition, true, table);
    }
    if (!(condition instanceof RexCall call)) {
      return Optional.empty();
    }
    RexNode first = call.getOperands().get(0);
    return switch (call.getKind()) {
      case NOT -> isTrue(first, false, table);
      case IS_NULL, IS_NOT_NULL -> {
        boolean isNull = call.getKind() == SqlKind.IS_NULL;
        yield column(first, table)
            .map(column -> new ColumnCondition<>(column, isNull, !isNull, List.of()));
      }
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(call, table);
      default -> Optional.empty();
    };
  }

  private static Optional<ColumnCondition<Expression>> isTrue(
      RexNode node, boolean wanted, List<ColumnDef> table) {
    return node instanceof RexInputRef
        ? column(node, table)
            .map(column -> compared(column, Comparison.EQUAL, new Constant(wanted)))
        : Optional.empty();
  }

  private static Optional<ColumnCondition<Expression>> comparison(
      RexCall call, List<ColumnDef> table) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    Optional<Integer> column = column(left, table);
    return column.isPresent()
        ? comparison(column.get(), call.getKind(), right, table)
        : column(right, table)
            .flatMap(found -> comparison(found, call.getKind().reverse(), left, table));
  }

  private static Optional<ColumnCondition<Expression>> comparison(
      int column, SqlKind kind, RexNode value, List<ColumnDef> table) {
    SqlType type = table.get(column).type();
    return RexCompiler.isConstant(value) && isComparable(type, value.getType())
        ? RexCompiler.compile(value).map(expression -> compared(column, of(kind), expression))
        : Optional.empty();
  }

  private static ColumnCondition<Expression> compared(
      int column, Comparison comparison, Expression value) {
    return new ColumnCondition<>(column, false, false, List.of(new Compared<>(comparison, value)));
  }

  private static Comparison of(SqlKind kind) {
    return switch (kind) {
      case EQUALS -> Comparison.EQUAL;
      case NOT_EQUALS -> Comparison.NOT_EQUAL;
      case LESS_THAN -> Comparison.LESS;
      case LESS_THAN_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
      case GREATER_THAN -> Comparison.GREATER;
      case GREATER_THAN_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
      default -> throw new IllegalArgumentException(kind + " is no comparison");
    };
  }

  /** Not the key of the row, which is none of its columns. */
  private static Optional<Integer> column(RexNode node, List<ColumnDef> table) {
    return ColumnRange.column(node).filter(column -> column < table.size());
  }

  /** An exact number against an approximate one is compared as that, which bytes cannot tell. */
  private static boolean isComparable(SqlType column, RelDataType value) {
    SqlTypeName type = value.getSqlTypeName();
    return switch (column.name()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> SqlTypeUtil.isExactNumeric(value);
      case REAL, DOUBLE -> SqlTypeName.NUMERIC_TYPES.contains(type);
      case CHAR, VARCHAR -> SqlTypeName.CHAR_TYPES.contains(type);
      case BINARY, VARBINARY -> SqlTypeName.BINARY_TYPES.contains(type);
      case BOOLEAN, DATE, TIME, TIMESTAMP, UUID ->
          type == Types.toCalcite(column, true).getSqlTypeName();
      case TIMESTAMP_TZ -> type == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
      case INTERVAL_YEAR_MONTH -> SqlTypeName.YEAR_INTERVAL_TYPES.contains(type);
      case INTERVAL_DAY_TIME -> SqlTypeName.DAY_INTERVAL_TYPES.contains(type);
      case BLOB, CLOB, ARRAY, JSON, NULL -> false;
    };
  }
}
