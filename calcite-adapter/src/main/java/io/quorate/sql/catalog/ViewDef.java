package io.quorate.sql.catalog;

import java.util.List;

/**
 * A view.
 *
 * @param columns their names and types; always nullable, as nobody holds a view to more
 * @param sql the query, with each star spelled out
 * @param path the schema for names without one in the query
 * @param uses ids of the tables and views that the query names, ascending
 */
public record ViewDef(
    int id,
    String schema,
    String name,
    List<ColumnDef> columns,
    String sql,
    String path,
    List<Integer> uses) {
  public ViewDef {
    columns = List.copyOf(columns);
    uses = List.copyOf(uses);
  }

  String described() {
    return "view " + Definitions.named(schema, name);
  }

  ViewDef withId(int replacement) {
    return new ViewDef(replacement, schema, name, columns, sql, path, uses);
  }

  /** The same view under another name, whose query's names are looked up in a schema. */
  ViewDef in(String newSchema, String newName, String newPath) {
    return new ViewDef(id, newSchema, newName, columns, sql, newPath, uses);
  }

  /** The same view, where a table that it uses has another id. */
  ViewDef withUseOf(int before, int after) {
    List<Integer> replaced =
        uses.stream().map(each -> each == before ? after : each).sorted().toList();
    return new ViewDef(id, schema, name, columns, sql, path, replaced);
  }

  /** Whether whoever reads {@code before} finds all he knows of here too. */
  boolean hasColumnsOf(ViewDef before) {
    return columns.size() >= before.columns.size()
        && columns.subList(0, before.columns.size()).equals(before.columns);
  }
}
