package io.quorate.sql.catalog;

import io.quorate.sql.catalog.ForeignKeyDef.Action;
import io.quorate.sql.catalog.SqlType.Name;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

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
  static ForeignKeyDef make(
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
    if (sets && column.identity() != null) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "foreign key \""
              + name
              + "\" cannot change the identity column \""
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

  /** What a made-up name begins with. */
  static String stem(String table, NewTable.NewForeignKey key) {
    return table + "_" + String.join("_", key.columns()) + "_FKEY";
  }

  /**
   * The index that a foreign key needs, so that whoever deletes a row finds those that refer to it.
   *
   * @param id that it gets
   */
  static IndexDef index(ForeignKeyDef key, int id, String name) {
    return new IndexDef(id, name, key.columns(), false, true);
  }

  /** The table without some of its foreign keys, and without the indexes that served only them. */
  static TableDef without(TableDef table, Predicate<ForeignKeyDef> gone) {
    List<ForeignKeyDef> left = new ArrayList<>(table.foreignKeys());
    left.removeIf(gone);
    TableDef rest = table.withForeignKeys(left);
    for (IndexDef index : table.indexes()) {
      if (isForForeignKeys(index) && !serves(index, rest)) {
        List<IndexDef> indexes = new ArrayList<>(rest.indexes());
        indexes.remove(index);
        rest = rest.withIndexes(indexes);
      }
    }
    return rest;
  }

  private static boolean isForForeignKeys(IndexDef index) {
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
    List<IndexDef> others = new ArrayList<>(table.indexes());
    others.remove(index);
    TableDef without = table.withIndexes(others);
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
    List<IndexDef> others = new ArrayList<>(table.indexes());
    others.remove(index);
    TableDef without = table.withIndexes(others);
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
        "foreign key \""
            + first.key().name()
            + "\" of table "
            + Definitions.named(first.table().schema(), first.table().name())
            + " refers to "
            + what
            + " "
            + name
            + "; drop it first");
  }
}
