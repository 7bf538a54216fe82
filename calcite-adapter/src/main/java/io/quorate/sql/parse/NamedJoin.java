package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * {@code JOIN … USING (a, b) AS x}: x names the columns that both sides have in common, which are
 * those that {@code a} and {@code b} alone name in the query. In sub-queries, where they could name
 * others, x is not known. Immutable.
 */
final class NamedJoin extends SqlJoin {
  private final String name;
  private final Set<String> columns;

  private NamedJoin(SqlJoin join, SqlIdentifier name) {
    super(
        join.getParserPosition(),
        join.getLeft(),
        join.isNaturalNode(),
        join.getJoinTypeNode(),
        join.getRight(),
        join.getConditionTypeNode(),
        join.getCondition());
    this.name = name.getSimple();
    this.columns =
        new HashSet<>(
            SqlIdentifier.simpleNames((SqlNodeList) Objects.requireNonNull(join.getCondition())));
  }

  /** The join, under a name if there is one. */
  static SqlJoin of(SqlJoin join, @Nullable SqlIdentifier name) {
    return name == null ? join : new NamedJoin(join, name);
  }

  /** The query with the columns of the names of its joins. */
  static SqlSelect resolved(SqlSelect select) {
    Map<String, NamedJoin> joins = new HashMap<>();
    Set<String> tables = new HashSet<>();
    collect(select.getFrom(), joins, tables);
    if (joins.isEmpty()) {
      return select;
    }
    for (NamedJoin join : joins.values()) {
      if (tables.contains(join.name)) {
        throw twice(join);
      }
    }
    Columns shuttle = new Columns(joins);
    select.setSelectList(
        (SqlNodeList) Objects.requireNonNull(select.getSelectList().accept(shuttle)));
    select.setWhere(accept(select.getWhere(), shuttle));
    select.setGroupBy((SqlNodeList) accept(select.getGroup(), shuttle));
    select.setHaving(accept(select.getHaving(), shuttle));
    return select;
  }

  private static @Nullable SqlNode accept(@Nullable SqlNode node, Columns shuttle) {
    return node == null ? null : node.accept(shuttle);
  }

  private static void collect(
      @Nullable SqlNode from, Map<String, NamedJoin> joins, Set<String> tables) {
    if (from instanceof SqlJoin join) {
      collect(join.getLeft(), joins, tables);
      collect(join.getRight(), joins, tables);
      if (join instanceof NamedJoin named && joins.put(named.name, named) != null) {
        throw twice(named);
      }
    } else if (from instanceof SqlIdentifier table) {
      tables.add(table.names.get(table.names.size() - 1));
    } else if (from instanceof SqlCall alias && alias.getKind() == SqlKind.AS) {
      tables.add(((SqlIdentifier) alias.operand(1)).getSimple());
    }
  }

  private static SqlFailure twice(NamedJoin join) {
    return new SqlFailure(
        State.SYNTAX_ERROR,
        SyntaxErrors.at(join.getParserPosition())
            + "the name "
            + join.name
            + " of a join is in FROM twice");
  }

  /** Takes the name of a join away from before a column of it. */
  private static final class Columns extends SqlShuttle {
    private final Map<String, NamedJoin> joins;

    Columns(Map<String, NamedJoin> joins) {
      this.joins = joins;
    }

    @Override
    public @Nullable SqlNode visit(SqlIdentifier identifier) {
      List<String> names = identifier.names;
      NamedJoin join = names.size() == 2 ? joins.get(names.get(0)) : null;
      if (join == null) {
        return identifier;
      }
      if (!join.columns.contains(names.get(1))) {
        throw new SqlFailure(
            State.COLUMN_NOT_FOUND,
            SyntaxErrors.at(identifier.getParserPosition())
                + "column "
                + identifier
                + " not found: "
                + join.name
                + " has those of USING");
      }
      return identifier.getComponent(1);
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
      return call.isA(SqlKind.QUERY) ? call : super.visit(call);
    }
  }
}
