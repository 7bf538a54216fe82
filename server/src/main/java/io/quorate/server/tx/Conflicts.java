package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** Tells whether what a statement saw still stands. Pure functions. */
final class Conflicts {
  private Conflicts() {}

  /** The first change whose key shows something else in {@code newest} than the statement saw. */
  static Optional<StoreChange> find(List<StoreChange> changes, ReadView newest) {
    for (StoreChange change : changes) {
      Optional<Row> now = newest.find(change.table(), change.key());
      if (!now.equals(Optional.ofNullable(change.seen()))) {
        return Optional.of(change);
      }
    }
    return Optional.empty();
  }

  /** Whether the tables and sequences are defined the same in both catalogs. */
  static boolean sameDefinitions(Catalog one, Catalog other, List<Integer> ids) {
    if (one.version() == other.version()) {
      return true;
    }
    for (int id : ids) {
      Optional<?> before = definition(one, id);
      if (before.isEmpty() || !before.equals(definition(other, id))) {
        return false;
      }
    }
    return true;
  }

  private static Optional<?> definition(Catalog catalog, int id) {
    Optional<TableDef> table = table(catalog, id);
    return table.isPresent() ? table : catalog.objects().findSequence(id);
  }

  private static Optional<TableDef> table(Catalog catalog, int id) {
    for (SortedMap<String, TableDef> schema : catalog.tables().values()) {
      for (TableDef table : schema.values()) {
        if (table.id() == id) {
          return Optional.of(table);
        }
      }
    }
    return Optional.empty();
  }

  /** The failure that names what the conflict is about. */
  static QuorateException failure(StoreChange change, Catalog catalog) {
    return new QuorateException(
        ErrorCode.WRITE_CONFLICT,
        "another transaction has changed "
            + name(catalog, change.table())
            + " key "
            + change.key()
            + " since this one began");
  }

  static QuorateException redefined(List<Integer> tables, Catalog catalog) {
    List<String> names = tables.stream().map(table -> name(catalog, table)).toList();
    return new QuorateException(
        ErrorCode.WRITE_CONFLICT,
        "the definition of " + String.join(", ", names) + " has changed since this one began");
  }

  private static String name(Catalog catalog, int storeTable) {
    for (SortedMap<String, TableDef> schema : catalog.tables().values()) {
      for (TableDef table : schema.values()) {
        String name = "table " + table.schema() + "." + table.name();
        if (table.id() == storeTable) {
          return name;
        }
        for (IndexDef index : table.indexes()) {
          if (index.id() == storeTable) {
            return name + " index " + index.name();
          }
        }
      }
    }
    return catalog
        .objects()
        .findSequence(storeTable)
        .map(SequenceDef::described)
        .orElse("store table " + storeTable);
  }

  /** The locks of the changes, in the one order. */
  static List<LockName> keys(List<StoreChange> changes) {
    List<LockName> names = new ArrayList<>(changes.size());
    for (StoreChange change : changes) {
      names.add(new LockName(change.table(), change.key()));
    }
    if (names.size() > 1) {
      names.sort(null);
    }
    return names;
  }

  static List<LockName> definitions(List<Integer> tables) {
    return tables.size() == 1
        ? List.of(LockName.definition(tables.get(0)))
        : new TreeSet<>(tables).stream().map(LockName::definition).toList();
  }
}
