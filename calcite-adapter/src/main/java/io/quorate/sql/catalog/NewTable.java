package io.quorate.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table as CREATE TABLE describes it: without ids, keys by the names of their columns. */
public record NewTable(
    String schema,
    String name,
    List<ColumnDef> columns,
    List<NewKey> keys,
    List<NewCheck> checks,
    List<NewForeignKey> foreignKeys) {
  public NewTable {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
    checks = List.copyOf(checks);
    foreignKeys = List.copyOf(foreignKeys);
  }

  /** A table with neither CHECK constraints nor foreign keys. */
  public NewTable(String schema, String name, List<ColumnDef> columns, List<NewKey> keys) {
    this(schema, name, columns, keys, List.of(), List.of());
  }

  /** A table without foreign keys. */
  public NewTable(
      String schema,
      String name,
      List<ColumnDef> columns,
      List<NewKey> keys,
      List<NewCheck> checks) {
    this(schema, name, columns, keys, checks, List.of());
  }

  /** The same table as far as it concerns no other. */
  public NewTable withoutForeignKeys() {
    return new NewTable(schema, name, columns, keys, checks, List.of());
  }

  /**
   * PRIMARY KEY or UNIQUE.
   *
   * @param name null where it is to be made up
   */
  public record NewKey(@Nullable String name, boolean primary, List<String> columns) {
    public NewKey {
      columns = List.copyOf(columns);
    }
  }

  /**
   * CHECK.
   *
   * @param name null where it is to be made up
   * @param column that it was written behind, for a name; null of the table
   * @param sql text of the condition
   */
  public record NewCheck(@Nullable String name, @Nullable String column, String sql) {}

  /**
   * FOREIGN KEY.
   *
   * @param name null where it is to be made up
   * @param schema of the table that is referred to; null for that of the table that refers
   * @param referenced empty for the columns of the primary key
   * @param full MATCH FULL
   */
  public record NewForeignKey(
      @Nullable String name,
      List<String> columns,
      @Nullable String schema,
      String table,
      List<String> referenced,
      boolean full,
      ForeignKeyDef.Action onDelete,
      ForeignKeyDef.Action onUpdate) {
    public NewForeignKey {
      columns = List.copyOf(columns);
      referenced = List.copyOf(referenced);
    }

    /** The same, which looks into a schema where it names none. */
    public NewForeignKey in(String otherwise) {
      return schema != null
          ? this
          : new NewForeignKey(
              name, columns, otherwise, table, referenced, full, onDelete, onUpdate);
    }
  }
}
