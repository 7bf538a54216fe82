package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.parse.InsertNode;
import io.quorate.sql.parse.LiteralText;
import io.quorate.sql.parse.OnConflict;
import io.quorate.sql.parse.ReturningNode;
import io.quorate.sql.parse.SqlText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/**
 * Puts parameters in the places of those literals of a statement for which others may stand without
 * another word of its meaning being another: what a column of its one table is compared with in
 * WHERE, by an operator that needs no cast between the two types, and what is given to a column by
 * INSERT or UPDATE, where a value is converted when the row is made. All others stay: they may be
 * ordinals, counts, lengths, parts of result types, or of what a GROUP BY has too. Confined to one
 * thread.
 */
final class LiteralLifting {
  /** A longer list is put together in another way while it is planned. */
  private static final int LISTED_MAX = 50;

  private final Schemas tables;
  private final String schema;
  private final LiteralText text;
  private final SqlText places;
  private final int given;
  private final String sql;
  private final List<Found> lifted = new ArrayList<>();
  private final boolean[] kept;

  /**
   * A literal of the text.
   *
   * @param negative whether there is a minus before it
   */
  record Found(int literal, boolean negative) {}

  private LiteralLifting(
      Schemas tables, String schema, String sql, LiteralText text, int parameters) {
    this.tables = tables;
    this.schema = schema;
    this.text = text;
    this.sql = sql;
    this.places = SqlText.of(sql);
    this.given = parameters;
    this.kept = new boolean[text.count()];
    Arrays.fill(kept, true);
  }

  /**
   * Changes the statement; empty, and the statement as it was, when no literal can be lifted.
   *
   * @param schema for names without one
   * @param node what the parser has made of {@code sql}
   * @param text the literals of {@code sql}
   */
  static Optional<LiteralLifting> of(
      Schemas tables, String schema, String sql, SqlNode node, LiteralText text) {
    LiteralLifting lifting = new LiteralLifting(tables, schema, sql, text, parameters(node));
    lifting.statement(node);
    return lifting.lifted.isEmpty() ? Optional.empty() : Optional.of(lifting);
  }

  /** How many parameters the statement had before; those of literals come behind them. */
  int given() {
    return given;
  }

  /** The literals by the parameters that are in their places, in order. */
  List<Found> lifted() {
    return List.copyOf(lifted);
  }

  /** By its number, whether a literal still stands where it stood. */
  boolean[] kept() {
    return kept;
  }

