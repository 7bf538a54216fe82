package io.quorate.sql.parse;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.catalog.NewTable;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.TableChange;
import io.quorate.sql.lang.SavepointStep;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** A statement that is neither a query nor DML, as it was written: names are not looked up yet. */
public sealed interface Statement {

  <R> R match(Cases<R> cases);

  /** CREATE TABLE. */
  record CreateTable(
      ObjectName name,
      boolean ifNotExists,
      List<Column> columns,
      List<Key> keys,
      List<Check> checks,
      List<NewTable.NewForeignKey> foreignKeys)
      implements Statement {
    public CreateTable {
      columns = List.copyOf(columns);
      keys = List.copyOf(keys);
      checks = List.copyOf(checks);
      foreignKeys = List.copyOf(foreignKeys);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.createTable(this);
    }
  }

  /**
   * CREATE TABLE AS.
   *
   * @param columns empty where the query says them
   * @param query Calcite's node
   * @param withData whether the rows of the query become those of the table
   */
  record CreateTableAs(
      ObjectName name, boolean ifNotExists, List<String> columns, SqlNode query, boolean withData)
      implements Statement {
    public CreateTableAs {
      columns = List.copyOf(columns);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.createTableAs(this);
    }
  }

  /**
   * A column of CREATE TABLE.
   *
   * @param defaultSql the text after DEFAULT, as it was written
   * @param identity what stands after GENERATED
   * @param generatedSql the text between the parentheses after GENERATED ALWAYS AS
   */
  record Column(
      String name,
      SqlType type,
      boolean nullable,
      @Nullable String defaultSql,
      @Nullable IdentityDef identity,
      @Nullable String generatedSql) {
    public Column(
        String name,
        SqlType type,
        boolean nullable,
        @Nullable String defaultSql,
        @Nullable IdentityDef identity) {
      this(name, type, nullable, defaultSql, identity, null);
    }

    public Column(String name, SqlType type, boolean nullable, @Nullable String defaultSql) {
      this(name, type, nullable, defaultSql, null);
    }

    /** As the catalog will have it. */
    public ColumnDef definition() {
      return new ColumnDef(name, type, nullable, defaultSql, identity, generatedSql);
    }
  }

  /**
   * PRIMARY KEY or UNIQUE, of a column or of the table.
   *
   * @param name null without CONSTRAINT
   */
  record Key(@Nullable String name, boolean primary, List<String> columns) {
    public Key {
      columns = List.copyOf(columns);
    }

    /** As the catalog is asked for it. */
    public NewTable.NewKey definition() {
      return new NewTable.NewKey(name, primary, columns);
    }
  }

  /**
   * CHECK, of a column or of the table.
   *
   * @param name null without CONSTRAINT
   * @param column null of the table
   * @param sql the text between the parentheses, as it was written
   */
  record Check(@Nullable String name, @Nullable String column, String sql) {
    /** As the catalog is asked for it. */
    public NewTable.NewCheck definition() {
      return new NewTable.NewCheck(name, column, sql);
    }
  }

