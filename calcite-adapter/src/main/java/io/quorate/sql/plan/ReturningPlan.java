package io.quorate.sql.plan;

import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.codec.RowCodec;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.Frame;
import io.quorate.sql.exec.InsertedRows;
import io.quorate.sql.exec.MemoryMeter;
import io.quorate.sql.exec.Parameters;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.Values;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.ReturningNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** INSERT, UPDATE or DELETE that tells of its rows by RETURNING. Immutable. */
final class ReturningPlan implements Plan.Change, Explained {
  private static final RowCodec NO_COLUMNS = new RowCodec(List.of());

  private final Plan.Change change;
  private final List<ResultColumn> own;
  private final List<ResultColumn> columns;
  private final List<Expression> values;

  private ReturningPlan(
      Plan.Change change,
      List<ResultColumn> own,
      List<ResultColumn> columns,
      List<Expression> values) {
    this.change = change;
    this.own = own;
    this.columns = columns;
    this.values = values;
  }

  /**
   * The change with the clause behind it.
   *
   * @param table that is changed
   */
  static ReturningPlan of(
      Plan.Change change, ReturningNode node, TableDef table, CalciteCatalogReader reader) {
    SqlSelect query = query(node, table, change.parameters().size());
    if (new StatementValidator(reader).isAggregate(query)) {
      throw new SqlFailure(State.GROUPING_ERROR, "RETURNING cannot use an aggregate");
    }
    Conversions conversions = Conversions.of(query, reader);
    List<ResultColumn> own = conversions.parameters();
    RelOptCluster cluster = conversions.root().rel.getCluster();
    List<Expression> values =
        SingleTable.of(conversions.root().project())
            .orElseThrow(
                () ->
                    new SqlFailure(
                        State.NOT_SUPPORTED, "RETURNING computes from the row that changes only"))
            .projects()
            .stream()
            .map(each -> RowExpression.compile(each, own, cluster))
            .toList();
    List<ResultColumn> columns = conversions.columns();
    for (ResultColumn column : columns) {
      if (column.type().name().isLarge()) {
        throw new SqlFailure(
            State.NOT_SUPPORTED,
            "RETURNING cannot tell column \"" + column.label() + "\" of type " + column.type());
      }
    }
    return new ReturningPlan(change, own, columns, values);
  }

  private static SqlSelect query(ReturningNode node, TableDef table, int first) {
    SqlParserPos at = SqlParserPos.ZERO;
    SqlNodeList items = new SqlNodeList(node.items().getParserPosition());
    for (SqlNode item : node.items()) {
      items.add(LaterParameters.counted(Objects.requireNonNull(item), first, "RETURNING"));
    }
    SqlNode from =
        SqlStdOperatorTable.AS.createCall(
            at,
            new SqlIdentifier(List.of(table.schema(), table.name()), at),
            alias(node.change(), table));
    return new SqlSelect(
        at, null, items, from, null, null, null, null, null, null, null, null, null);
  }

  private static SqlIdentifier alias(SqlNode change, TableDef table) {
    SqlIdentifier alias = null;
    if (change instanceof SqlUpdate update) {
      alias = update.getAlias();
    } else if (change instanceof SqlDelete delete) {
      alias = delete.getAlias();
    }
    return alias == null ? new SqlIdentifier(table.name(), SqlParserPos.ZERO) : alias;
  }

  @Override
  public List<ResultColumn> parameters() {
    List<ResultColumn> all = new ArrayList<>(change.parameters());
    all.addAll(own);
    return all;
  }

  @Override
  public boolean isStale() {
    return change.isStale();
  }

  @Override
  public boolean isGenerated() {
    return change.isGenerated();
  }

  @Override
  public boolean suitsAllValues() {
    return change.suitsAllValues();
  }

  @Override
  public List<ResultColumn> returning() {
    return columns;
  }

  @Override
  public Changes evaluate(ExecutionContext context) {
    return evaluate(context, InsertedRows.IGNORED);
  }

  @Override
  public Changes evaluate(ExecutionContext context, InsertedRows told) {
    List<@Nullable Object> given = context.parameters();
    int first = Math.min(change.parameters().size(), given.size());
    Frame frame =
        new Frame(context, Parameters.convert(own, given.subList(first, given.size())), NO_COLUMNS);
    MemoryMeter meter = new MemoryMeter(context.memoryBytesMax());
    return change.evaluate(
        context,
        new InsertedRows() {
          @Override
          public void row(TableDef table, @Nullable Object[] row) {
            told.row(table, row);
            changed(table, row);
          }

          @Override
          public void changed(TableDef table, @Nullable Object[] row) {
            frame.moveTo(row);
            @Nullable Object[] returned = valuesIn(frame);
            meter.addRow(returned);
            told.returned(returned);
          }
        });
  }

  private @Nullable Object[] valuesIn(Frame frame) {
    @Nullable Object[] row = new @Nullable Object[values.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = Values.result(columns.get(i).type(), values.get(i).evaluate(frame));
    }
    return row;
  }

  @Override
  public String explain() {
    return ((Explained) change).explain();
  }
}
