package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * @param foreignKeys those of its own rows, in the order in which they were made
 * @param layout where in a row the columns lie
 * @param building an index that whoever writes keeps, and that nobody reads yet, because the rows
 *     that were there before it have no entries
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
    List<ForeignKeyDef> foreignKeys,
    RowLayout layout,
    @Nullable IndexDef building) {
  /** Name of the key column, of type UUID, of a table without a primary key; never shown. */
  public static final String HIDDEN_KEY = "$ROWID";

  public TableDef {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    indexes = List.copyOf(indexes);
    checks = List.copyOf(checks);
    foreignKeys = List.copyOf(foreignKeys);
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
      List<CheckDef> checks,
      List<ForeignKeyDef> foreignKeys) {
    this(
        id,
        schema,
        name,
        columns,
        primaryKey,
        primaryKeyName,
        indexes,
        checks,
        foreignKeys,
        RowLayout.dense(columns.size()),
        null);
  }

  /** A new table without foreign keys. */
  public TableDef(
      int id,
      String schema,
      String name,
      List<ColumnDef> columns,
      List<Integer> primaryKey,
      String primaryKeyName,
      List<IndexDef> indexes,
      List<CheckDef> checks) {
    this(id, schema, name, columns, primaryKey, primaryKeyName, indexes, checks, List.of());
  }

  /** A new table with neither CHECK constraints nor foreign keys. */
  public TableDef(
      int id,
      String schema,
      String name,
      List<ColumnDef> columns,
      List<Integer> primaryKey,
      String primaryKeyName,
      List<IndexDef> indexes) {
    this(id, schema, name, columns, primaryKey, primaryKeyName, indexes, List.of(), List.of());
  }

  /**
   * What finds rows by some of their columns: the primary key, or an index.
   *
   * @param store the store table of its entries
   * @param index its place among the indexes; -1 for the primary key
   */
  public record Key(int store, String name, List<Integer> columns, int index) {}

  private List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    keys.add(new Key(id, primaryKeyName, primaryKey, -1));
    for (IndexDef index : indexes) {
      keys.add(new Key(index.id(), index.name(), index.columns(), keys.size() - 1));
    }
    return keys;
  }

  /** The key that says that no two rows have the same in these columns, whatever their order. */
  public Optional<Key> findUniqueKey(List<Integer> key) {
    return keys().stream()
        .filter(each -> each.index < 0 || indexes.get(each.index).unique())
        .filter(each -> each.columns.size() == key.size() && each.columns.containsAll(key))
        .findFirst();
  }

  /** The key whose first columns are these, whatever their order. */
  public Optional<Key> findKeyBeginningWith(List<Integer> first) {
    return keys().stream()
        .filter(each -> each.columns.size() >= first.size())
        .filter(each -> first.containsAll(each.columns.subList(0, first.size())))
        .findFirst();
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
    Copy copy = new Copy(this);
    copy.name = replacement;
    return copy.made();
  }

  /** The same table in a schema of another name. */
  TableDef withSchema(String replacement) {
    Copy copy = new Copy(this);
    copy.schema = replacement;
    return copy.made();
  }

  /** The same table with another column at a place; its rows stay as they are. */
  public TableDef withColumn(int ordinal, ColumnDef replacement) {
    List<ColumnDef> others = new ArrayList<>(columns);
    others.set(ordinal, replacement);
    return withColumns(others);
  }

  /** Whether a column's values may be too large for their row. */
  boolean hasLargeValues() {
    return columns.stream().anyMatch(column -> column.type().name().isLarge());
  }

  /** The same table with its rows elsewhere. */
  TableDef withId(int replacement) {
    List<ForeignKeyDef> keys =
        foreignKeys.stream()
            .map(key -> key.table() == id ? key.to(replacement, key.referenced()) : key)
            .toList();
    Copy copy = new Copy(this);
    copy.id = replacement;
    copy.foreignKeys = keys;
    return copy.made();
  }

  /** Whether a constraint or an index of it, be it one that is being built, has the name. */
  boolean usesName(String given) {
    return hasConstraint(given)
        || findIndex(given).isPresent()
        || (building != null && building.name().equals(given));
  }

  /** Whether a constraint of it has the name. */
  public boolean hasConstraint(String given) {
    return primaryKeyName.equals(given)
        || findIndex(given).filter(index -> index.constraint() && index.unique()).isPresent()
        || checks.stream().anyMatch(check -> check.name().equals(given))
        || foreignKeys.stream().anyMatch(key -> key.name().equals(given));
  }

  /** The same table with other indexes. */
  public TableDef withIndexes(List<IndexDef> replacement) {
    Copy copy = new Copy(this);
    copy.indexes = replacement;
    return copy.made();
  }

  /** The same table with an index that its writers keep from now on. */
  TableDef plusBuilding(IndexDef index) {
    Copy copy = new Copy(this);
    copy.building = index;
    return copy.made();
  }

  /** The same table without the index that is being built. */
  TableDef minusBuilding() {
    Copy copy = new Copy(this);
    copy.building = null;
    return copy.made();
  }

  /** The same table, whose index is built. */
  public TableDef withBuilt() {
    return minusBuilding().plusIndex(Objects.requireNonNull(building));
  }

  /** The same table with one more index, its last. */
  TableDef plusIndex(IndexDef index) {
    List<IndexDef> more = new ArrayList<>(indexes);
    Definitions.checkAtMost(more.size() + 1, Definitions.INDEXES_MAX, "indexes", name);
    more.add(index);
    return withIndexes(more);
  }

  /** The same table with one index less. */
  TableDef minusIndex(IndexDef index) {
    List<IndexDef> fewer = new ArrayList<>(indexes);
    fewer.remove(index);
    return withIndexes(fewer);
  }

  /** The same table with as many other columns; its rows stay as they are. */
  TableDef withColumns(List<ColumnDef> replacement) {
    Copy copy = new Copy(this);
    copy.columns = replacement;
    return copy.made();
  }

  /** The same table with other CHECK constraints. */
  TableDef withChecks(List<CheckDef> replacement) {
    Copy copy = new Copy(this);
    copy.checks = replacement;
    return copy.made();
  }

  /** The same table with other foreign keys. */
  TableDef withForeignKeys(List<ForeignKeyDef> replacement) {
    Copy copy = new Copy(this);
    copy.foreignKeys = replacement;
    return copy.made();
  }

  /** The same table with its rows, and behind them the entries of its indexes, elsewhere. */
  TableDef at(int storeTable) {
    List<IndexDef> moved = new ArrayList<>();
    for (IndexDef index : indexes) {
      moved.add(index.at(storeTable + 1 + moved.size()));
    }
    Copy copy = new Copy(this);
    copy.id = storeTable;
    copy.indexes = moved;
    return copy.made();
  }

  /** The same table, none of whose rows was written before its columns were as they are. */
  TableDef withoutRows() {
    return new TableDef(
        id, schema, name, columns, primaryKey, primaryKeyName, indexes, checks, foreignKeys);
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
    Copy copy = new Copy(this);
    copy.columns = more;
    copy.primaryKey = hasHiddenKey() ? List.of(ordinal + 1) : primaryKey;
    copy.layout = layout.with(ordinal, missing);
    return copy.made();
  }

  /**
   * The same table without a column that no key and no index has. What others, or its own rows,
   * refer to is another's work.
   */
  TableDef minusColumn(int ordinal) {
    List<ColumnDef> fewer = new ArrayList<>(columns);
    fewer.remove(ordinal);
    Copy copy = new Copy(this);
    copy.columns = fewer;
    copy.primaryKey = withoutOrdinal(primaryKey, ordinal);
    copy.indexes =
        indexes.stream()
            .map(index -> index.withColumns(withoutOrdinal(index.columns(), ordinal)))
            .toList();
    copy.foreignKeys =
        foreignKeys.stream()
            .map(key -> key.withColumns(withoutOrdinal(key.columns(), ordinal)))
            .toList();
    copy.layout = layout.without(ordinal);
    return copy.made();
  }

  /** Ordinals as they are when a column before or between them is gone. */
  static List<Integer> withoutOrdinal(List<Integer> ordinals, int gone) {
    return ordinals.stream().map(each -> each > gone ? each - 1 : each).toList();
  }

  /** A table in which some parts are about to be others; what is not named stays. */
  private static final class Copy {
    int id;
    String schema;
    String name;
    List<ColumnDef> columns;
    List<Integer> primaryKey;
    final String primaryKeyName;
    List<IndexDef> indexes;
    List<CheckDef> checks;
    List<ForeignKeyDef> foreignKeys;
    RowLayout layout;
    @Nullable IndexDef building;

    Copy(TableDef table) {
      id = table.id;
      schema = table.schema;
      name = table.name;
      columns = table.columns;
      primaryKey = table.primaryKey;
      primaryKeyName = table.primaryKeyName;
      indexes = table.indexes;
      checks = table.checks;
      foreignKeys = table.foreignKeys;
      layout = table.layout;
      building = table.building;
    }

    TableDef made() {
      return new TableDef(
          id,
          schema,
          name,
          columns,
          primaryKey,
          primaryKeyName,
          indexes,
          checks,
          foreignKeys,
          layout,
          building);
    }
  }
}
