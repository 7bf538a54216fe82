package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.Statement;
import io.quorate.sql.parse.StatementParser;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/** The queries that some statements of SHOW stand for. Pure. */
final class ShowQueries {
  private ShowQueries() {}

  /**
   * The query, where the statement stands for one.
   *
   * @param schema the session's
   * @throws SqlFailure when what is to be shown is not there
   */
  static Optional<SqlNode> of(Statement statement, Catalog catalog, String schema) {
    if (statement instanceof Statement.ShowTables tables) {
      return query(tables(catalog, tables.schema() == null ? schema : tables.schema()));
    }
    if (statement instanceof Statement.ShowSchemas) {
      return query("SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA ORDER BY SCHEMA_NAME");
    }
    if (statement instanceof Statement.ShowColumns columns) {
      return query(columns(catalog, columns.table().schemaOr(schema), columns.table().name()));
    }
    if (statement instanceof Statement.ShowServers) {
      return query("SELECT * FROM SYSTEM.SERVERS ORDER BY SERVICE, ID");
    }
    if (statement instanceof Statement.ShowNodes) {
      return query("SELECT * FROM SYSTEM.NODES");
    }
    return Optional.empty();
  }

  private static String tables(Catalog catalog, String schema) {
    if (!Catalog.isBuiltIn(schema) && !catalog.schemas().contains(schema)) {
      throw new SqlFailure(State.SCHEMA_NOT_FOUND, "schema \"" + schema + "\" not found");
    }
    return "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES"
        + " WHERE TABLE_SCHEMA = "
        + literal(schema)
        + " ORDER BY TABLE_NAME";
  }

  private static String columns(Catalog catalog, String schema, String table) {
    if (!Catalog.isBuiltIn(schema) && catalog.objects().findView(schema, table).isEmpty()) {
      Definitions.require(catalog, schema, table);
    }
    return "SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT"
        + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = "
        + literal(schema)
        + " AND TABLE_NAME = "
        + literal(table)
        + " ORDER BY ORDINAL_POSITION";
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static Optional<SqlNode> query(String sql) {
    return Optional.of(StatementParser.parse(sql));
  }
}
