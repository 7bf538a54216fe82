package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.TableChange;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.catalog.ViewDef;
import io.quorate.sql.catalog.Views;
import io.quorate.sql.exec.AccessPath;
import io.quorate.sql.exec.Expression;
import io.quorate.sql.exec.PasswordVerifiers;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.lang.CancelFlag;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.InsertNode;
import io.quorate.sql.parse.LockingNode;
import io.quorate.sql.parse.MergeNode;
import io.quorate.sql.parse.ObjectStatement;
import io.quorate.sql.parse.ReturningNode;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.parse.StatementNode;
import io.quorate.sql.parse.StatementParser;
import io.quorate.sql.store.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;

/**
 * Plans by Calcite: its validator and its algebra for everything, its optimiser and generated code
 * only for what a short plan cannot do. Thread-safe; the plans it makes are remembered.
 *
 * <p>A query goes: text, syntax tree, validated tree, algebra, and then, if it is of one table and
 * without aggregates, straight to a {@link ShortQuery}; else through the {@link Optimizer}.
 */
public final class CalcitePlanner implements SqlPlanner {
  /** A plan of generated code takes some 50 kB; a hundred megabytes in all. */
  private static final int PLANS_MAX = 2000;

  private final TableStatistics statistics;
  private final List<AskedTable> askedTables;
  private final PasswordVerifiers verifiers;
  private final PlannerClocks clocks;
  private final PlanCache<RememberedPlan> cache = new PlanCache<>(PLANS_MAX);
  private final LiteralPlans literals;
  private final Permissions permissions;
  private volatile Schemas schemas;

  /**
   * @param system whose definitions are looked at; rows come from the context of each execution
   */
  public CalcitePlanner(TableStatistics statistics, SystemTables system) {
    this(statistics, system, PasswordVerifiers.NONE, PlannerClocks.NONE);
  }

  /**
   * As {@link #CalcitePlanner(TableStatistics, SystemTables)}.
   *
   * @param verifiers for the passwords of users
   */
  public CalcitePlanner(
      TableStatistics statistics,
      SystemTables system,
      PasswordVerifiers verifiers,
      PlannerClocks clocks) {
    this.statistics = statistics;
    this.verifiers = verifiers;
    this.clocks = clocks;
    this.literals = new LiteralPlans(cache, PLANS_MAX, clocks.instants());
    this.permissions = new Permissions(PLANS_MAX, literals);
    this.askedTables = AskedTable.all(system, new PlanCacheTable(cache));
    this.schemas = new Schemas(Catalog.empty(), statistics, askedTables);
  }

  @Override
  public void authorize(Catalog catalog, String schema, String sql, String user) {
    if (!catalog.users().isUnrestricted(user)) {
      permissions.check(schemas(catalog), schema, sql, user);
    }
  }

  @Override
  public Plan plan(Catalog catalog, String schema, String sql, CancelFlag cancel) {
    PlanCache.Key key = new PlanCache.Key(catalog.version(), schema, sql);
    Optional<RememberedPlan> known = cache.find(key).filter(each -> !each.plan().isStale());
    if (known.isPresent()) {
      return known.get().hit();
    }
    Schemas tables = schemas(catalog).until(cancel);
    Optional<Plan> shared =
        literals.plan(tables, schema, sql, lifted -> planned(tables, schema, lifted));
    if (shared.isPresent()) {
      return shared.get();
    }
    SqlNode node = StatementParser.parse(sql);
    Plan plan = planned(tables, schema, node);
    if (!holdsPassword(node)) {
      cache.put(key, new RememberedPlan(plan, clocks.instants().instant()));
    }
    return plan;
  }

  /** What is remembered stays in memory, its text among it. */
  static boolean holdsPassword(SqlNode node) {
    return node instanceof StatementNode made
        && (made.statement() instanceof Statement.CreateUser
            || made.statement() instanceof Statement.AlterUser);
  }

  /**
   * Plans and works out the short statements of applications, on a table that every cluster has,
   * and changes nothing. The first one would wait for a second of classes: on a node that comes to
   * lead, all of the first ones.
   */
  public void warmUp(ReadView view) {
    FirstStatements.SHORT.forEach(sample -> run(sample, view));
  }

  /** The same for queries that need the optimizer and generated code: another second and a half. */
  public void warmUpQueries(ReadView view) {
    run(FirstStatements.GENERAL, view);
  }

