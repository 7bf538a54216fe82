package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    return edit(table.plusIndex(index), catalog.nextId() + 1);
  }

  private CatalogEdit addForeignKey(NewTable.NewForeignKey written) {
    int nextId = catalog.nextId();
    TableDef changed = ForeignKeys.plus(catalog, table, written, new HashSet<>(), nextId);
    CatalogEdit edit = edit(changed, nextId + changed.indexes().size() - table.indexes().size());
    int to = changed.foreignKeys().get(changed.foreignKeys().size() - 1).table();
    return new CatalogEdit(
        edit.after(), List.of(), to == table.id() ? List.of(to) : List.of(table.id(), to));
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
    TypeChanges.checkMovable(table);
    List<Integer> ordinals = ordinals(key.columns());
    List<ColumnDef> columns = new ArrayList<>(table.visibleColumns());
    ordinals.forEach(ordinal -> columns.set(ordinal, columns.get(ordinal).notNull()));
    int nextId = catalog.nextId();
    int id = nextId++;
    List<IndexDef> indexes = new ArrayList<>();
    for (IndexDef each : table.indexes()) {
      indexes.add(each.at(nextId++));
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
    ForeignKeys.follow(catalog, table, changed, foreign -> foreign.to(id, foreign.referenced()));
    return new CatalogEdit(
        Definitions.withTables(catalog, changed.values(), nextId),
        Definitions.rowTables(table),
        List.copyOf(changed.keySet()));
  }

  private CatalogEdit drop(TableChange.DropConstraint drop) {
    String name = drop.name();
    if (table.foreignKeys().stream().anyMatch(key -> key.name().equals(name))) {
      return reduced(ForeignKeys.without(table, key -> key.name().equals(name)));
    }
    if (table.checks().stream().anyMatch(check -> check.name().equals(name))) {
      return reduced(
          table.withChecks(
              table.checks().stream().filter(check -> !check.name().equals(name)).toList()));
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
    Map<Integer, TableDef> changed = ForeignKeys.without(table, referrers);
    TableDef own = Objects.requireNonNull(changed.get(table.id()));
    ForeignKeys.checkServesNone(own, index);
    changed.put(own.id(), own.minusIndex(index));
    return Definitions.reduced(catalog, changed.values());
  }

  private CatalogEdit reduced(TableDef changed) {
    return Definitions.reduced(catalog, List.of(changed));
  }

  private CatalogEdit edit(TableDef changed, int nextId) {
    return new CatalogEdit(
        Definitions.withTables(catalog, List.of(changed), nextId), List.of(), List.of(table.id()));
  }

  private List<Integer> ordinals(List<String> columns) {
    return Definitions.ordinals(table.name(), table.visibleColumns(), columns);
  }

  private String name(@Nullable String given, String stem) {
    return Definitions.nameOr(given, stem, catalog, table.schema(), Set.of());
  }
}
