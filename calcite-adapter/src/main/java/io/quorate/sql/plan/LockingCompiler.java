package io.quorate.sql.plan;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.LockWait;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.LockingNode;
import io.quorate.sql.parse.WithTies;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.jspecify.annotations.Nullable;

/** Makes plans of queries with FOR UPDATE or FOR SHARE. Used for one statement. */
final class LockingCompiler {
  private final LockingNode node;
  private final Schemas tables;
  private final String schema;
  private final SqlSelect select;
  private final FromItem from;
  private final List<FromItem> locked;

  /**
   * @param schema for names without one
   * @throws SqlFailure {@link State#NOT_SUPPORTED} when rows of the query are not made of single
   *     rows of tables
   */
  LockingCompiler(LockingNode node, Schemas tables, String schema) {
    this.node = node;
    this.tables = tables;
    this.schema = schema;
    this.select = select(node.query());
    SqlNode source = select.getFrom();
    if (source == null) {
      throw refused("a query without FROM");
    }
    this.from = item(source);
    this.locked = node.tables().isEmpty() ? from.leaves() : named();
    for (FromItem item : locked) {
      if (item.table().isEmpty()) {
        // Other mistakes of the query come first: it may be a name of nothing.
        var unused = Conversions.of(node.query(), tables.reader(schema));
        throw new SqlFailure(
            State.NOT_SUPPORTED,
            node.shown()
                + " locks rows of tables, and "
                + (item.name().isEmpty() ? "a part of FROM" : "\"" + item.name() + "\"")
                + " is none; name the tables by OF");
      }
    }
  }

  private SqlSelect select(SqlNode query) {
    SqlNode inside = query;
    if (query instanceof SqlOrderBy order) {
      if (WithTies.rows(order.fetch).isPresent()) {
        throw refused("WITH TIES");
      }
      inside = order.query;
    }
    if (!(inside instanceof SqlSelect found)) {
      throw refused(
          inside.isA(SqlKind.SET_QUERY) ? "UNION, INTERSECT or EXCEPT" : "what is no SELECT");
    }
    if (found.isDistinct()) {
      throw refused("DISTINCT");
    }
    if (found.getGroup() != null) {
      throw refused("GROUP BY");
    }
    if (found.getHaving() != null) {
      throw refused("HAVING");
    }
    if (new StatementValidator(tables.reader(schema)).isAggregate(found)) {
      throw refused("aggregates");
    }
    return found;
  }

  private SqlFailure refused(String what) {
    return new SqlFailure(State.NOT_SUPPORTED, node.shown() + " is not allowed with " + what);
  }

  private FromItem item(SqlNode source) {
    if (source instanceof SqlJoin join) {
      return new FromItem(
          "", Optional.empty(), List.of(item(join.getLeft()), item(join.getRight())));
    }
    if (source instanceof SqlIdentifier name) {
      return new FromItem(last(name), table(name), List.of());
    }
    if (source instanceof SqlCall call && source.getKind() == SqlKind.AS) {
      String alias = last(call.operand(1));
      boolean plain = call.operandCount() == 2 && call.operand(0) instanceof SqlIdentifier;
      return new FromItem(alias, plain ? table(call.operand(0)) : Optional.empty(), List.of());
    }
    return new FromItem("", Optional.empty(), List.of());
  }

  private static String last(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }

  private Optional<StoreTable> table(SqlIdentifier name) {
    int count = name.names.size();
    return tables.find(count > 1 ? name.names.get(count - 2) : schema, last(name));
  }

  private List<FromItem> named() {
    List<FromItem> found = new ArrayList<>();
    for (SqlNode each : node.tables()) {
      String name = last((SqlIdentifier) each);
      FromItem item =
          from.leaves().stream()
              .filter(leaf -> leaf.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SqlFailure(
                          State.TABLE_NOT_FOUND,
                          "\"" + name + "\" behind " + node.shown() + " OF is not in FROM"));
      if (!found.contains(item)) {
        found.add(item);
      }
    }
    return from.leaves().stream().filter(found::contains).toList();
  }

  /** The tables whose rows are locked. */
  List<TableDef> lockedTables() {
    return locked.stream().map(item -> item.table().orElseThrow().definition()).toList();
  }

  LockingQuery compile() {
    SequencePlaces.check(node.query());
    Conversions conversions = Conversions.of(node.query(), tables.reader(schema));
    List<ResultColumn> columns = conversions.columns();
    for (ResultColumn column : columns) {
      if (column.type().name().isLarge()) {
        throw new SqlFailure(
            State.NOT_SUPPORTED,
            node.shown()
                + " cannot return column \""
                + column.label()
                + "\" of type "
                + column.type()
                + "; read it with another statement of the transaction");
      }
    }
    boolean whole = node.waiting() == LockWait.SKIP;
    KeyedRows keyed =
        new KeyedRows(node.shown(), locked, tables.readerWithKeys(schema, lockedTables()), whole);
    RelNode rel = conversions.root().project();
    List<ResultColumn> parameters = conversions.parameters();
    RelNode withKeys = keyed.of(rel, from);
    Optional<ShortQuery> known = shortQuery(rel, parameters, columns, whole);
    Plan.Query query =
        known.isPresent()
            ? known.get()
            : GeneralQuery.of(withKeys, parameters, withKeyColumns(columns));
    return new LockingQuery(
        query,
        columns,
        lockedTables(),
        node,
        new LockingQuery.Bounds(bound(keyed.offset()), bound(keyed.fetch())));
  }

  private Optional<ShortQuery> shortQuery(
      RelNode rel, List<ResultColumn> parameters, List<ResultColumn> columns, boolean whole) {
    return from.isLeaf()
        ? SingleTable.of(rel).flatMap(one -> ShortQuery.ofLocked(one, parameters, columns, whole))
        : Optional.empty();
  }

  private List<ResultColumn> withKeyColumns(List<ResultColumn> columns) {
    List<ResultColumn> all = new ArrayList<>(columns);
    for (FromItem item : locked) {
      all.add(ResultColumn.computed(item.name(), SqlType.of(SqlType.Name.VARBINARY)));
    }
    return all;
  }

  private static @Nullable Expression bound(Optional<RexNode> bound) {
    return bound
        .map(
            node ->
                RexCompiler.compile(node)
                    .orElseThrow(
                        () ->
                            new SqlFailure(
                                State.NOT_SUPPORTED, "LIMIT and OFFSET take numbers here")))
        .orElse(null);
  }
}
