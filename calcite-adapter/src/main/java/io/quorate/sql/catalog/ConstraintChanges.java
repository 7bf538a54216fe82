package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ALTER TABLE ADD and DROP CONSTRAINT as functions of a catalog. Pure, as {@link Definitions} are:
 * whether the rows that are there satisfy what is added is another's work.
 */
final class ConstraintChanges {
  private final Catalog catalog;
  private final TableDef table;

  private ConstraintChanges(Catalog catalog, TableDef table) {
    this.catalog = catalog;
    this.table = table;
  }

  static CatalogEdit alter(Catalog catalog, TableDef table, TableChange.OfConstraint change) {
    ConstraintChanges changes = new ConstraintChanges(catalog, table);
    if (change instanceof TableChange.AddKey add) {
      return add.key().primary() ? changes.addPrimaryKey(add.key()) : changes.addUnique(add.key());
    }
    if (change instanceof TableChange.AddCheck add) {
      return changes.addCheck(add.check());
    }
    if (change instanceof TableChange.AddForeignKey add) {
      return changes.addForeignKey(add.key());
    }
    return changes.drop((TableChange.DropConstraint) change);
  }

  private CatalogEdit addCheck(NewTable.NewCheck check) {
    List<CheckDef> checks = new ArrayList<>(table.checks());
    Definitions.checkAtMost(
        checks.size() + 1, Definitions.CHECKS_MAX, "CHECK constraints", table.name());
    checks.add(new CheckDef(name(check.name(), table.name() + "_CHECK"), check.sql()));
    return edit(table.withChecks(checks), catalog.nextId());
  }

  private CatalogEdit addUnique(NewTable.NewKey key) {
    String stem = table.name() + "_" + String.join("_", key.columns()) + "_KEY";
    IndexDef index =
        new IndexDef(catalog.nextId(), name(key.name(), stem), ordinals(key.columns()), true, true);
    return edit(with(table, index), catalog.nextId() + 1);
  }

  private CatalogEdit addForeignKey(NewTable.NewForeignKey written) {
    Definitions.checkAtMost(
        table.foreignKeys().size() + 1, Definitions.FOREIGN_KEYS_MAX, "foreign keys", table.name());
    String name = name(written.name(), ForeignKeys.stem(table.name(), written));
    ForeignKeyDef key = ForeignKeys.make(catalog, table, written, name);
    List<ForeignKeyDef> keys = new ArrayList<>(table.foreignKeys());
    keys.add(key);
    TableDef changed = table.withForeignKeys(keys);
    int nextId = catalog.nextId();
    if (changed.findKeyBeginningWith(key.columns()).isEmpty()) {
      String index = Definitions.freeName(catalog, table.schema(), name + "_INDEX", Set.of(name));
      changed = with(changed, ForeignKeys.index(key, nextId++, index));
    }
    CatalogEdit edit = edit(changed, nextId);
    List<Integer> tables =
        key.table() == table.id() ? List.of(table.id()) : List.of(table.id(), key.table());
    return new CatalogEdit(edit.after(), List.of(), tables);
  }

  /**
   * Rows lie under their key, so that another key is another place for all of them: the table and
   * its indexes get new ids, and whoever carries it out copies the rows.
   */
  private CatalogEdit addPrimaryKey(NewTable.NewKey key) {
    if (!table.hasHiddenKey()) {
      throw new SqlFailure(
          State.INVALID_TABLE,
          "table "
              + Definitions.named(table.schema(), table.name())
              + " has the primary key \""
              + table.primaryKeyName()
              + "\" already");
    }
    List<Integer> ordinals = ordinals(key.columns());
    List<ColumnDef> columns = new ArrayList<>(table.visibleColumns());
    ordinals.forEach(ordinal -> columns.set(ordinal, columns.get(ordinal).notNull()));
    int nextId = catalog.nextId();
    int id = nextId++;
    List<IndexDef> indexes = new ArrayList<>();
    for (IndexDef each : table.indexes()) {
      indexes.add(
          new IndexDef(nextId++, each.name(), each.columns(), each.unique(), each.constraint()));
    }
    TableDef copy =
        new TableDef(
            id,
            table.schema(),
            table.name(),
            columns,
            ordinals,
            name(key.name(), table.name() + "_PKEY"),
            indexes,
            table.checks(),
            table.foreignKeys());
    Map<Integer, TableDef> changed = new LinkedHashMap<>();
    changed.put(table.id(), copy);
    for (Catalog.Referrer referrer : catalog.foreignKeysTo(table.id())) {
      int at = referrer.table().id();
      changed.put(at, referringTo(changed.getOrDefault(at, referrer.table()), table.id(), id));
    }
    return new CatalogEdit(
        Definitions.withTables(catalog, changed.values(), nextId),
        Definitions.rowTables(table),
        List.copyOf(changed.keySet()));
  }

