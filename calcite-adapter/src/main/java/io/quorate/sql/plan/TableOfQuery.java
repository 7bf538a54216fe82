package io.quorate.sql.plan;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.catalog.Definitions;
import io.quorate.sql.catalog.NewTable;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** CREATE TABLE AS: a table with the columns of a query, and its rows. Pure. */
final class TableOfQuery {
  private TableOfQuery() {}

  /**
   * The definition, with the rows as its preparation.
   *
   * @param planned the query of the statement
   * @throws SqlFailure when no table can have the query's columns, or its rows cannot be written so
   */
  static Plan plan(Statement.CreateTableAs statement, String schema, Plan planned) {
    if (!(planned instanceof Plan.Query query)) {
      throw new SqlFailure(State.INTERNAL_ERROR, "CREATE TABLE AS is followed by no query");
    }
    if (query.draws()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, "the query of a new table cannot take values of sequences");
    }
    if (!query.parameters().isEmpty()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, "the query of a new table cannot have parameters; write the values");
    }
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    NewTable table = new NewTable(in, name, columns(statement, query), List.of());
    return new DefinitionPlan(
        catalog -> Optional.of(Definitions.createTable(catalog, table)),
        (context, after) ->
            statement.withData()
                ? new QueryRows(context, Definitions.require(after, in, name), query)
                : Collections.emptyIterator());
  }

  private static List<ColumnDef> columns(Statement.CreateTableAs statement, Plan.Query query) {
    List<ResultColumn> of = query.columns();
    List<String> names = statement.columns();
    if (!names.isEmpty() && names.size() != of.size()) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          "the query of table \""
              + statement.name().name()
              + "\" has "
              + of.size()
              + " columns, of which "
              + names.size()
              + " are named");
    }
    List<ColumnDef> columns = new ArrayList<>();
    for (int i = 0; i < of.size(); i++) {
      String name = names.isEmpty() ? of.get(i).label() : names.get(i);
      columns.add(new ColumnDef(name, type(name, of.get(i)), true, null));
    }
    return columns;
  }

  /** That of the column it comes from; what is computed is not bound to the length it has here. */
  private static SqlType type(String name, ResultColumn column) {
    SqlType type = column.type();
    if (type.name().isLarge()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "column \""
              + name
              + "\" is of type "
              + type
              + ", whose values a new table cannot take over; create it, then INSERT … SELECT");
    }
    if (!column.column().isEmpty()) {
      return type;
    }
    return switch (type.name()) {
      case CHAR, VARCHAR, NULL -> SqlType.of(SqlType.Name.VARCHAR);
      case BINARY, VARBINARY -> SqlType.of(SqlType.Name.VARBINARY);
      case TIME, TIMESTAMP, TIMESTAMP_TZ -> SqlType.of(type.name());
      default -> type;
    };
  }
}