  private void run(FirstStatements.Sample sample, ReadView view) {
    Catalog empty = Catalog.empty();
    SqlNode node = StatementParser.parse(sample.sql());
    sample.run(planned(schemas(empty), Catalog.SYSTEM_SCHEMA, node), view, empty);
  }

  private Plan planned(Schemas tables, String schema, SqlNode node) {
    try {
      if (node instanceof StatementNode statement) {
        return statement(tables, schema, statement.statement());
      }
      return make(tables, schema, node);
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
      throw Failures.planning(e);
    }
  }

  private Plan statement(Schemas tables, String schema, Statement statement) {
    if (statement instanceof Statement.CreateTable table) {
      DefaultChecks.check(table, query -> checkDefault(tables, schema, query));
      NewChecks.check(StatementCompiler.newTable(table, schema));
    }
    if (statement instanceof Statement.AlterTable alter) {
      tables
          .catalog()
          .find(alter.name().schemaOr(schema), alter.name().name())
          .ifPresent(
              table ->
                  DefaultChecks.check(
                      table, alter.change(), query -> checkDefault(tables, schema, query)));
      if (alter.change() instanceof TableChange.AddColumn change) {
        return addColumn(tables, schema, alter, change);
      }
    }
    if (statement instanceof Statement.ExplainRouting routing) {
      return new Plan.Session(
          new SessionCommand.ExplainRouting(planned(tables, schema, routing.explained())));
    }
    if (statement instanceof Statement.ExplainAnalyze explain) {
      return explainAnalyze(tables, schema, explain.explained());
    }
    if (statement instanceof Statement.OfObject object
        && object.statement() instanceof ObjectStatement.CreateView view) {
      return createView(tables, schema, view);
    }
    if (statement instanceof Statement.CreateTableAs table) {
      return createTableAs(tables, schema, table);
    }
    Optional<SqlNode> query = ShowQueries.of(statement, tables.catalog(), schema);
    return query.isPresent()
        ? planned(tables, schema, query.get())
        : StatementCompiler.compile(statement, schema, verifiers);
  }

  private Plan explainAnalyze(Schemas tables, String schema, SqlNode node) {
    ExplainAnalyzeQuery.requireQuery(node);
    SequencePlaces.check(node);
    boolean draws = SequencePlaces.are(node);
    Conversions conversions = Conversions.of(node, tables.reader(schema));
    RelNode rel = conversions.root().project();
    Plan.Query query = query(rel, conversions.parameters(), conversions.columns(), true);
    return new ExplainAnalyzeQuery(query, draws, clocks.nanos());
  }

  private void checkDefault(Schemas tables, String schema, SqlSelect query) {
    if (new StatementValidator(tables.reader(schema)).isAggregate(query)) {
      throw new SqlFailure(State.GROUPING_ERROR, "it cannot use an aggregate");
    }
    planned(tables, schema, query);
  }

  private Plan addColumn(
      Schemas tables, String schema, Statement.AlterTable alter, TableChange.AddColumn written) {
    TableChange.AddColumn change = StatementCompiler.ofAnySchema(written, schema);
    ColumnDef column = change.column();
    DefaultChecks.check(column, query -> checkDefault(tables, schema, query));
    Optional<AddColumnPlan.NewDefault> defaultValue =
        Optional.ofNullable(column.defaultSql()).map(sql -> newDefault(sql, tables.reader(schema)));
    return new AddColumnPlan(schema, alter, change, defaultValue);
  }

  private static AddColumnPlan.NewDefault newDefault(String sql, CalciteCatalogReader reader) {
    Conversions conversions = Conversions.of(DefaultChecks.query(sql), reader);
    RelNode rel = conversions.root().project();
    boolean lasting =
        ConstantRows.of(rel).stream()
            .anyMatch(rows -> rows.get(0).stream().allMatch(RexUtil::isDeterministic));
    return new AddColumnPlan.NewDefault(
        query(rel, conversions.parameters(), conversions.columns()), lasting);
  }

  private Plan createTableAs(Schemas tables, String schema, Statement.CreateTableAs statement) {
    if (statement.ifNotExists()
        && tables
            .catalog()
            .find(statement.name().schemaOr(schema), statement.name().name())
            .isPresent()) {
      return new DefinitionPlan(now -> Optional.empty());
    }
    return TableOfQuery.plan(statement, schema, planned(tables, schema, statement.query()));
  }

  private Plan createView(Schemas tables, String schema, ObjectStatement.CreateView view) {
    String in = view.name().schemaOr(schema);
    if (view.ifNotExists()
        && tables.catalog().objects().findView(in, view.name().name()).isPresent()) {
      return new DefinitionPlan(now -> Optional.empty());
    }
    ViewDef made = ViewCompiler.compile(view, schema, tables);
    return new DefinitionPlan(now -> Optional.of(Views.create(now, made, view.orReplace())));
  }

