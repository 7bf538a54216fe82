package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.NewIndex;
import io.quorate.sql.catalog.NewTable;
import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.TableChange;
import io.quorate.sql.catalog.TableChanges;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.PasswordVerifiers;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.ColumnNames;
import io.quorate.sql.parse.ObjectName;
import io.quorate.sql.parse.SequenceNames;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.store.StoreChange;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plans for the statements that are not queries once {@link ShowQueries} has taken its own. Pure.
 */
final class StatementCompiler implements Statement.Cases<Plan> {
  private final String schema;
  private final PasswordVerifiers verifiers;

  private StatementCompiler(String schema, PasswordVerifiers verifiers) {
    this.schema = schema;
    this.verifiers = verifiers;
  }

  /**
   * The plan of a statement; it holds for every catalog.
   *
   * @param schema for names without one
   */
  static Plan compile(Statement statement, String schema, PasswordVerifiers verifiers) {
    return statement.match(new StatementCompiler(schema, verifiers));
  }

  @Override
  public Plan createTable(Statement.CreateTable statement) {
    NewTable table = newTable(statement, schema);
    return new DefinitionPlan(
        catalog ->
            statement.ifNotExists() && catalog.find(table.schema(), table.name()).isPresent()
                ? Optional.empty()
                : Optional.of(Definitions.createTable(catalog, table)));
  }

  /** The table that is to be made. */
  static NewTable newTable(Statement.CreateTable statement, String schema) {
    return new NewTable(
        statement.name().schemaOr(schema),
        statement.name().name(),
        statement.columns().stream()
            .map(column -> ofAnySchema(column.definition(), schema))
            .toList(),
        statement.keys().stream().map(Statement.Key::definition).toList(),
        statement.checks().stream().map(Statement.Check::definition).toList(),
        statement.foreignKeys().stream().map(key -> key.in(schema)).toList());
  }

  /** A DEFAULT with the sequences in it named so that each session finds them. */
  private static @Nullable String ofAnySchema(@Nullable String defaultSql, String schema) {
    return defaultSql == null
        ? null
        : SequenceNames.replace(
            defaultSql,
            call -> SequenceDef.nextValue(call.name().schemaOr(schema), call.name().name()));
  }

  private static ColumnDef ofAnySchema(ColumnDef column, String schema) {
    return column.defaultSql() == null
        ? column
        : column.withDefault(ofAnySchema(column.defaultSql(), schema));
  }

  static TableChange.AddColumn ofAnySchema(TableChange.AddColumn change, String schema) {
    return new TableChange.AddColumn(
        ofAnySchema(change.column(), schema),
        change.keys(),
        change.checks(),
        change.foreignKeys(),
        change.ifNotExists());
  }

  private static TableChange ofAnySchema(TableChange change, String schema) {
    return change instanceof TableChange.SetDefault set
        ? new TableChange.SetDefault(
            set.column(), Objects.requireNonNull(ofAnySchema(set.sql(), schema)))
        : change;
  }

  @Override
  public Plan dropTable(Statement.DropTable statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    return DefinitionPlan.ofExisting(
        in,
        name,
        statement.ifExists(),
        (catalog, view) ->
            Optional.of(Definitions.dropTable(catalog, in, name, statement.cascade())));
  }

  @Override
  public Plan alterTable(Statement.AlterTable statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    TableChange change = ofAnySchema(in(statement.change()), schema);
    return new DefinitionPlan(
        catalog ->
            isNothing(catalog, in, statement)
                ? Optional.empty()
                : Optional.of(TableChanges.alter(catalog, in, name, change, ColumnNames::in)),
        (context, after) -> prepared(context, in, name, after));
  }

  /** With the schema of the session where a foreign key names none. */
  private TableChange in(TableChange change) {
    return change instanceof TableChange.AddForeignKey add
        ? new TableChange.AddForeignKey(add.key().in(schema))
        : change;
  }

  /** A table that is found under another name is renamed, and no more. */
  private static Iterator<List<StoreChange>> prepared(
      ExecutionContext context, String in, String name, Catalog after) {
    TableDef before = Definitions.require(context.catalog(), in, name);
    return after
        .find(in, name)
        .map(table -> RowPreparation.of(context, before, table, after))
        .orElseGet(Collections::emptyIterator);
  }

  private static boolean isNothing(Catalog catalog, String in, Statement.AlterTable statement) {
    String name = statement.name().name();
    if (!catalog.hasRelation(in, name)) {
      return statement.ifExists() && !Catalog.isBuiltIn(in);
    }
    Optional<TableDef> table = catalog.find(in, name);
    if (statement.change() instanceof TableChange.DropConstraint drop) {
      return drop.ifExists() && table.filter(each -> !each.hasConstraint(drop.name())).isPresent();
    }
    return statement.change() instanceof TableChange.DropColumn drop
        && drop.ifExists()
        && table.filter(each -> each.findColumn(drop.column()).isEmpty()).isPresent();
  }