  /** In all but what stands behind an INSERT or other change. */
  private static int parameters(@Nullable SqlNode node) {
    int[] count = new int[1];
    if (node == null) {
      return 0;
    }
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            count[0] = Math.max(count[0], parameter.getIndex() + 1);
            return null;
          }
        });
    return count[0];
  }

  private void statement(SqlNode node) {
    if (node instanceof ReturningNode returning) {
      // Its parameters are counted from the last one of the change.
      if (parameters(returning.items()) == 0) {
        statement(returning.change());
      }
    } else if (node instanceof SqlOrderBy ordered) {
      statement(ordered.query);
    } else if (node instanceof SqlSelect select) {
      select(select);
    } else if (node instanceof SqlInsert insert) {
      insert(insert);
    } else if (node instanceof SqlUpdate update) {
      table((SqlIdentifier) update.getTargetTable()).ifPresent(table -> update(update, table));
    } else if (node instanceof SqlDelete delete && delete.getCondition() != null) {
      table((SqlIdentifier) delete.getTargetTable())
          .ifPresent(table -> delete.setOperand(1, condition(delete.getCondition(), table)));
    }
  }

  private Optional<TableDef> table(SqlIdentifier name) {
    List<String> parts = name.names;
    int last = parts.size() - 1;
    return last > 1
        ? Optional.empty()
        : tables
            .find(last == 0 ? schema : parts.get(0), parts.get(last))
            .map(StoreTable::definition);
  }

  private void select(SqlSelect select) {
    SqlNode where = select.getWhere();
    SqlNode from = select.getFrom();
    if (where == null || from == null || select.getGroup() != null || select.isDistinct()) {
      return;
    }
    SqlNode named =
        from.getKind() == SqlKind.AS && ((SqlCall) from).operandCount() == 2
            ? ((SqlCall) from).operand(0)
            : from;
    if (named instanceof SqlIdentifier name) {
      table(name).ifPresent(table -> select.setWhere(condition(where, table)));
    }
  }

  private void insert(SqlInsert insert) {
    // Its parameters are counted from the last one of the rows.
    if (insert.getSource().getKind() == SqlKind.VALUES && !hasLaterParameters(insert)) {
      table((SqlIdentifier) insert.getTargetTable())
          .ifPresent(
              table -> {
                List<ColumnDef> columns = targets(insert.getTargetColumnList(), table);
                for (SqlNode row : ((SqlCall) insert.getSource()).getOperandList()) {
                  if (row.getKind() == SqlKind.ROW) {
                    row((SqlCall) row, columns);
                  }
                }
              });
    }
  }

  private static boolean hasLaterParameters(SqlInsert insert) {
    OnConflict.Update update =
        insert instanceof InsertNode withClause ? withClause.conflict().update() : null;
    return update != null
        && (parameters(update.condition()) > 0
            || update.values().stream().anyMatch(value -> parameters(value) > 0));
  }

  /** Empty when one is not there, which the validator will say. */
  private static List<ColumnDef> targets(@Nullable SqlNodeList names, TableDef table) {
    if (names == null) {
      return table.visibleColumns();
    }
    List<ColumnDef> columns = new ArrayList<>();
    for (SqlNode name : names) {
      Optional<ColumnDef> column = column(name, table);
      if (column.isEmpty()) {
        return List.of();
      }
      columns.add(column.get());
    }
    return columns;
  }

  private void row(SqlCall row, List<ColumnDef> columns) {
    if (row.operandCount() == columns.size()) {
      for (int i = 0; i < columns.size(); i++) {
        row.setOperand(i, value(row.operand(i), columns.get(i)));
      }
    }
  }

  private void update(SqlUpdate update, TableDef table) {
    SqlNodeList values = update.getSourceExpressionList();
    List<ColumnDef> columns = targets(update.getTargetColumnList(), table);
    if (columns.size() == values.size()) {
      for (int i = 0; i < columns.size(); i++) {
        values.set(i, value(Objects.requireNonNull(values.get(i)), columns.get(i)));
      }
    }
    SqlNode condition = update.getCondition();
    if (condition != null) {
      update.setOperand(3, condition(condition, table));
    }
  }

  /** What is given to a column; a large value is made of its text while the plan is. */
  private SqlNode value(SqlNode node, ColumnDef column) {
    return column.type().name().isLarge() || find(node).isEmpty() ? node : lift(node);
  }

  private static Optional<ColumnDef> column(@Nullable SqlNode node, TableDef table) {
    if (!(node instanceof SqlIdentifier name) || name.isStar()) {
      return Optional.empty();
    }
    String last = name.names.get(name.names.size() - 1);
    return table.visibleColumns().stream().filter(each -> each.name().equals(last)).findFirst();
  }

  private SqlNode condition(SqlNode node, TableDef table) {
    if (!(node instanceof SqlCall call)) {
      return node;
    }
    switch (call.getKind()) {
      case AND, OR, NOT -> {
        for (int i = 0; i < call.operandCount(); i++) {
          call.setOperand(i, condition(call.operand(i), table));
        }
      }
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(call, table);
      case BETWEEN -> between(call, table);
      case IN, NOT_IN -> list(call, table);
      default -> {
        // whatever else it asks, it asks of its literals too
      }
    }
    return node;
  }

  private void comparison(SqlCall call, TableDef table) {
    for (int i = 0; i < 2; i++) {
      Optional<ColumnDef> column = column(call.operand(i), table);
      SqlNode value = call.operand(1 - i);
      if (column.isPresent() && isComparable(column.get(), value)) {
        call.setOperand(1 - i, lift(value));
      }
    }
  }

  private void between(SqlCall call, TableDef table) {
    Optional<ColumnDef> column = column(call.operand(0), table);
    SqlNode lower = call.operand(1);
    SqlNode upper = call.operand(2);
    if (column.isPresent()
        && ((SqlBetweenOperator) call.getOperator()).flag == SqlBetweenOperator.Flag.ASYMMETRIC
        && isComparable(column.get(), lower)
        && isComparable(column.get(), upper)) {
      call.setOperand(1, lift(lower));
      call.setOperand(2, lift(upper));
    }
  }

  private void list(SqlCall call, TableDef table) {
    Optional<ColumnDef> column = column(call.operand(0), table);
    if (column.isPresent()
        && call.operand(1) instanceof SqlNodeList list
        && list.size() <= LISTED_MAX
        && list.stream().allMatch(each -> isComparable(column.get(), each))) {
      for (int i = 0; i < list.size(); i++) {
        list.set(i, lift(Objects.requireNonNull(list.get(i))));
      }
    }
  }

  /** Whether it is a literal with which the column is compared as it is. */
  private boolean isComparable(ColumnDef column, @Nullable SqlNode node) {
    Optional<SqlType> type =
        node == null ? Optional.empty() : find(node).map(found -> text.type(found.literal));
    return type.isPresent()
        && switch (column.type().name()) {
          case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL ->
              type.get().name() != SqlType.Name.VARCHAR;
          case VARCHAR -> type.get().name() == SqlType.Name.VARCHAR;
          default -> false;
        };
  }

  private SqlNode lift(SqlNode node) {
    Found found = find(node).orElseThrow();
    kept[found.literal] = false;
    lifted.add(found);
    return new LiftedLiteral(
        given + lifted.size() - 1, text.type(found.literal), node.getParserPosition());
  }

  /** The literal of the text that a node is; the parser makes one of a number and a minus too. */
  private Optional<Found> find(SqlNode node) {
    if (!(node instanceof SqlLiteral literal)) {
      return Optional.empty();
    }
    SqlParserPos place = node.getParserPosition();
    int end = places.end(place);
    int begin = places.begin(place);
    boolean negative = literal instanceof SqlNumericLiteral && sql.charAt(begin) == '-';
    if (negative) {
      begin++;
      while (begin < end && sql.charAt(begin) == ' ') {
        begin++;
      }
    }
    int number = text.find(begin, end);
    return number >= 0 && isSame(literal, text.type(number), text.value(number, negative))
        ? Optional.of(new Found(number, negative))
        : Optional.empty();
  }

  /** Whether the parser has read the same. */
  private static boolean isSame(SqlLiteral literal, SqlType type, Object value) {
    if (literal instanceof SqlCharStringLiteral) {
      NlsString string = literal.getValueAs(NlsString.class);
      return string.getCharsetName() == null
          && string.getCollation() == null
          && value.equals(string.getValue());
    }
    return literal instanceof SqlNumericLiteral number
        && number.isExact()
        && Types.fromCalcite(number.createSqlType(Types.FACTORY)).equals(type)
        && new BigDecimal(value.toString()).compareTo(number.bigDecimalValue()) == 0;
  }
}
