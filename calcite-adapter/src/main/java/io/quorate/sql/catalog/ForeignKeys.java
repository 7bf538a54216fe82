package io.quorate.sql.catalog;

import io.quorate.sql.catalog.ForeignKeyDef.Action;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Makes foreign keys of what was written, and finds those that are in the way. Pure functions. */
final class ForeignKeys {
  private ForeignKeys() {}

  /**
   * The constraint as its table keeps it.
   *
   * @param table that refers; not in the catalog yet when it is made
   * @param name that it gets
   * @throws SqlFailure {@link State#INVALID_FOREIGN_KEY} when the columns that are referred to are
   *     no key, {@link State#TYPE_MISMATCH} when their values cannot be equal
   */
  private static ForeignKeyDef make(
      Catalog catalog, TableDef table, NewTable.NewForeignKey key, String name) {
    String schema = Objects.requireNonNullElse(key.schema(), table.schema());
    boolean own = schema.equals(table.schema()) && key.table().equals(table.name());
    if (Catalog.isBuiltIn(schema)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, "a foreign key cannot refer to a table of schema " + schema);
    }
    TableDef parent = own ? table : Definitions.require(catalog, schema, key.table());
    List<Integer> columns =
        Definitions.ordinals(table.name(), table.visibleColumns(), key.columns());
    List<Integer> referenced = referenced(parent, key);
    if (referenced.size() != columns.size()) {
      throw new SqlFailure(
          State.INVALID_FOREIGN_KEY,
          "foreign key \""
              + name
              + "\" has "
              + columns.size()
              + " columns and refers to "
              + referenced.size());
    }
    for (int i = 0; i < columns.size(); i++) {
      checkColumn(
          name, table.columns().get(columns.get(i)), parent.columns().get(referenced.get(i)), key);
    }
    return new ForeignKeyDef(
        name, columns, parent.id(), referenced, key.full(), key.onDelete(), key.onUpdate());
  }

  private static List<Integer> referenced(TableDef parent, NewTable.NewForeignKey key) {
    if (key.referenced().isEmpty()) {
      if (parent.hasHiddenKey()) {
        throw new SqlFailure(
            State.INVALID_FOREIGN_KEY,
            "table "
                + Definitions.named(parent.schema(), parent.name())
                + " has no primary key to refer to; name the columns of a unique key");
      }
      return parent.primaryKey();
    }
    List<Integer> referenced =
        Definitions.ordinals(parent.name(), parent.visibleColumns(), key.referenced());
    if (parent.findUniqueKey(referenced).isEmpty()) {
      throw new SqlFailure(
          State.INVALID_FOREIGN_KEY,
          "no primary key, UNIQUE constraint or unique index of table "
              + Definitions.named(parent.schema(), parent.name())
              + " is of the columns ("
              + String.join(", ", key.referenced())
              + ")");
    }
    return referenced;
  }

  private static void checkColumn(
      String name, ColumnDef column, ColumnDef referenced, NewTable.NewForeignKey key) {
    if (!areComparable(column.type(), referenced.type())) {
      throw new SqlFailure(
          State.TYPE_MISMATCH,
          "foreign key \""
              + name
              + "\": column \""
              + column.name()
              + "\" of type "
              + column.type()
              + " cannot refer to \""
              + referenced.name()
              + "\" of type "
              + referenced.type());
    }
    boolean sets =
        key.onDelete().sets() || key.onUpdate().sets() || key.onUpdate() == Action.CASCADE;
    if (sets && (column.identity() != null || column.generatedSql() != null)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "foreign key \""
              + name
              + "\" cannot change the "
              + (column.identity() != null ? "identity" : "generated")
              + " column \""
              + column.name()
              + "\"");
    }
  }

  /** Whether values of both can be equal, and are so exactly when their bytes in keys are. */
  private static boolean areComparable(SqlType one, SqlType other) {
    if (one.name() == other.name()) {
      return one.name() != Name.BINARY || one.precision() == other.precision();
    }
    return (isInteger(one) && isInteger(other)) || (isText(one) && isText(other));
  }

  private static boolean isInteger(SqlType type) {
    return switch (type.name()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }

  private static boolean isText(SqlType type) {
    return type.name() == Name.CHAR || type.name() == Name.VARCHAR;
  }

  /**
   * The table with one more foreign key, its last, and with an index for it, the table's last,
   * unless another begins with its columns.
   *
   * @param taken names that others get at the same time; those of the key and the index come to it
   * @param indexId for the index
   */
  static TableDef plus(
      Catalog catalog,
      TableDef table,
      NewTable.NewForeignKey written,
      Set<String> taken,
      int indexId) {
    Definitions.checkAtMost(
        table.foreignKeys().size() + 1, Definitions.FOREIGN_KEYS_MAX, "foreign keys", table.name());
    String stem = stem(table.name(), written);
    String name = Definitions.nameOr(written.name(), stem, catalog, table.schema(), taken);
    taken.add(name);
    ForeignKeyDef key = make(catalog, table, written, name);
    List<ForeignKeyDef> keys = new ArrayList<>(table.foreignKeys());
    keys.add(key);
    TableDef changed = table.withForeignKeys(keys);
    if (changed.findKeyBeginningWith(key.columns()).isPresent()) {
      return changed;
    }
    String index = Definitions.freeName(catalog, table.schema(), name + "_INDEX", taken);
    taken.add(index);
    return changed.plusIndex(index(key, indexId, index));
  }

  /** What a made-up name begins with. */
  private static String stem(String table, NewTable.NewForeignKey key) {
    return table + "_" + String.join("_", key.columns()) + "_FKEY";
  }

  /**
   * The index that a foreign key needs, so that whoever deletes a row finds those that refer to it.
   *
   * @param id that it gets
   */
  private static IndexDef index(ForeignKeyDef key, int id, String name) {
    return new IndexDef(id, name, key.columns(), false, true);
  }

  /** The table without some of its foreign keys, and without the indexes that served only them. */
  static TableDef without(TableDef table, Predicate<ForeignKeyDef> gone) {
    List<ForeignKeyDef> left = new ArrayList<>(table.foreignKeys());
    left.removeIf(gone);
    TableDef rest = table.withForeignKeys(left);
    for (IndexDef index : table.indexes()) {
      if (isForForeignKeys(index) && !serves(index, rest)) {
        rest = rest.minusIndex(index);
      }
    }
    return rest;
  }

  /**
   * Tables without some of their foreign keys, by id.
   *
   * @param first is among them, whether it has one of those or not
   */
  static Map<Integer, TableDef> without(TableDef first, List<Catalog.Referrer> gone) {
    Map<Integer, TableDef> changed = new LinkedHashMap<>();
    changed.put(first.id(), first);
    for (Catalog.Referrer referrer : gone) {
      int id = referrer.table().id();
      TableDef before = changed.getOrDefault(id, referrer.table());
      changed.put(id, without(before, key -> key.equals(referrer.key())));
    }
    return changed;
  }

  /** The foreign keys that a column of the table is in, on either side. */
  static List<Catalog.Referrer> ofColumn(Catalog catalog, TableDef table, int ordinal) {
    List<Catalog.Referrer> all = new ArrayList<>();
    for (ForeignKeyDef key : table.foreignKeys()) {
      if (key.columns().contains(ordinal)) {
        all.add(new Catalog.Referrer(table, key));
      }
    }
    for (Catalog.Referrer referrer : catalog.foreignKeysTo(table.id())) {
      if (referrer.key().referenced().contains(ordinal) && !all.contains(referrer)) {
        all.add(referrer);
      }
    }
    return all;
  }

  /**
   * Changes the foreign keys to a table that itself changes.
   *
   * @param changed tables as they will be, by the id that they have; those that refer come to it
   */
  static void follow(
      Catalog catalog,
      TableDef table,
      Map<Integer, TableDef> changed,
      UnaryOperator<ForeignKeyDef> change) {
    catalog.foreignKeysTo(table.id()).stream()
        .map(Catalog.Referrer::table)
        .distinct()
        .forEach(
            each -> {
              TableDef before = changed.getOrDefault(each.id(), each);
              TableDef after =
                  before.withForeignKeys(
                      before.foreignKeys().stream()
                          .map(key -> key.table() == table.id() ? change.apply(key) : key)
                          .toList());
              if (!after.equals(before)) {
                changed.put(each.id(), after);
              }
            });
  }

  /** As messages name them. */
  static String named(Catalog.Referrer referrer) {
    return "foreign key \""
        + referrer.key().name()
        + "\" of table "
        + Definitions.named(referrer.table().schema(), referrer.table().name());
  }

  /** Whether foreign keys made the index, which goes with them. */
  static boolean isForForeignKeys(IndexDef index) {
    return index.constraint() && !index.unique();
  }

  /** Whether a foreign key of the table finds its rows by the index. */
  private static boolean serves(IndexDef index, TableDef table) {
    return table.foreignKeys().stream()
        .anyMatch(
            key ->
                table
                    .findKeyBeginningWith(key.columns())
                    .filter(found -> found.store() == index.id())
                    .isPresent());
  }

  /** Whether a foreign key would have no index but for this one. */
  private static boolean isNeeded(IndexDef index, TableDef table) {
    TableDef without = table.minusIndex(index);
    return table.foreignKeys().stream()
        .anyMatch(key -> without.findKeyBeginningWith(key.columns()).isEmpty());
  }

  /**
   * Sees that the index may go.
   *
   * @throws SqlFailure {@link State#DEPENDENT_OBJECTS} when a foreign key needs it
   */
  static void checkNotNeeded(Catalog catalog, TableDef table, IndexDef index) {
    checkServesNone(table, index);
    List<Catalog.Referrer> referrers = referrersThatLose(catalog, table, index);
    if (!referrers.isEmpty()) {
      throw inTheWay("index", Definitions.named(table.schema(), index.name()), referrers);
    }
  }

  /** Sees that no foreign key of the table finds its rows by this index alone. */
  static void checkServesNone(TableDef table, IndexDef index) {
    if (isNeeded(index, table)) {
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          "index "
              + Definitions.named(table.schema(), index.name())
              + " is the only one that begins with the columns of a foreign key; drop the foreign"
              + " key, or make another index first");
    }
  }

  /** The foreign keys that would refer to nothing unique any more without the index. */
  static List<Catalog.Referrer> referrersThatLose(Catalog catalog, TableDef table, IndexDef index) {
    TableDef without = table.minusIndex(index);
    return catalog.foreignKeysTo(table.id()).stream()
        .filter(referrer -> without.findUniqueKey(referrer.key().referenced()).isEmpty())
        .toList();
  }

  /** The foreign keys of tables that stay to tables that go. */
  static List<Catalog.Referrer> fromOthers(Catalog catalog, Set<Integer> tables) {
    List<Catalog.Referrer> referrers = new ArrayList<>();
    for (int table : tables) {
      for (Catalog.Referrer referrer : catalog.foreignKeysTo(table)) {
        if (!tables.contains(referrer.table().id())) {
          referrers.add(referrer);
        }
      }
    }
    return referrers;
  }

  static SqlFailure inTheWay(String what, String name, List<Catalog.Referrer> referrers) {
    Catalog.Referrer first = referrers.get(0);
    return new SqlFailure(
        State.DEPENDENT_OBJECTS,
        named(first) + " refers to " + what + " " + name + "; drop it first");
  }
}
