package io.quorate.server.tx;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.IndexDef;
import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.ReadView.RowCursor;
import io.quorate.sql.store.ReferencedKey;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.StoreChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /**
   * The first key whose place among the rows shows something else in {@code newest} than in the
   * view that the statement read: one that is referred to has gone, or of one that goes not all
   * rows that refer to it are known.
   */
  static Optional<ReferencedKey> findUnbound(
      List<ReferencedKey> keys, ReadView read, ReadView newest) {
    for (ReferencedKey key : keys) {
      boolean stands =
          key.leaves()
              ? key.referrers().stream().allMatch(range -> sameKeys(range, read, newest))
              : read.find(key.table(), key.key()).isPresent()
                  == newest.find(key.table(), key.key()).isPresent();
      if (!stands) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  private static boolean sameKeys(ReferencedKey.Range range, ReadView one, ReadView other) {
    RowCursor left = one.scan(range.table(), Optional.of(range.from()), Optional.of(range.to()));
    RowCursor right = other.scan(range.table(), Optional.of(range.from()), Optional.of(range.to()));
    while (left.next()) {
      if (!right.next() || !left.key().equals(right.key())) {
        return false;
      }
    }
    return !right.next();
  }

  /**
   * Whether what is written by the tables, the foreign keys to them, and the sequences as {@code
   * before} defines them is right by {@code now}.
   */
  static boolean sameDefinitions(Catalog before, Catalog now, List<Integer> ids) {
    if (before.version() == now.version()) {
      return true;
    }
    for (int id : ids) {
      Optional<TableDef> table = before.find(id);
      boolean same =
          table.isPresent()
              ? now.find(id).filter(other -> sameRows(table.get(), other)).isPresent()
              : before.objects().findSequence(id).isPresent()
                  && before.objects().findSequence(id).equals(now.objects().findSequence(id));
      if (!same || !sameReferrers(before.foreignKeysTo(id), now.foreignKeysTo(id))) {
        return false;
      }
    }
    return true;
  }

  /** An index that has been built meanwhile was kept by its writers before. */
  private static boolean sameRows(TableDef before, TableDef now) {
    return before.equals(now) || (before.building() != null && before.withBuilt().equals(now));
  }

  private static boolean sameReferrers(List<Catalog.Referrer> before, List<Catalog.Referrer> now) {
    boolean same = before.size() == now.size();
    for (int i = 0; same && i < now.size(); i++) {
      same =
          before.get(i).key().equals(now.get(i).key())
              && sameRows(before.get(i).table(), now.get(i).table());
    }
    return same;
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

  static QuorateException failure(ReferencedKey key, Catalog catalog) {
    return new QuorateException(
        ErrorCode.WRITE_CONFLICT,
        "another transaction has "
            + (key.leaves() ? "changed what refers to " : "removed ")
            + name(catalog, key.table())
            + " key "
            + key.key()
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

  /**
   * Locks the keys between rows, in the one order: for those who refer to them together, for the
   * one who takes one away alone.
   */
  static void lock(
      List<ReferencedKey> keys, LockTable locks, LockTable.Owner owner, Control control) {
    TreeMap<LockName, LockTable.Mode> modes = new TreeMap<>();
    for (ReferencedKey key : keys) {
      LockName name = LockName.reference(key.table(), key.key());
      if (key.leaves()) {
        modes.put(name, LockTable.Mode.EXCLUSIVE);
      } else {
        modes.putIfAbsent(name, LockTable.Mode.SHARED);
      }
    }
    modes.forEach((name, mode) -> locks.acquire(owner, List.of(name), mode, control));
  }

  /** The locks of keys that leave, or of those that stay. */
  static List<LockName> references(List<ReferencedKey> keys, boolean leaving) {
    return keys.stream()
        .filter(key -> key.leaves() == leaving)
        .map(key -> LockName.reference(key.table(), key.key()))
        .toList();
  }

  static List<LockName> definitions(List<Integer> tables) {
    return tables.size() == 1
        ? List.of(LockName.definition(tables.get(0)))
        : new TreeSet<>(tables).stream().map(LockName::definition).toList();
  }
}