  private static TableDef referringTo(TableDef referring, int before, int after) {
    return referring.withForeignKeys(
        referring.foreignKeys().stream()
            .map(
                key ->
                    key.table() != before
                        ? key
                        : new ForeignKeyDef(
                            key.name(),
                            key.columns(),
                            after,
                            key.referenced(),
                            key.full(),
                            key.onDelete(),
                            key.onUpdate()))
            .toList());
  }

  private CatalogEdit drop(TableChange.DropConstraint drop) {
    String name = drop.name();
    if (table.foreignKeys().stream().anyMatch(key -> key.name().equals(name))) {
      return dropped(ForeignKeys.without(table, key -> key.name().equals(name)), List.of());
    }
    if (table.checks().stream().anyMatch(check -> check.name().equals(name))) {
      return dropped(
          table.withChecks(
              table.checks().stream().filter(check -> !check.name().equals(name)).toList()),
          List.of());
    }
    if (!table.hasHiddenKey() && table.primaryKeyName().equals(name)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "the primary key \""
              + name
              + "\" cannot be dropped: rows lie under it; make another table without it");
    }
    Optional<IndexDef> unique =
        table.findIndex(name).filter(index -> index.constraint() && index.unique());
    if (unique.isPresent()) {
      return dropUnique(unique.get(), drop.cascade());
    }
    throw new SqlFailure(
        State.OBJECT_NOT_FOUND,
        "constraint \""
            + name
            + "\" of table "
            + Definitions.named(table.schema(), table.name())
            + " not found");
  }

  private CatalogEdit dropUnique(IndexDef index, boolean cascade) {
    List<Catalog.Referrer> referrers = ForeignKeys.referrersThatLose(catalog, table, index);
    if (!referrers.isEmpty() && !cascade) {
      throw ForeignKeys.inTheWay("constraint", "\"" + index.name() + "\"", referrers);
    }
    TableDef own = table;
    Map<Integer, TableDef> others = new LinkedHashMap<>();
    for (Catalog.Referrer referrer : referrers) {
      int id = referrer.table().id();
      TableDef before = id == own.id() ? own : others.getOrDefault(id, referrer.table());
      TableDef rest = ForeignKeys.without(before, key -> key.equals(referrer.key()));
      if (id == own.id()) {
        own = rest;
      } else {
        others.put(id, rest);
      }
    }
    ForeignKeys.checkServesNone(own, index);
    List<IndexDef> indexes = new ArrayList<>(own.indexes());
    indexes.remove(index);
    return dropped(own.withIndexes(indexes), List.copyOf(others.values()));
  }

  /** What no definition names any more is cleared. */
  private CatalogEdit dropped(TableDef own, List<TableDef> others) {
    List<TableDef> changed = new ArrayList<>(others);
    changed.add(own);
    List<Integer> cleared = new ArrayList<>();
    for (TableDef after : changed) {
      cleared.addAll(Definitions.storeTables(catalog.find(after.id()).orElseThrow()));
      cleared.removeAll(Definitions.storeTables(after));
    }
    return new CatalogEdit(
        Definitions.withTables(catalog, changed, catalog.nextId()),
        cleared,
        changed.stream().map(TableDef::id).toList());
  }

  private CatalogEdit edit(TableDef changed, int nextId) {
    return new CatalogEdit(
        Definitions.withTables(catalog, List.of(changed), nextId), List.of(), List.of(table.id()));
  }

  private static TableDef with(TableDef table, IndexDef index) {
    List<IndexDef> indexes = new ArrayList<>(table.indexes());
    Definitions.checkAtMost(indexes.size() + 1, Definitions.INDEXES_MAX, "indexes", table.name());
    indexes.add(index);
    return table.withIndexes(indexes);
  }

  private List<Integer> ordinals(List<String> columns) {
    return Definitions.ordinals(table.name(), table.visibleColumns(), columns);
  }

  private String name(@Nullable String given, String stem) {
    return Definitions.nameOr(given, stem, catalog, table.schema(), Set.of());
  }
}