  @Override
  public Plan truncate(Statement.Truncate statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    return new DefinitionPlan(catalog -> Optional.of(TableChanges.truncate(catalog, in, name)));
  }

  @Override
  public Plan createIndex(Statement.CreateIndex statement) {
    ObjectName table = statement.table();
    String in = table.schemaOr(schema);
    NewIndex index =
        new NewIndex(
            statement.name(),
            in,
            table.name(),
            statement.columns(),
            statement.unique(),
            statement.descending());
    return new CreateIndexPlan(index, statement.ifNotExists());
  }

  @Override
  public Plan dropIndex(Statement.DropIndex statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    return new DefinitionPlan(
        catalog ->
            statement.ifExists() && catalog.findTableOfIndex(in, name).isEmpty()
                ? Optional.empty()
                : Optional.of(Definitions.dropIndex(catalog, in, name)));
  }

  @Override
  public Plan analyze(Statement.Analyze statement) {
    return new AnalyzePlan(statement, schema);
  }

  @Override
  public Plan createSchema(Statement.CreateSchema statement) {
    String name = statement.name();
    return new DefinitionPlan(
        catalog ->
            statement.ifNotExists() && (catalog.schemas().contains(name) || Catalog.isBuiltIn(name))
                ? Optional.empty()
                : Optional.of(Definitions.createSchema(catalog, name)));
  }

  @Override
  public Plan dropSchema(Statement.DropSchema statement) {
    String name = statement.name();
    return new DefinitionPlan(
        catalog ->
            statement.ifExists() && !catalog.schemas().contains(name) && !Catalog.isBuiltIn(name)
                ? Optional.empty()
                : Optional.of(Definitions.dropSchema(catalog, name, statement.cascade())));
  }

  @Override
  public Plan createUser(Statement.CreateUser statement) {
    return UserPlan.create(statement, verifiers);
  }

  @Override
  public Plan alterUser(Statement.AlterUser statement) {
    return UserPlan.alter(statement, verifiers);
  }

  @Override
  public Plan dropUser(Statement.DropUser statement) {
    return UserPlan.drop(statement);
  }

  @Override
  public Plan ofObject(Statement.OfObject statement) {
    return statement.statement().match(new ObjectPlans(schema));
  }

  @Override
  public Plan ofAccess(Statement.OfAccess statement) {
    return statement.statement().match(new AccessPlans(schema));
  }

  @Override
  public Plan begin(Statement.Begin statement) {
    return session(new SessionCommand.Begin(statement.readOnly(), statement.isolation()));
  }

  @Override
  public Plan commit(Statement.Commit statement) {
    return session(new SessionCommand.Commit());
  }

  @Override
  public Plan rollback(Statement.Rollback statement) {
    return session(new SessionCommand.Rollback());
  }

  @Override
  public Plan savepoint(Statement.Savepoint statement) {
    return session(new SessionCommand.Savepoint(statement.step(), statement.name()));
  }

  @Override
  public Plan setSetting(Statement.SetSetting statement) {
    return session(new SessionCommand.Set(statement.name(), statement.value()));
  }

  @Override
  public Plan showSetting(Statement.ShowSetting statement) {
    return session(new SessionCommand.Show(Optional.ofNullable(statement.name())));
  }

  @Override
  public Plan ofAdmin(Statement.OfAdmin statement) {
    return session(new SessionCommand.Admin(statement.statement()));
  }

  private static Plan session(SessionCommand command) {
    return new Plan.Session(command);
  }

  @Override
  public Plan showTables(Statement.ShowTables statement) {
    throw isQuery(statement);
  }

  @Override
  public Plan showSchemas(Statement.ShowSchemas statement) {
    throw isQuery(statement);
  }

  @Override
  public Plan showColumns(Statement.ShowColumns statement) {
    throw isQuery(statement);
  }

  @Override
  public Plan showServers(Statement.ShowServers statement) {
    throw isQuery(statement);
  }

  @Override
  public Plan showNodes(Statement.ShowNodes statement) {
    throw isQuery(statement);
  }

  @Override
  public Plan explainRouting(Statement.ExplainRouting statement) {
    throw new SqlFailure(State.INTERNAL_ERROR, "is planned with what it explains");
  }

  @Override
  public Plan explainAnalyze(Statement.ExplainAnalyze statement) {
    throw new SqlFailure(State.INTERNAL_ERROR, "is planned with what it explains");
  }

  @Override
  public Plan createTableAs(Statement.CreateTableAs statement) {
    throw new SqlFailure(State.INTERNAL_ERROR, "is planned with its query");
  }

  private static SqlFailure isQuery(Statement statement) {
    return new SqlFailure(
        State.INTERNAL_ERROR, "is planned as the query that it stands for: " + statement);
  }
}