  /**
   * DROP TABLE.
   *
   * @param cascade whether what uses it goes too
   */
  record DropTable(ObjectName name, boolean ifExists, boolean cascade) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.dropTable(this);
    }
  }

  /** ALTER TABLE. */
  record AlterTable(ObjectName name, boolean ifExists, TableChange change) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.alterTable(this);
    }
  }

  /** TRUNCATE TABLE. */
  record Truncate(ObjectName name) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.truncate(this);
    }
  }

  /**
   * CREATE INDEX; the index gets the schema of its table.
   *
   * @param descending which of {@code columns}, from 0, are in descending order
   */
  record CreateIndex(
      String name,
      ObjectName table,
      List<String> columns,
      Set<Integer> descending,
      boolean unique,
      boolean ifNotExists)
      implements Statement {
    public CreateIndex {
      columns = List.copyOf(columns);
      descending = Set.copyOf(descending);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.createIndex(this);
    }
  }

  /** DROP INDEX. */
  record DropIndex(ObjectName name, boolean ifExists) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.dropIndex(this);
    }
  }

  /**
   * ANALYZE.
   *
   * @param table null for all tables
   * @param columns none for all of them
   */
  record Analyze(@Nullable ObjectName table, List<String> columns) implements Statement {
    public Analyze {
      columns = List.copyOf(columns);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.analyze(this);
    }
  }

  /** CREATE SCHEMA. */
  record CreateSchema(String name, boolean ifNotExists) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.createSchema(this);
    }
  }

  /**
   * DROP SCHEMA.
   *
   * @param cascade whether its tables go too
   */
  record DropSchema(String name, boolean ifExists, boolean cascade) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.dropSchema(this);
    }
  }

  /**
   * CREATE USER.
   *
   * @param orReplace whether it takes the place of one of the same name
   * @param password null for a user without one
   * @param admin whether it may do everything; null where that is not said
   */
  record CreateUser(
      String name,
      boolean orReplace,
      boolean ifNotExists,
      @Nullable Secret password,
      @Nullable Boolean admin)
      implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.createUser(this);
    }
  }

  /**
   * ALTER USER.
   *
   * @param password null takes it away, unless this is about {@code admin}
   * @param admin whether it may do everything; null where this is about the password
   */
  record AlterUser(
      String name, boolean ifExists, @Nullable Secret password, @Nullable Boolean admin)
      implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.alterUser(this);
    }
  }

  /** DROP USER. */
  record DropUser(String name, boolean ifExists) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.dropUser(this);
    }
  }

  /** About a sequence, a view or a comment. */
  record OfObject(ObjectStatement statement) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.ofObject(this);
    }
  }

  /** About roles and privileges. */
  record OfAccess(AccessStatement statement) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.ofAccess(this);
    }
  }

  /** START TRANSACTION, BEGIN. */
  record Begin(boolean readOnly, Optional<String> isolation) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.begin(this);
    }
  }

  /** COMMIT. */
  record Commit() implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.commit(this);
    }
  }

  /** ROLLBACK. */
  record Rollback() implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.rollback(this);
    }
  }

  /** SAVEPOINT, RELEASE SAVEPOINT, ROLLBACK TO SAVEPOINT. */
  record Savepoint(SavepointStep step, String name) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.savepoint(this);
    }
  }

  /**
   * SET.
   *
   * @param name in lower case, with its dots
   * @param value without quotes; a bare word as names fold, so in upper case
   */
  record SetSetting(String name, String value) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.setSetting(this);
    }
  }

  /**
   * SHOW ALL, or SHOW with the name of a setting.
   *
   * @param name in lower case, with its dots; null for all
   */
  record ShowSetting(@Nullable String name) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.showSetting(this);
    }
  }

  /**
   * SHOW TABLES.
   *
   * @param schema null for the session's
   */
  record ShowTables(@Nullable String schema) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.showTables(this);
    }
  }

  /** SHOW SCHEMAS. */
  record ShowSchemas() implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.showSchemas(this);
    }
  }

  /** SHOW COLUMNS FROM. */
  record ShowColumns(ObjectName table) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.showColumns(this);
    }
  }

  /** SHOW SERVERS. */
  record ShowServers() implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.showServers(this);
    }
  }

  /** SHOW NODES. */
  record ShowNodes() implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.showNodes(this);
    }
  }

  /** ADMIN. */
  record OfAdmin(AdminStatement statement) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.ofAdmin(this);
    }
  }

  /**
   * EXPLAIN ROUTING.
   *
   * @param explained Calcite's node of a query or DML
   */
  record ExplainRouting(SqlNode explained) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.explainRouting(this);
    }
  }

  /**
   * EXPLAIN ANALYZE.
   *
   * @param explained Calcite's node of a query or DML
   */
  record ExplainAnalyze(SqlNode explained) implements Statement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.explainAnalyze(this);
    }
  }

  /** What to do with each. */
  interface Cases<R> {
    R createTable(CreateTable statement);

    R createTableAs(CreateTableAs statement);

    R dropTable(DropTable statement);

    R alterTable(AlterTable statement);

    R truncate(Truncate statement);

    R createIndex(CreateIndex statement);

    R dropIndex(DropIndex statement);

    R analyze(Analyze statement);

    R createSchema(CreateSchema statement);

    R dropSchema(DropSchema statement);

    R createUser(CreateUser statement);

    R alterUser(AlterUser statement);

    R dropUser(DropUser statement);

    R ofObject(OfObject statement);

    R ofAccess(OfAccess statement);

    R begin(Begin statement);

    R commit(Commit statement);

    R rollback(Rollback statement);

    R savepoint(Savepoint statement);

    R setSetting(SetSetting statement);

    R showSetting(ShowSetting statement);

    R showTables(ShowTables statement);

    R showSchemas(ShowSchemas statement);

    R showColumns(ShowColumns statement);

    R showServers(ShowServers statement);

    R showNodes(ShowNodes statement);

    R ofAdmin(OfAdmin statement);

    R explainRouting(ExplainRouting statement);

    R explainAnalyze(ExplainAnalyze statement);
  }
}
