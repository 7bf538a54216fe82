package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A table. Rows lie in the store table {@code id} under the memory-comparable form of their primary
 * key.
 *
 * @param primaryKey ordinals of the key's columns, from 0; never empty: a table that was made
 *     without a key has a hidden last column {@link #HIDDEN_KEY} that is its key
 * @param primaryKeyName empty with a hidden key
 * @param checks in the order in which they were made
 * @param layout where in a row the columns lie
 */
public record TableDef(
    int id,
    String schema,
    String name,
    List<ColumnDef> columns,
    List<Integer> primaryKey,
    String primaryKeyName,
    List<IndexDef> indexes,
    List<CheckDef> checks,
    RowLayout layout) {
  /** Name of the key column, of type UUID, of a table without a primary key; never shown. */
  public static final String HIDDEN_KEY = "$ROWID";

  public TableDef {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    indexes = List.copyOf(indexes);
    checks = List.copyOf(checks);
  }

  /** A new table. */
  public TableDef(
      int id,
      String schema,
      String name,
      List<ColumnDef> columns,
      List<Integer> primaryKey,
      String primaryKeyName,
      List<IndexDef> indexes,
      List<CheckDef> checks) {
    this(
        id,
        schema,
        name,
        columns,
        primaryKey,
        primaryKeyName,
        indexes,
        checks,
        RowLayout.dense(columns.size()));
  }

  /** A new table without CHECK constraints. */
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

  /** Whether the values of some column are made of those of its row. */
  public boolean hasGeneratedColumns() {
    return columns.stream().anyMatch(column -> column.generatedSql() != null);
  }

  public Optional<IndexDef> findIndex(String index) {
    return indexes.stream().filter(each -> each.name().equals(index)).findFirst();
  }

  /** The same table under another name. */
  public TableDef withName(String replacement) {
    return new TableDef(
        id, schema, replacement, columns, primaryKey, primaryKeyName, indexes, checks, layout);
  }

  /** The same table with another column at a place; its rows stay as they are. */
  public TableDef withColumn(int ordinal, ColumnDef replacement) {
    List<ColumnDef> others = new ArrayList<>(columns);
    others.set(ordinal, replacement);
    return new TableDef(
        id, schema, name, others, primaryKey, primaryKeyName, indexes, checks, layout);
  }

  /** Whether a column's values may be too large for their row. */
  boolean hasLargeValues() {
    return columns.stream().anyMatch(column -> column.type().name().isLarge());
  }

  /** The same table with its rows elsewhere. */
  TableDef withId(int replacement) {
    return new TableDef(
        replacement, schema, name, columns, primaryKey, primaryKeyName, indexes, checks, layout);
  }

  /** Whether a constraint or an index of it has the name. */
  boolean usesName(String given) {
    return primaryKeyName.equals(given)
        || findIndex(given).isPresent()
        || checks.stream().anyMatch(check -> check.name().equals(given));
  }

  /** The same table with other indexes. */
  public TableDef withIndexes(List<IndexDef> replacement) {
    return new TableDef(
        id, schema, name, columns, primaryKey, primaryKeyName, replacement, checks, layout);
  }

  /** The same table with other checks. */
  TableDef withChecks(List<CheckDef> replacement) {
    return new TableDef(
        id, schema, name, columns, primaryKey, primaryKeyName, indexes, replacement, layout);
  }

  /** The same table with its rows, and behind them the entries of its indexes, elsewhere. */
  TableDef at(int storeTable) {
    List<IndexDef> moved = new ArrayList<>();
    for (IndexDef index : indexes) {
      moved.add(index.at(storeTable + 1 + moved.size()));
    }
    return new TableDef(
        storeTable, schema, name, columns, primaryKey, primaryKeyName, moved, checks, layout);
  }

  /** The same table, none of whose rows was written before its columns were as they are. */
  TableDef withoutRows() {
    return new TableDef(id, schema, name, columns, primaryKey, primaryKeyName, indexes, checks);
  }

  /**
   * The same table with one more column, its last but for the hidden key.
   *
   * @param missing what rows have that are there already; null for NULL
   */
  TableDef plusColumn(ColumnDef column, @Nullable Row missing) {
    int ordinal = visibleColumns().size();
    List<ColumnDef> more = new ArrayList<>(columns);
    more.add(ordinal, column);
    return new TableDef(
        id,
        schema,
        name,
        more,
        hasHiddenKey() ? List.of(ordinal + 1) : primaryKey,
        primaryKeyName,
        indexes,
        checks,
        layout.with(ordinal, missing));
  }

  /** The same table without a column that no key and no index has. */
  TableDef minusColumn(int ordinal) {
    List<ColumnDef> fewer = new ArrayList<>(columns);
    fewer.remove(ordinal);
    return new TableDef(
        id,
        schema,
        name,
        fewer,
        withoutOrdinal(primaryKey, ordinal),
        primaryKeyName,
        indexes.stream()
            .map(index -> index.withColumns(withoutOrdinal(index.columns(), ordinal)))
            .toList(),
        checks,
        layout.without(ordinal));
  }

  private static List<Integer> withoutOrdinal(List<Integer> ordinals, int gone) {
    return ordinals.stream().map(each -> each > gone ? each - 1 : each).toList();
  }
}
