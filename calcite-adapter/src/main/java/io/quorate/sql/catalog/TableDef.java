package io.quorate.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A table. Rows lie in the store table {@code id} under the memory-comparable form of their primary
 * key.
 *
 * @param primaryKey ordinals of the key's columns, from 0; never empty: a table that was made
 *     without a key has a hidden last column {@link #HIDDEN_KEY} that is its key
 * @param primaryKeyName empty with a hidden key
 * @param checks in the order in which they were made
 */
public record TableDef(
    int id,
    String schema,
    String name,
    List<ColumnDef> columns,
    List<Integer> primaryKey,
    String primaryKeyName,
    List<IndexDef> indexes,
    List<CheckDef> checks) {
  /** Name of the key column, of type UUID, of a table without a primary key; never shown. */
  public static final String HIDDEN_KEY = "$ROWID";

  public TableDef {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    indexes = List.copyOf(indexes);
    checks = List.copyOf(checks);
  }

  /** A table without CHECK constraints. */
  public TableDef(
      int id,
      String schema,
      String name,
      List<ColumnDef> columns,
      List<Integer> primaryKey,
      String primaryKeyName,
      List<IndexDef> indexes) {
    this(id, schema, name, columns, primaryKey, primaryKeyName, indexes, List.of());
  }

  /** Whether the last column is the hidden key. */
  public boolean hasHiddenKey() {
    return columns.get(columns.size() - 1).name().equals(HIDDEN_KEY);
  }

  /** The columns that statements see. */
  public List<ColumnDef> visibleColumns() {
    return hasHiddenKey() ? columns.subList(0, columns.size() - 1) : columns;
  }

  /** The ordinal of a column, hidden ones included. */
  public OptionalInt findColumn(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** The ordinal of the identity column; a table has one at most. */
  public OptionalInt findIdentity() {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).identity() != null) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  public Optional<IndexDef> findIndex(String index) {
    return indexes.stream().filter(each -> each.name().equals(index)).findFirst();
  }

  /** The same table under another name. */
  public TableDef withName(String replacement) {
    return new TableDef(
        id, schema, replacement, columns, primaryKey, primaryKeyName, indexes, checks);
  }

  /** The same table with another column at a place; its rows stay as they are. */
  public TableDef withColumn(int ordinal, ColumnDef replacement) {
    List<ColumnDef> others = new ArrayList<>(columns);
    others.set(ordinal, replacement);
    return new TableDef(id, schema, name, others, primaryKey, primaryKeyName, indexes, checks);
  }

  /** Whether a column's values may be too large for their row. */
  boolean hasLargeValues() {
    return columns.stream().anyMatch(column -> column.type().name().isLarge());
  }

  /** The same table with its rows elsewhere. */
  TableDef withId(int replacement) {
    return new TableDef(
        replacement, schema, name, columns, primaryKey, primaryKeyName, indexes, checks);
  }

  /** Whether a constraint or an index of it has the name. */
  boolean usesName(String given) {
    return primaryKeyName.equals(given)
        || findIndex(given).isPresent()
        || checks.stream().anyMatch(check -> check.name().equals(given));
  }

  /** The same table with other indexes. */
  public TableDef withIndexes(List<IndexDef> replacement) {
    return new TableDef(id, schema, name, columns, primaryKey, primaryKeyName, replacement, checks);
  }
}
