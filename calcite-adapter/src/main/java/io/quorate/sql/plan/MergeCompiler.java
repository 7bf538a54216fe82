package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.MergeNode;
import io.quorate.sql.parse.MergeNode.Action;
import io.quorate.sql.parse.StatementParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Makes of MERGE one query and what is done with its rows. Each row of the query is one of the
 * source, with the key of the row that it matches, the number of the clause that is about it, and
 * the values of all clauses, of which only those of that one are computed. Used for one statement.
 */
final class MergeCompiler {
  private static final SqlParserPos AT = SqlParserPos.ZERO;

  private final MergeNode node;
  private final TableDef table;
  private final SqlNodeList list = new SqlNodeList(AT);
  private final List<MergePlan.Clause> clauses = new ArrayList<>();

  /** By its place in the list, the column that a value is for. */
  private final Map<Integer, ColumnDef> assigned = new TreeMap<>();

  MergeCompiler(MergeNode node, TableDef table) {
    this.node = node;
    this.table = table;
  }

  MergePlan compile(Target target, CalciteCatalogReader reader) {
    list.add(key());
    list.add(clauseNumber());
    for (MergeNode.Clause clause : node.clauses()) {
      add(clause);
    }
    SqlSelect query =
        new SqlSelect(AT, null, list, from(), null, null, null, null, null, null, null, null, null);
    Conversions conversions = Conversions.of(query, reader);
    RelNode rel = conversions.root().project();
    checkTypes(rel.getRowType().getFieldList());
    List<ResultColumn> columns =
        rel.getRowType().getFieldList().stream()
            .map(
                field -> ResultColumn.computed(field.getName(), Types.fromCalcite(field.getType())))
            .toList();
    List<ResultColumn> parameters = ParameterTypes.in(rel);
    return new MergePlan(target, GeneralQuery.of(rel, parameters, columns), clauses);
  }

  private String name() {
    SqlIdentifier alias = node.alias();
    return alias == null ? table.name() : alias.getSimple();
  }

  private SqlNode key() {
    return new SqlIdentifier(List.of(name(), StoreTable.KEY_NAME), AT);
  }

  private SqlNode from() {
    boolean inserts = node.clauses().stream().anyMatch(clause -> !clause.matched());
    SqlNode target =
        SqlStdOperatorTable.AS.createCall(
            AT,
            new SqlIdentifier(List.of(table.schema(), table.name()), AT),
            new SqlIdentifier(name(), AT));
    return new SqlJoin(
        AT,
        node.source(),
        SqlLiteral.createBoolean(false, AT),
        (inserts ? JoinType.LEFT : JoinType.INNER).symbol(AT),
        target,
        JoinConditionType.ON.symbol(AT),
        node.condition());
  }

  /** That of the first clause that is about the row, or -1. */
  private SqlNode clauseNumber() {
    SqlNodeList when = new SqlNodeList(AT);
    SqlNodeList then = new SqlNodeList(AT);
    for (int i = 0; i < node.clauses().size(); i++) {
      MergeNode.Clause clause = node.clauses().get(i);
      SqlNode is =
          (clause.matched() ? SqlStdOperatorTable.IS_NOT_NULL : SqlStdOperatorTable.IS_NULL)
              .createCall(AT, key());
      SqlNode more = clause.condition();
      when.add(more == null ? is : SqlStdOperatorTable.AND.createCall(AT, is, copy(more)));
      then.add(number(i));
    }
    return new SqlCase(AT, null, when, then, number(-1));
  }

