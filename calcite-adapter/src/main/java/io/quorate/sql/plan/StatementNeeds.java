package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.Comments;
import io.quorate.sql.catalog.NewTable;
import io.quorate.sql.catalog.ObjectKey;
import io.quorate.sql.catalog.Privilege;
import io.quorate.sql.catalog.TableChange;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.parse.AccessStatement;
import io.quorate.sql.parse.ObjectName;
import io.quorate.sql.parse.ObjectStatement;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.parse.StatementParser;
import java.util.List;

/**
 * What the statements need that are no queries and change no rows: to own what they change, or to
 * create in a schema. Who may grant what is decided with the grant. Confined to one thread.
 */
final class StatementNeeds
    implements Statement.Cases<Void>, ObjectStatement.Cases<Void>, AccessStatement.Cases<Void> {
  private final Needs needs;
  private final String schema;

  /**
   * @param schema for names without one
   */
  StatementNeeds(Needs needs, String schema) {
    this.needs = needs;
    this.schema = schema;
  }

  @SuppressWarnings("NullAway") // no other value is a Void
  private static Void done() {
    return null;
  }

  private Void administrator(String what) {
    needs.add(new Need.Administrator(what));
    return done();
  }

  private Catalog catalog() {
    return needs.catalog();
  }

  /** To make something in a schema. */
  private Void create(String in) {
    if (catalog().schemas().contains(in)) {
      needs.add(new Need.Whole(ObjectKey.ofSchema(in), "schema \"" + in + "\"", Privilege.CREATE));
    }
    return done();
  }

  private Void owner(int id, String shown) {
    needs.add(new Need.Owner(ObjectKey.of(id), shown));
    return done();
  }

  private Void ownerOfSchema(String name) {
    if (catalog().schemas().contains(name)) {
      needs.add(new Need.Owner(ObjectKey.ofSchema(name), "schema \"" + name + "\""));
    }
    return done();
  }

  private Void ownerOfTable(ObjectName name) {
    catalog()
        .find(name.schemaOr(schema), name.name())
        .ifPresent(table -> owner(table.id(), Needs.shown(table)));
    return done();
  }

  /** An index is its table's. */
  private Void ownerOfIndex(String in, String name) {
    catalog().findTableOfIndex(in, name).ifPresent(table -> owner(table.id(), Needs.shown(table)));
    return done();
  }

  private Void ownerOfView(String in, String name) {
    catalog()
        .objects()
        .findView(in, name)
        .ifPresent(view -> owner(view.id(), Needs.shown("view", in, name)));
    return done();
  }

  private Void ownerOfSequence(String in, String name) {
    catalog()
        .objects()
        .findSequence(in, name)
        .ifPresent(sequence -> owner(sequence.id(), Needs.shown("sequence", in, name)));
    return done();
  }

  /** To refer to the columns of another table. */
  private void references(NewTable.NewForeignKey key, String in) {
    TableDef table =
        catalog().find(key.schema() == null ? in : key.schema(), key.table()).orElse(null);
    if (table != null) {
      List<String> columns =
          key.referenced().isEmpty()
              ? table.primaryKey().stream().map(i -> table.columns().get(i).name()).toList()
              : key.referenced();
      needs.addUsage(table.schema());
      needs.add(
          new Need.Columns(
              ObjectKey.of(table.id()), Needs.shown(table), Privilege.REFERENCES, columns));
    }
  }

  @Override
  public Void createTable(Statement.CreateTable statement) {
    statement.foreignKeys().forEach(key -> references(key, schema));
    return create(statement.name().schemaOr(schema));
  }

  @Override
  public Void createTableAs(Statement.CreateTableAs statement) {
    needs.add(statement.query());
    return create(statement.name().schemaOr(schema));
  }

  @Override
  public Void dropTable(Statement.DropTable statement) {
    return ownerOfTable(statement.name());
  }

  @Override
  public Void alterTable(Statement.AlterTable statement) {
    if (statement.change() instanceof TableChange.AddForeignKey add) {
      references(add.key(), schema);
    }
    if (statement.change() instanceof TableChange.AddColumn add) {
      add.foreignKeys().forEach(key -> references(key, schema));
    }
    return ownerOfTable(statement.name());
  }

  @Override
  public Void truncate(Statement.Truncate statement) {
    return ownerOfTable(statement.name());
  }

  @Override
  public Void createIndex(Statement.CreateIndex statement) {
    return ownerOfTable(statement.table());
  }

  @Override
  public Void dropIndex(Statement.DropIndex statement) {
    return ownerOfIndex(statement.name().schemaOr(schema), statement.name().name());
  }

  @Override
  public Void analyze(Statement.Analyze statement) {
    ObjectName table = statement.table();
    return table == null ? administrator("ANALYZE of all tables") : ownerOfTable(table);
  }

  @Override
  public Void createSchema(Statement.CreateSchema statement) {
    return administrator("CREATE SCHEMA");
  }

  @Override
  public Void dropSchema(Statement.DropSchema statement) {
    return ownerOfSchema(statement.name());
  }

  @Override
  public Void createUser(Statement.CreateUser statement) {
    return administrator("CREATE USER");
  }

  @Override
  public Void alterUser(Statement.AlterUser statement) {
    if (statement.admin() != null || statement.password() == null) {
      return administrator("ALTER USER");
    }
    needs.add(new Need.Self(statement.name()));
    return done();
  }

  @Override
  public Void dropUser(Statement.DropUser statement) {
    return administrator("DROP USER");
  }

  @Override
  public Void ofObject(Statement.OfObject statement) {
    return statement.statement().match(this);
  }

  @Override
  public Void createView(ObjectStatement.CreateView statement) {
    String in = statement.name().schemaOr(schema);
    needs.add(StatementParser.parse(statement.sql()));
    if (statement.orReplace()) {
      ownerOfView(in, statement.name().name());
    }
    return create(in);
  }

  @Override
  public Void dropView(ObjectStatement.DropView statement) {
    return ownerOfView(statement.name().schemaOr(schema), statement.name().name());
  }

  @Override
  public Void createSequence(ObjectStatement.CreateSequence statement) {
    return create(statement.name().schemaOr(schema));
  }

  @Override
  public Void alterSequence(ObjectStatement.AlterSequence statement) {
    return ownerOfSequence(statement.name().schemaOr(schema), statement.name().name());
  }

  @Override
  public Void rename(ObjectStatement.Rename statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    return switch (statement.kind()) {
      case SCHEMA -> ownerOfSchema(name);
      case VIEW -> ownerOfView(in, name);
      case INDEX -> ownerOfIndex(in, name);
      case SEQUENCE -> ownerOfSequence(in, name);
    };
  }

  @Override
  public Void dropSequence(ObjectStatement.DropSequence statement) {
    return ownerOfSequence(statement.name().schemaOr(schema), statement.name().name());
  }

  @Override
  public Void comment(ObjectStatement.Comment statement) {
    String name = statement.name().name();
    if (statement.kind() == Comments.Kind.SCHEMA) {
      return ownerOfSchema(name);
    }
    String in = statement.name().schemaOr(schema);
    if (statement.kind() == Comments.Kind.INDEX) {
      return ownerOfIndex(in, name);
    }
    // One of them has the name.
    ownerOfTable(statement.name());
    ownerOfView(in, name);
    return ownerOfSequence(in, name);
  }

  @Override
  public Void ofAccess(Statement.OfAccess statement) {
    return statement.statement().match(this);
  }

  @Override
  public Void createRole(AccessStatement.CreateRole statement) {
    return administrator("CREATE ROLE");
  }

  @Override
  public Void dropRole(AccessStatement.DropRole statement) {
    return administrator("DROP ROLE");
  }

  @Override
  public Void grant(AccessStatement.Grant statement) {
    return done();
  }

  @Override
  public Void revoke(AccessStatement.Revoke statement) {
    return done();
  }

  @Override
  public Void grantRoles(AccessStatement.GrantRoles statement) {
    return done();
  }

  @Override
  public Void revokeRoles(AccessStatement.RevokeRoles statement) {
    return done();
  }

  @Override
  public Void begin(Statement.Begin statement) {
    return done();
  }

  @Override
  public Void commit(Statement.Commit statement) {
    return done();
  }

  @Override
  public Void rollback(Statement.Rollback statement) {
    return done();
  }

  @Override
  public Void savepoint(Statement.Savepoint statement) {
    return done();
  }

  @Override
  public Void setSetting(Statement.SetSetting statement) {
    return done();
  }

  @Override
  public Void showSetting(Statement.ShowSetting statement) {
    return done();
  }

  @Override
  public Void showTables(Statement.ShowTables statement) {
    return done();
  }

  @Override
  public Void showSchemas(Statement.ShowSchemas statement) {
    return done();
  }

  @Override
  public Void showColumns(Statement.ShowColumns statement) {
    return done();
  }

  @Override
  public Void showServers(Statement.ShowServers statement) {
    return done();
  }

  @Override
  public Void showNodes(Statement.ShowNodes statement) {
    return done();
  }

  @Override
  public Void ofAdmin(Statement.OfAdmin statement) {
    return done();
  }

  @Override
  public Void explainRouting(Statement.ExplainRouting statement) {
    needs.add(statement.explained());
    return done();
  }

  @Override
  public Void explainAnalyze(Statement.ExplainAnalyze statement) {
    needs.add(statement.explained());
    return done();
  }
}
