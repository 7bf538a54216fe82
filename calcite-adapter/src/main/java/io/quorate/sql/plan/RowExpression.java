package io.quorate.sql.plan;

import io.quorate.sql.catalog.CheckDef;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.RowCursor;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a CHECK, or the expression of a generated column, over the columns of its table.
 * Immutable.
 *
 * <p>It is validated as the only column of a query of the table, so that it means what it means
 * there; as a column and not as a filter, for a filter need not tell FALSE from UNKNOWN.
 *
 * @param node over the visible columns
 * @param expression the same, ready to be computed; by generated code only where it must
 */
record RowExpression(RexNode node, Expression expression) {
  private static final int SHOWN_MAX = 60;

  /**
   * Reads, validates and compiles a condition.
   *
   * @throws SqlFailure when it is not boolean, or needs more than the values of one row
   */
  static RowExpression of(CheckDef check, TableDef table, Schemas tables) {
    return of(
        "CHECK (" + shown(check.sql()) + ")",
        check.sql(),
        table,
        tables,
        RowExpression::checkBoolean);
  }

  private static void checkBoolean(RexNode node) {
    if (node.getType().getSqlTypeName() != SqlTypeName.BOOLEAN) {
      throw new SqlFailure(
          State.TYPE_MISMATCH, "it is of type " + node.getType() + ", not BOOLEAN");
    }
  }

  /**
   * Reads, validates and compiles the expression of a generated column.
   *
   * @throws SqlFailure when the column cannot have its values, or it needs more than those that are
   *     given in one row
   */
  static RowExpression of(ColumnDef column, TableDef table, Schemas tables) {
    String sql = Objects.requireNonNull(column.generatedSql());
    return of(
        "column \"" + column.name() + "\" GENERATED ALWAYS AS (" + shown(sql) + ")",
        sql,
        table,
        tables,
        node -> checkGivable(node, column, table));
  }

  private static void checkGivable(RexNode node, ColumnDef column, TableDef table) {
    if (!StatementValidator.isAssignable(node.getType(), Types.toCalcite(column.type(), true))) {
      throw new SqlFailure(
          State.TYPE_MISMATCH, "it is of type " + node.getType() + ", not " + column.type());
    }
    for (int used : RelOptUtil.InputFinder.bits(node)) {
      if (table.columns().get(used).generatedSql() != null) {
        throw new SqlFailure(
            State.INVALID_TABLE,
            "it cannot use column \""
                + table.columns().get(used).name()
                + "\", which is generated itself");
      }
    }
  }

  private static RowExpression of(
      String named, String sql, TableDef table, Schemas tables, Consumer<RexNode> check) {
    try {
      return convert(sql, table, tables.reader(table.schema()), check);
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
      SqlFailure failure = Failures.planning(e);
      throw new SqlFailure(
          failure.state(), named + ": " + DefaultChecks.withoutPosition(failure), failure);
    }
  }

  private static RowExpression convert(
      String sql, TableDef table, CalciteCatalogReader reader, Consumer<RexNode> check) {
    SqlSelect query = query(StatementParser.parseExpression(sql), table);
    if (new StatementValidator(reader).isAggregate(query)) {
      throw new SqlFailure(State.NOT_SUPPORTED, "it cannot use an aggregate");
    }
    Conversions conversions = Conversions.of(query, reader);
    RexNode node =
        SingleTable.of(conversions.root().rel)
            .orElseThrow(() -> new SqlFailure(State.NOT_SUPPORTED, "it is about more than one row"))
            .projects()
            .get(0);
    check.accept(node);
    node.accept(new Lasting());
    RelOptCluster cluster = conversions.root().rel.getCluster();
    return new RowExpression(node, compile(node, List.of(), cluster));
  }

  /**
   * An expression over the columns of a frame, by generated code only where it must.
   *
   * @param parameters of the frame
   */
  static Expression compile(RexNode node, List<ResultColumn> parameters, RelOptCluster cluster) {
    return RexCompiler.compile(node).orElseGet(() -> generated(node, parameters, cluster));
  }

  private static SqlSelect query(SqlNode condition, TableDef table) {
    SqlParserPos at = SqlParserPos.ZERO;
    return new SqlSelect(
        at,
        null,
        SqlNodeList.of(condition),
        new SqlIdentifier(List.of(table.schema(), table.name()), at),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** In one line, cut where it is long. */
  static String shown(String sql) {
    String flat = sql.replaceAll("\\s+", " ");
    return flat.length() <= SHOWN_MAX ? flat : flat.substring(0, SHOWN_MAX) + "…";
  }

  /** Whether its time does not grow beyond the size of its values. */
  boolean isShort() {
    return RexCompiler.compile(node).isPresent() && ShortExpressions.are(List.of(node));
  }

  /** Refuses what is not the same tomorrow for the same row: a row once let in must stay right. */
  private static final class Lasting extends RexVisitorImpl<Void> {
    Lasting() {
      super(true);
    }

    @Override
    @SuppressWarnings("NullAway") // Void has no other value
    public Void visitCall(RexCall call) {
      boolean listed = call.getOperator() instanceof InList;
      if (!call.getOperator().isDeterministic()
          || (call.getOperator().isDynamicFunction() && !listed)) {
        throw new SqlFailure(
            State.NOT_SUPPORTED,
            "it cannot use " + call.getOperator().getName() + ", which is not always the same");
      }
      if (call.getKind() == SqlKind.CAST
          && call.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
          && call.getOperands().get(0).getType().getSqlTypeName() == SqlTypeName.TIME) {
        throw new SqlFailure(
            State.NOT_SUPPORTED,
            "it cannot make a TIMESTAMP of a TIME, for that takes today's date");
      }
      return super.visitCall(call);
    }
  }

  /** As a query of no table, in which the columns are parameters behind those that there are. */
  private static Expression generated(
      RexNode node, List<ResultColumn> given, RelOptCluster cluster) {
    List<Integer> columns = new ArrayList<>();
    List<ResultColumn> parameters = new ArrayList<>(given);
    RexNode over =
        node.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef reference) {
                columns.add(reference.getIndex());
                parameters.add(ResultColumn.computed("", Types.fromCalcite(reference.getType())));
                return new RexDynamicParam(reference.getType(), parameters.size() - 1);
              }
            });
    LogicalProject project =
        LogicalProject.create(
            LogicalValues.createOneRow(cluster), List.of(), List.of(over), List.of("C"), Set.of());
    GeneralQuery query =
        GeneralQuery.of(
            project,
            parameters,
            List.of(ResultColumn.computed("C", Types.fromCalcite(node.getType()))));
    return frame -> only(query, given.size(), columns, frame);
  }

  private static @Nullable Object only(
      GeneralQuery query, int given, List<Integer> columns, Frame frame) {
    List<@Nullable Object> values = new ArrayList<>(given + columns.size());
    for (int i = 0; i < given; i++) {
      values.add(frame.parameter(i));
    }
    columns.forEach(column -> values.add(frame.column(column)));
    try (RowCursor rows = query.open(with(frame.context(), values))) {
      @Nullable Object[] row = rows.next();
      if (row == null) {
        throw new SqlFailure(State.INTERNAL_ERROR, "an expression gave no row");
      }
      return row[0];
    }
  }

  private static ExecutionContext with(ExecutionContext context, List<@Nullable Object> values) {
    return new ExecutionContext(
        context.view(),
        context.catalog(),
        values,
        context.user(),
        context.commitToken(),
        context.now(),
        context.random(),
        context.system(),
        context.memoryBytesMax(),
        context.cancel());
  }
}