  private static SqlNode number(int value) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), AT);
  }

  private void add(MergeNode.Clause clause) {
    int first = list.size();
    switch (clause.action()) {
      case NOTHING, DELETE ->
          clauses.add(new MergePlan.Clause(clause.action(), first, List.of(), false));
      case UPDATE -> {
        List<Integer> columns = ordinals(clause.columns());
        for (int i = 0; i < columns.size(); i++) {
          ColumnDef column = table.columns().get(columns.get(i));
          GeneratedIdentity.requireGivable(table, column);
          addValue(column, clause.values().get(i));
        }
        clauses.add(new MergePlan.Clause(Action.UPDATE, first, columns, false));
      }
      case INSERT -> clauses.add(insert(clause, first));
    }
  }

  private MergePlan.Clause insert(MergeNode.Clause clause, int first) {
    List<ColumnDef> all = table.visibleColumns();
    List<Integer> given =
        ordinals(
            clause.columns().isEmpty()
                ? all.stream().map(ColumnDef::name).toList()
                : clause.columns());
    if (given.size() != clause.values().size()) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          "INSERT of MERGE has "
              + given.size()
              + " columns and "
              + clause.values().size()
              + " values");
    }
    boolean makesIdentity = table.findIdentity().isPresent();
    for (int i = 0; i < all.size(); i++) {
      int place = given.indexOf(i);
      boolean isGiven = place >= 0 && clause.values().get(place).getKind() != SqlKind.DEFAULT;
      if (isGiven) {
        GeneratedIdentity.requireGivable(table, all.get(i));
        makesIdentity &= all.get(i).identity() == null;
      }
      addValue(
          all.get(i),
          isGiven ? clause.values().get(place) : SqlStdOperatorTable.DEFAULT.createCall(AT));
    }
    return new MergePlan.Clause(Action.INSERT, first, List.of(), makesIdentity);
  }

  private List<Integer> ordinals(List<String> names) {
    List<String> columns = table.visibleColumns().stream().map(ColumnDef::name).toList();
    Set<Integer> ordinals = new HashSet<>();
    List<Integer> inOrder = new ArrayList<>();
    for (String name : names) {
      int ordinal = columns.indexOf(name);
      if (ordinal < 0) {
        throw new SqlFailure(
            State.COLUMN_NOT_FOUND,
            "column \"" + name + "\" of table \"" + table.name() + "\" not found");
      }
      if (!ordinals.add(ordinal)) {
        throw new SqlFailure(
            State.DUPLICATE_COLUMN, "column \"" + name + "\" is assigned more than once");
      }
      inOrder.add(ordinal);
    }
    return inOrder;
  }

  private void addValue(ColumnDef column, SqlNode value) {
    SqlNode given =
        value.getKind() == SqlKind.DEFAULT
            ? DefaultKeywords.valueOf(column.name(), table, value.getParserPosition())
            : value;
    if (given.getKind() == SqlKind.DYNAMIC_PARAM && !column.type().name().isLarge()) {
      SqlCall cast =
          (SqlCall) StatementParser.parseExpression("CAST(NULL AS " + column.type() + ")");
      cast.setOperand(0, given);
      given = cast;
    }
    assigned.put(list.size(), column);
    list.add(given instanceof SqlLiteral ? given : guarded(given));
  }

  /** Computed for rows of the clause that is being added only. */
  private SqlNode guarded(SqlNode value) {
    SqlNode isIts =
        SqlStdOperatorTable.EQUALS.createCall(AT, clauseNumber(), number(clauses.size()));
    return new SqlCase(
        AT, null, SqlNodeList.of(isIts), SqlNodeList.of(value), SqlLiteral.createNull(AT));
  }

  /** Calcite remembers what it finds out by the node, so each place has one of its own. */
  private static SqlNode copy(SqlNode node) {
    SqlNode copied =
        node.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                CallCopyingArgHandler handler = new CallCopyingArgHandler(call, true);
                call.getOperator().acceptCall(this, call, false, handler);
                return handler.result();
              }

              @Override
              public @Nullable SqlNode visit(SqlIdentifier identifier) {
                return identifier.clone(identifier.getParserPosition());
              }
            });
    return copied == null ? node : copied;
  }

  private void checkTypes(List<RelDataTypeField> fields) {
    assigned.forEach(
        (place, column) -> StatementValidator.checkAssignable(column, fields.get(place).getType()));
  }
}