  @SuppressWarnings("ReferenceEquality") // a catalog is one object while it is the newest
  private Schemas schemas(Catalog catalog) {
    Schemas known = schemas;
    if (known.catalog() != catalog) {
      known = new Schemas(catalog, statistics, askedTables);
      schemas = known;
    }
    return known;
  }

  /** The plan of what is no {@link StatementNode}. */
  static Plan make(Schemas tables, String schema, SqlNode node) {
    if (node instanceof SqlExplain explain) {
      return new ExplainQuery(make(tables, schema, explain.getExplicandum()));
    }
    if (node instanceof ReturningNode returning) {
      return returning(tables, schema, returning);
    }
    if (node instanceof LockingNode locking) {
      return new LockingCompiler(locking, tables, schema).compile();
    }
    SequencePlaces.check(node);
    if (node instanceof SqlInsert insert) {
      return insert(tables, schema, insert);
    }
    if (node instanceof MergeNode merge) {
      TableDef table = tables.target(schema, merge.table()).definition();
      return new MergeCompiler(merge, table)
          .compile(tables.target(table, true), tables.readerForChange(schema, table));
    }
    if (node instanceof SqlUpdate update) {
      return change(tables, schema, node, (SqlIdentifier) update.getTargetTable());
    }
    if (node instanceof SqlDelete delete) {
      return change(tables, schema, node, (SqlIdentifier) delete.getTargetTable());
    }
    if (!node.isA(SqlKind.QUERY)) {
      throw new SqlFailure(State.NOT_SUPPORTED, node.getKind() + " is not supported");
    }
    boolean draws = SequencePlaces.are(node);
    Plan.Query query = query(node, tables.reader(schema));
    return draws ? new DrawingQuery(query) : query;
  }

  private static Plan returning(Schemas tables, String schema, ReturningNode node) {
    SqlNode change = node.change();
    SqlNode name =
        change instanceof SqlInsert insert
            ? insert.getTargetTable()
            : change instanceof SqlUpdate update
                ? update.getTargetTable()
                : ((SqlDelete) change).getTargetTable();
    StoreTable table = tables.target(schema, (SqlIdentifier) name);
    return ReturningPlan.of(
        (Plan.Change) make(tables, schema, change),
        node,
        table.definition(),
        tables.reader(schema));
  }

  static Plan.Query query(SqlNode node, CalciteCatalogReader reader) {
    Conversions conversions = Conversions.of(node, reader);
    return query(conversions.root().project(), conversions.parameters(), conversions.columns());
  }

  static Plan.Query query(RelNode rel, List<ResultColumn> parameters, List<ResultColumn> columns) {
    return query(rel, parameters, columns, false);
  }

  /**
   * The plan of a query.
   *
   * @param counted whether generated code counts the rows of its steps
   */
  private static Plan.Query query(
      RelNode rel, List<ResultColumn> parameters, List<ResultColumn> columns, boolean counted) {
    Optional<? extends Plan.Query> known = CountQuery.of(rel, columns);
    if (known.isEmpty()) {
      known = SingleTable.of(rel).flatMap(one -> ShortQuery.of(one, parameters, columns));
    }
    if (known.isEmpty()) {
      known = ExtremesQuery.of(rel, parameters, columns);
    }
    if (known.isEmpty()) {
      known = ConstantRows.of(rel).flatMap(rows -> ConstantQuery.of(rows, parameters, columns));
    }
    if (known.isPresent()) {
      return known.get();
    }
    return counted
        ? GeneralQuery.counted(rel, parameters, columns)
        : GeneralQuery.of(rel, parameters, columns);
  }

