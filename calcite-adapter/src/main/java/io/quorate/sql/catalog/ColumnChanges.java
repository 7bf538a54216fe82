package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Columns that come and go, as functions of a catalog. Pure, as {@link Definitions} are; rows stay
 * as they are, see {@link RowLayout}.
 */
public final class ColumnChanges {
  private ColumnChanges() {}

  /**
   * ALTER TABLE ADD COLUMN. The indexes of its UNIQUE constraints are the table's last, and their
   * entries another's work; so are the rows of a table that gets a generated column, and other ids
   * for it.
   *
   * @param missing what the rows have that are there already; null for NULL
   */
  public static CatalogEdit add(
      Catalog catalog,
      String schema,
      String name,
      TableChange.AddColumn change,
      @Nullable Row missing) {
    Definitions.checkSchema(catalog, schema);
    TableDef table = Definitions.require(catalog, schema, name);
    ColumnDef column = change.column();
    checkNew(table, column.name());
    column.checkGenerated();
    if (column.type().name().isLarge() && column.defaultSql() != null) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "column \""
              + column.name()
              + "\", of type "
              + column.type()
              + ", cannot be added with a DEFAULT; add it, UPDATE, and SET DEFAULT");
    }
    int firstId = catalog.nextId();
    IdentityDef identity = column.identity();
    if (identity != null) {
      identity.check(column);
      if (table.findIdentity().isPresent()) {
        throw new SqlFailure(
            State.SYNTAX_ERROR, "table \"" + name + "\" is given two identity columns");
      }
      column = column.notNull().withIdentity(identity.at(firstId++));
    }
    TableDef after = table.plusColumn(column, missing);
    Set<String> taken = new HashSet<>();
    after = withKeys(catalog, after, change, taken, firstId);
    after = withChecks(catalog, after, change, taken);
    if (column.generatedSql() != null) {
      checkWithoutKey(change);
      return TypeChanges.rewritten(catalog, table, after);
    }
    int indexes = table.indexes().size();
    for (NewTable.NewForeignKey key : change.foreignKeys()) {
      int indexId = firstId + after.indexes().size() - indexes;
      after = ForeignKeys.plus(catalog, after, key, taken, indexId);
    }
    return new CatalogEdit(
        Definitions.withTableInPlaceOf(
            catalog, table, after, firstId + after.indexes().size() - indexes),
        List.of(),
        withReferred(after, after.findColumn(column.name()).orElseThrow()));
  }

  private static void checkWithoutKey(TableChange.AddColumn change) {
    if (!change.keys().isEmpty() || !change.foreignKeys().isEmpty()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "generated column \""
              + change.column().name()
              + "\" can neither be UNIQUE nor REFERENCES another while it is added; CREATE UNIQUE"
              + " INDEX or ADD FOREIGN KEY behind");
    }
  }

  /** The table, and those that the new column refers to: rows of theirs are bound from now on. */
  private static List<Integer> withReferred(TableDef table, int ordinal) {
    Set<Integer> tables = new LinkedHashSet<>(List.of(table.id()));
    for (ForeignKeyDef key : table.foreignKeys()) {
      if (key.columns().contains(ordinal)) {
        if (key.table() == table.id() && key.referenced().contains(ordinal)) {
          throw new SqlFailure(
              State.NOT_SUPPORTED,
              "column \""
                  + table.columns().get(ordinal).name()
                  + "\" cannot refer to itself while it is added; ADD FOREIGN KEY behind");
        }
        tables.add(key.table());
      }
    }
    return List.copyOf(tables);
  }

  private static void checkNew(TableDef table, String column) {
    if (table.findColumn(column).isPresent() || column.equals(TableDef.HIDDEN_KEY)) {
      throw new SqlFailure(
          State.DUPLICATE_COLUMN,
          "column \"" + column + "\" of table \"" + table.name() + "\" exists already");
    }
    Definitions.checkAtMost(
        table.visibleColumns().size() + 1, Definitions.COLUMNS_MAX, "columns", table.name());
    Definitions.checkAtMost(
        table.layout().nextSlot() + 1,
        Definitions.SLOTS_MAX,
        "columns that are there or were, until it is truncated,",
        table.name());
  }

  private static TableDef withKeys(
      Catalog catalog,
      TableDef table,
      TableChange.AddColumn change,
      Set<String> taken,
      int firstId) {
    List<IndexDef> indexes = new ArrayList<>(table.indexes());
    for (NewTable.NewKey key : change.keys()) {
      if (key.primary()) {
        throw new SqlFailure(
            State.NOT_SUPPORTED,
            "a column that is added cannot be the primary key of table \""
                + table.name()
                + "\", whose rows lie by the key they have; make it UNIQUE NOT NULL");
      }
      String stem = table.name() + "_" + change.column().name() + "_KEY";
      indexes.add(
          new IndexDef(
              firstId + indexes.size() - table.indexes().size(),
              take(key.name(), stem, catalog, table, taken),
              Definitions.ordinals(table.name(), table.visibleColumns(), key.columns()),
              true,
              true));
    }
    Definitions.checkAtMost(indexes.size(), Definitions.INDEXES_MAX, "indexes", table.name());
    return table.withIndexes(indexes);
  }

  private static TableDef withChecks(
      Catalog catalog, TableDef table, TableChange.AddColumn change, Set<String> taken) {
    List<CheckDef> checks = new ArrayList<>(table.checks());
    for (NewTable.NewCheck check : change.checks()) {
      String stem = table.name() + "_" + change.column().name() + "_CHECK";
      checks.add(new CheckDef(take(check.name(), stem, catalog, table, taken), check.sql()));
    }
    Definitions.checkAtMost(
        checks.size(), Definitions.CHECKS_MAX, "CHECK constraints", table.name());
    return table.withChecks(checks);
  }

  private static String take(
      @Nullable String given, String stem, Catalog catalog, TableDef table, Set<String> taken) {
    String name = Definitions.nameOr(given, stem, catalog, table.schema(), taken);
    taken.add(name);
    return name;
  }

  /**
   * ALTER TABLE DROP COLUMN.
   *
   * @param names of the columns in the text of an expression
   */
  static CatalogEdit drop(
      Catalog catalog,
      TableDef table,
      TableChange.DropColumn change,
      Function<String, Set<String>> names) {
    int ordinal = TableChanges.requireColumn(table, change.column());
    if (table.primaryKey().contains(ordinal)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "column \""
              + change.column()
              + "\" is in the primary key of table \""
              + table.name()
              + "\", by which its rows lie; make a table without it");
    }
    if (table.visibleColumns().size() == 1) {
      throw new SqlFailure(
          State.INVALID_TABLE,
          "column \"" + change.column() + "\" is the only one of table \"" + table.name() + "\"");
    }
    List<Catalog.Referrer> foreignKeys = ForeignKeys.ofColumn(catalog, table, ordinal);
    List<CheckDef> checks = new ArrayList<>(table.checks());
    checks.removeIf(check -> !names.apply(check.sql()).contains(change.column()));
    List<ColumnDef> generated = TableChanges.generatedFrom(table, change.column(), names);
    if (!change.cascade()) {
      checkUnused(table, ordinal, checks, generated, foreignKeys);
    }
    if (!generated.isEmpty()) {
      return withGenerated(catalog, table, change, generated.get(0).name(), names);
    }
    Map<Integer, TableDef> changed = ForeignKeys.without(table, foreignKeys);
    TableDef own = Objects.requireNonNull(changed.get(table.id()));
    for (IndexDef index : own.indexes()) {
      if (index.columns().contains(ordinal)) {
        ForeignKeys.checkServesNone(own, index);
        own = own.minusIndex(index);
      }
    }
    own = own.withChecks(without(table.checks(), checks)).minusColumn(ordinal);
    changed.put(own.id(), own);
    ForeignKeys.follow(
        catalog,
        table,
        changed,
        key -> key.to(table.id(), TableDef.withoutOrdinal(key.referenced(), ordinal)));
    return Definitions.reduced(catalog, changed.values());
  }

  /** First a column that is made of it, by itself, and then the column. */
  private static CatalogEdit withGenerated(
      Catalog catalog,
      TableDef table,
      TableChange.DropColumn change,
      String generated,
      Function<String, Set<String>> names) {
    CatalogEdit first =
        drop(catalog, table, new TableChange.DropColumn(generated, false, true), names);
    TableDef between = Definitions.require(first.after(), table.schema(), table.name());
    CatalogEdit second = drop(first.after(), between, change, names);
    List<Integer> cleared = new ArrayList<>(first.clearedTables());
    cleared.addAll(second.clearedTables());
    Set<Integer> tables = new LinkedHashSet<>(first.tables());
    tables.addAll(second.tables());
    return new CatalogEdit(second.after().at(catalog.version() + 1), cleared, List.copyOf(tables));
  }

  private static void checkUnused(
      TableDef table,
      int ordinal,
      List<CheckDef> checks,
      List<ColumnDef> generated,
      List<Catalog.Referrer> foreignKeys) {
    List<String> users = new ArrayList<>();
    table.indexes().stream()
        .filter(index -> index.columns().contains(ordinal) && !ForeignKeys.isForForeignKeys(index))
        .forEach(index -> users.add("index \"" + index.name() + "\""));
    checks.forEach(check -> users.add("check constraint \"" + check.name() + "\""));
    generated.forEach(user -> users.add("generated column \"" + user.name() + "\""));
    foreignKeys.forEach(key -> users.add(ForeignKeys.named(key)));
    if (!users.isEmpty()) {
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          "column \""
              + table.columns().get(ordinal).name()
              + "\" of table \""
              + table.name()
              + "\" is used by "
              + String.join(", ", users)
              + "; CASCADE drops them too");
    }
  }

  private static <T> List<T> without(List<T> all, List<T> some) {
    List<T> rest = new ArrayList<>(all);
    rest.removeAll(some);
    return rest;
  }
}
