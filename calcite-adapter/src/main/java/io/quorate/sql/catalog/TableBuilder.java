package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives a new table its ids, its key and the indexes of its constraints. Confined. */
final class TableBuilder {
  private final Catalog catalog;
  private final NewTable table;
  private final Set<String> namesTaken = new HashSet<>();

  TableBuilder(Catalog catalog, NewTable table) {
    this.catalog = catalog;
    this.table = table;
  }

  TableDef build() {
    checkColumns();
    NewTable.NewKey primary = primaryKey();
    List<Integer> key;
    String keyName;
    List<ColumnDef> columns = new ArrayList<>(table.columns());
    if (primary == null) {
      key = List.of(columns.size());
      keyName = "";
      columns.add(new ColumnDef(TableDef.HIDDEN_KEY, SqlType.of(SqlType.Name.UUID), false, null));
    } else {
      key = Definitions.ordinals(table.name(), columns, primary.columns());
      keyName = take(primary.name(), table.name() + "_PKEY");
      key.forEach(ordinal -> columns.set(ordinal, columns.get(ordinal).notNull()));
    }
    List<IndexDef> constraints = constraints();
    TableDef built =
        withForeignKeys(
            new TableDef(
                catalog.nextId(),
                table.schema(),
                table.name(),
                columns,
                key,
                keyName,
                constraints,
                checks(),
                List.of()));
    placeIdentity(columns, catalog.nextId() + 1 + built.indexes().size());
    return built.withColumns(columns);
  }

  /** Each with an index of its own unless another begins with its columns. */
  private TableDef withForeignKeys(TableDef base) {
    TableDef built = base;
    for (NewTable.NewForeignKey each : table.foreignKeys()) {
      int indexId = catalog.nextId() + 1 + built.indexes().size();
      built = ForeignKeys.plus(catalog, built, each, namesTaken, indexId);
    }
    Definitions.checkAtMost(
        built.indexes().size(), Definitions.INDEXES_MAX, "indexes", table.name());
    return built;
  }

  /** The counter of the identity column gets the id behind those of the indexes. */
  private void placeIdentity(List<ColumnDef> columns, int counter) {
    boolean found = false;
    for (int i = 0; i < columns.size(); i++) {
      ColumnDef column = columns.get(i);
      IdentityDef identity = column.identity();
      if (identity != null) {
        identity.check(column);
        if (found) {
          throw new SqlFailure(
              State.SYNTAX_ERROR, "table \"" + table.name() + "\" is given two identity columns");
        }
        found = true;
        columns.set(i, column.notNull().withIdentity(identity.at(counter)));
      }
    }
  }

  private void checkColumns() {
    Definitions.checkAtMost(
        table.columns().size(), Definitions.COLUMNS_MAX, "columns", table.name());
    Set<String> names = new HashSet<>();
    for (ColumnDef column : table.columns()) {
      column.checkGenerated();
      if (column.name().equals(TableDef.HIDDEN_KEY)) {
        throw new SqlFailure(
            State.DUPLICATE_COLUMN, "the name " + TableDef.HIDDEN_KEY + " is the system's own");
      }
      if (!names.add(column.name())) {
        throw new SqlFailure(
            State.DUPLICATE_COLUMN,
            "column \"" + column.name() + "\" is twice in table \"" + table.name() + "\"");
      }
    }
  }

  private NewTable.@Nullable NewKey primaryKey() {
    List<NewTable.NewKey> primary = table.keys().stream().filter(NewTable.NewKey::primary).toList();
    if (primary.size() > 1) {
      throw new SqlFailure(
          State.SYNTAX_ERROR, "table \"" + table.name() + "\" is given two primary keys");
    }
    return primary.isEmpty() ? null : primary.get(0);
  }

  private List<IndexDef> constraints() {
    List<IndexDef> indexes = new ArrayList<>();
    for (NewTable.NewKey key : table.keys()) {
      if (key.primary()) {
        continue;
      }
      String stem = table.name() + "_" + String.join("_", key.columns()) + "_KEY";
      indexes.add(
          new IndexDef(
              catalog.nextId() + 1 + indexes.size(),
              take(key.name(), stem),
              Definitions.ordinals(table.name(), table.columns(), key.columns()),
              true,
              true));
    }
    return indexes;
  }

  private List<CheckDef> checks() {
    Definitions.checkAtMost(
        table.checks().size(), Definitions.CHECKS_MAX, "CHECK constraints", table.name());
    List<CheckDef> checks = new ArrayList<>();
    for (NewTable.NewCheck check : table.checks()) {
      String of = check.column() == null ? table.name() : table.name() + "_" + check.column();
      checks.add(new CheckDef(take(check.name(), of + "_CHECK"), check.sql()));
    }
    return checks;
  }

  private String take(@Nullable String given, String stem) {
    String name = Definitions.nameOr(given, stem, catalog, table.schema(), namesTaken);
    namesTaken.add(name);
    return name;
  }
}