  private static Plan insert(Schemas tables, String schema, SqlInsert node) {
    StoreTable table = tables.target(schema, (SqlIdentifier) node.getTargetTable());
    if (node.isUpsert()) {
      throw new SqlFailure(State.NOT_SUPPORTED, "UPSERT is not supported");
    }
    GeneratedIdentity.requireNotGiven(node, table.definition());
    Optional<GeneratedIdentity> identity = GeneratedIdentity.of(node, table.definition());
    DefaultKeywords.replace(node, table.definition());
    Conversions conversions = inserting(node, tables.reader(schema), table.definition());
    Target target = tables.target(table.definition(), true);
    RelNode source = conversions.root().rel.getInput(0);
    List<ResultColumn> parameters = conversions.parameters();
    Optional<List<List<RexNode>>> given = ConstantRows.of(source);
    Optional<List<List<Expression>>> rows = given.flatMap(RexCompiler::compileRows);
    InsertPlan plan =
        rows.isPresent()
            ? InsertPlan.ofValues(
                target,
                parameters,
                rows.get(),
                given.get().stream().allMatch(ShortExpressions::are),
                identity)
            : InsertPlan.ofQuery(target, query(source, parameters, columns(source)), identity);
    return node instanceof InsertNode withClause
        ? plan.with(
            new ConflictCompiler(table.definition(), parameters.size())
                .compile(withClause.conflict(), tables.reader(schema)))
        : plan;
  }

  private static Conversions inserting(
      SqlInsert node, CalciteCatalogReader reader, TableDef table) {
    try {
      return Conversions.ofInsert(node, reader);
    } catch (RuntimeException e) {
      throw Failures.inserting(e, table);
    }
  }

  private static List<ResultColumn> columns(RelNode rel) {
    return rel.getRowType().getFieldList().stream()
        .map(f -> ResultColumn.computed(f.getName(), Types.fromCalcite(f.getType())))
        .toList();
  }

  /** UPDATE or DELETE: the rows to change come as their keys and the new values. */
  private static Plan change(Schemas tables, String schema, SqlNode node, SqlIdentifier name) {
    StoreTable table = tables.target(schema, name);
    if (node instanceof SqlUpdate update) {
      DefaultKeywords.replace(update, table.definition());
    }
    Conversions conversions =
        Conversions.of(node, tables.readerForChange(schema, table.definition()));
    TableModify modify = (TableModify) conversions.root().rel;
    RelNode source = modify.getInput();
    List<RexNode> projects = new ArrayList<>();
    projects.add(Rex.BUILDER.makeInputRef(source, table.columns().size()));
    Optional<int[]> assigned = Optional.empty();
    if (modify.isUpdate()) {
      checkAssigned(table.definition(), modify.getUpdateColumnList());
      projects.addAll(modify.getSourceExpressionList());
      assigned =
          Optional.of(
              modify.getUpdateColumnList().stream()
                  .mapToInt(column -> ordinal(table, column))
                  .toArray());
    }
    RelNode keyed =
        LogicalProject.create(source, List.of(), projects, names(projects.size()), Set.of());
    List<ResultColumn> parameters = conversions.parameters();
    Target target = tables.target(table.definition(), assigned.isPresent());
    Optional<RowChangePlan> known = shortChange(keyed, parameters, assigned, target);
    return known.isPresent()
        ? known.get()
        : RowChangePlan.ofQuery(
            target, GeneralQuery.of(keyed, parameters, columns(keyed)), assigned);
  }

  private static void checkAssigned(TableDef table, List<String> assigned) {
    for (ColumnDef column : table.visibleColumns()) {
      if (assigned.contains(column.name())) {
        GeneratedIdentity.requireGivable(table, column);
      }
    }
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("C" + i);
    }
    return names;
  }

  private static int ordinal(StoreTable table, String column) {
    List<ColumnDef> columns = table.definition().visibleColumns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    throw new SqlFailure(State.COLUMN_NOT_FOUND, "column \"" + column + "\" cannot be assigned");
  }

  private static Optional<RowChangePlan> shortChange(
      RelNode keyed, List<ResultColumn> parameters, Optional<int[]> assigned, Target target) {
    Optional<SingleTable> single = SingleTable.of(keyed).filter(one -> one.sort().isEmpty());
    if (single.isEmpty()) {
      return Optional.empty();
    }
    SingleTable one = single.get();
    List<RexNode> values = one.projects().subList(1, one.projects().size());
    AccessPaths.Choice choice = AccessPaths.choose(one.table(), one.condition(), List.of(), false);
    AccessPath path = choice.path();
    RexNode rest = choice.condition().rest();
    Optional<Expression> condition = RexCompiler.compile(rest);
    Optional<List<Expression>> compiled = RexCompiler.compile(values);
    if (condition.isEmpty() || compiled.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        RowChangePlan.ofTable(
            target,
            path,
            PlannedSizes.of(path, one.table()),
            parameters,
            rest.isAlwaysTrue() ? Optional.empty() : condition,
            assigned,
            compiled.get(),
            Explained.conditions(choice.condition(), one.table()),
            ShortExpressions.are(List.of(one.condition())) && ShortExpressions.are(values),
            choice.forAllValues()));
  }
}
