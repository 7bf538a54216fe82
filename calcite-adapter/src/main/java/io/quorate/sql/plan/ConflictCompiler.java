package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.OnConflict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** Makes of ON CONFLICT what the plan of its INSERT does. Used for one statement. */
final class ConflictCompiler {
  /** By which a clause names the row that was to come. */
  private static final String EXCLUDED = "EXCLUDED";

  private final TableDef table;
  private final int firstParameter;

  /**
   * @param firstParameter how many parameters stand before the clause
   */
  ConflictCompiler(TableDef table, int firstParameter) {
    this.table = table;
    this.firstParameter = firstParameter;
  }

  ConflictAction compile(OnConflict clause, CalciteCatalogReader reader) {
    boolean byPrimaryKey = !table.hasHiddenKey();
    List<IndexDef> indexes = table.indexes().stream().filter(IndexDef::unique).toList();
    if (!clause.columns().isEmpty() || clause.constraint() != null) {
      TableDef.Key key = key(clause);
      byPrimaryKey = key.index() < 0;
      indexes = byPrimaryKey ? List.of() : List.of(table.indexes().get(key.index()));
    } else if (clause.update() != null) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          "ON CONFLICT DO UPDATE needs the columns of a key, or ON CONSTRAINT with its name");
    }
    OnConflict.Update update = clause.update();
    if (update == null) {
      return new ConflictAction(byPrimaryKey, indexes, firstParameter, List.of(), Optional.empty());
    }
    List<Integer> columns = assigned(update);
    Conversions conversions = Conversions.of(query(update), reader);
    List<ResultColumn> parameters = conversions.parameters();
    List<RexNode> nodes = expressions(conversions);
    RelOptCluster cluster = conversions.root().rel.getCluster();
    List<Expression> compiled =
        nodes.stream().map(each -> RowExpression.compile(each, parameters, cluster)).toList();
    checkTypes(columns, nodes, update.condition() != null);
    Optional<Expression> condition =
        update.condition() == null ? Optional.empty() : Optional.of(compiled.get(columns.size()));
    return new ConflictAction(
        byPrimaryKey,
        indexes,
        firstParameter,
        parameters,
        Optional.of(
            new ConflictAction.Update(columns, compiled.subList(0, columns.size()), condition)));
  }

  private TableDef.Key key(OnConflict clause) {
    String name = clause.constraint();
    if (name != null) {
      if (!table.hasHiddenKey() && table.primaryKeyName().equals(name)) {
        return table.findUniqueKey(table.primaryKey()).orElseThrow();
      }
      for (int i = 0; i < table.indexes().size(); i++) {
        IndexDef index = table.indexes().get(i);
        if (index.name().equals(name) && index.constraint()) {
          return new TableDef.Key(index.id(), name, index.columns(), i);
        }
      }
      throw new SqlFailure(
          State.OBJECT_NOT_FOUND,
          "table \"" + table.name() + "\" has no unique constraint \"" + name + "\"");
    }
    List<Integer> columns = clause.columns().stream().map(this::ordinal).toList();
    return table
        .findUniqueKey(columns)
        .orElseThrow(
            () ->
                new SqlFailure(
                    State.INVALID_FOREIGN_KEY,
                    "ON CONFLICT ("
                        + String.join(", ", clause.columns())
                        + "): table \""
                        + table.name()
                        + "\" has no primary key, unique constraint or unique index of these"
                        + " columns"));
  }

  private int ordinal(String column) {
    List<ColumnDef> columns = table.visibleColumns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    throw new SqlFailure(
        State.COLUMN_NOT_FOUND,
        "column \"" + column + "\" of table \"" + table.name() + "\" not found");
  }

  private List<Integer> assigned(OnConflict.Update update) {
    Set<String> known = new HashSet<>();
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < update.columns().size(); i++) {
      String column = update.columns().get(i);
      int ordinal = ordinal(column);
      if (!known.add(column)) {
        throw new SqlFailure(
            State.DUPLICATE_COLUMN, "column \"" + column + "\" is assigned more than once");
      }
      GeneratedIdentity.requireGivable(table, table.columns().get(ordinal));
      ordinals.add(ordinal);
    }
    return ordinals;
  }

  /** The values, and behind them the condition, as a query of both rows. */
  private SqlNode query(OnConflict.Update update) {
    SqlParserPos at = SqlParserPos.ZERO;
    SqlNodeList list = new SqlNodeList(at);
    for (int i = 0; i < update.values().size(); i++) {
      SqlNode value = update.values().get(i);
      list.add(
          value.getKind() == SqlKind.DEFAULT
              ? DefaultKeywords.valueOf(update.columns().get(i), table, value.getParserPosition())
              : own(value));
    }
    if (update.condition() != null) {
      list.add(own(update.condition()));
    }
    SqlNode from =
        new SqlJoin(
            at,
            named(table.name()),
            SqlLiteral.createBoolean(false, at),
            JoinType.CROSS.symbol(at),
            named(EXCLUDED),
            JoinConditionType.NONE.symbol(at),
            null);
    return new SqlSelect(
        at, null, list, from, null, null, null, null, null, null, null, null, null);
  }

  private SqlNode named(String name) {
    SqlParserPos at = SqlParserPos.ZERO;
    return SqlStdOperatorTable.AS.createCall(
        at,
        new SqlIdentifier(List.of(table.schema(), table.name()), at),
        new SqlIdentifier(name, at));
  }

  private SqlNode own(SqlNode expression) {
    return LaterParameters.counted(expression, firstParameter, "ON CONFLICT DO UPDATE");
  }

  private static List<RexNode> expressions(Conversions conversions) {
    if (!(conversions.root().project() instanceof Project project)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, "ON CONFLICT DO UPDATE computes from the two rows only");
    }
    for (RexNode node : project.getProjects()) {
      if (RexUtil.SubQueryFinder.find(node) != null || RexUtil.containsCorrelation(node)) {
        throw new SqlFailure(
            State.NOT_SUPPORTED, "ON CONFLICT DO UPDATE cannot have a query in it");
      }
    }
    return project.getProjects();
  }

  private void checkTypes(List<Integer> columns, List<RexNode> nodes, boolean withCondition) {
    for (int i = 0; i < columns.size(); i++) {
      StatementValidator.checkAssignable(
          table.columns().get(columns.get(i)), nodes.get(i).getType());
    }
    if (withCondition
        && nodes.get(columns.size()).getType().getSqlTypeName() != SqlTypeName.BOOLEAN) {
      throw new SqlFailure(
          State.TYPE_MISMATCH, "the WHERE of ON CONFLICT DO UPDATE must be a condition");
    }
  }
}
