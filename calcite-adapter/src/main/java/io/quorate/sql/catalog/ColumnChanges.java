package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
    int nextId = catalog.nextId();
    IdentityDef identity = column.identity();
    if (identity != null) {
      identity.check(column);
      if (table.findIdentity().isPresent()) {
        throw new SqlFailure(
            State.SYNTAX_ERROR, "table \"" + name + "\" is given two identity columns");
      }
      column = column.notNull().withIdentity(identity.at(nextId++));
    }
    TableDef after = table.plusColumn(column, missing);
    Set<String> taken = new HashSet<>();
    after = withKeys(catalog, after, change, taken, nextId);
    nextId += change.keys().size();
    after = withChecks(catalog, after, change, taken);
    if (column.generatedSql() != null) {
      checkWithoutKey(change);
      return TypeChanges.rewritten(catalog, table, after);
    }
    return new CatalogEdit(
        Definitions.withTableInPlaceOf(catalog, table, after, nextId),
        List.of(),
        List.of(table.id()));
  }

  private static void checkWithoutKey(TableChange.AddColumn change) {
    if (!change.keys().isEmpty()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "generated column \""
              + change.column().name()
              + "\" cannot be UNIQUE while it is added; CREATE UNIQUE INDEX behind");
    }
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
    List<IndexDef> indexes = new ArrayList<>(table.indexes());
    indexes.removeIf(index -> !index.columns().contains(ordinal));
    List<CheckDef> checks = new ArrayList<>(table.checks());
    checks.removeIf(check -> !names.apply(check.sql()).contains(change.column()));
    List<ColumnDef> generated = TableChanges.generatedFrom(table, change.column(), names);
    if (!change.cascade()) {
      checkUnused(table, change.column(), indexes, checks, generated);
    }
    if (!generated.isEmpty()) {
      return withGenerated(catalog, table, change, generated.get(0).name(), names);
    }
    List<Integer> cleared = new ArrayList<>(indexes.stream().map(IndexDef::id).toList());
    IdentityDef identity = table.columns().get(ordinal).identity();
    if (identity != null) {
      cleared.add(identity.counter());
    }
    TableDef after =
        table
            .withIndexes(without(table.indexes(), indexes))
            .withChecks(without(table.checks(), checks))
            .minusColumn(ordinal);
    return new CatalogEdit(
        Definitions.withTableInPlaceOf(catalog, table, after), cleared, List.of(table.id()));
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
    return new CatalogEdit(second.after().at(catalog.version() + 1), cleared, List.of(table.id()));
  }

  private static void checkUnused(
      TableDef table,
      String column,
      List<IndexDef> indexes,
      List<CheckDef> checks,
      List<ColumnDef> generated) {
    List<String> users = new ArrayList<>();
    indexes.forEach(index -> users.add("index \"" + index.name() + "\""));
    checks.forEach(check -> users.add("check constraint \"" + check.name() + "\""));
    generated.forEach(user -> users.add("generated column \"" + user.name() + "\""));
    if (!users.isEmpty()) {
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          "column \""
              + column
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
