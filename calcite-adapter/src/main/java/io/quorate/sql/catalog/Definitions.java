package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * DDL as functions of a catalog, each with one version more than it was given. Pure: what they
 * refuse, they refuse by an {@link SqlFailure}, and the catalog given is as it was.
 */
public final class Definitions {
  /** A row says how many columns it has in two bytes; long before, rows are too wide to be fast. */
  public static final int COLUMNS_MAX = 1024;

  /** Of columns that are there or were; each takes two bytes of a row. */
  public static final int SLOTS_MAX = 4 * COLUMNS_MAX;

  /** Each is one more write for each row. */
  public static final int INDEXES_MAX = 64;

  /** Each is one more condition for each row. */
  public static final int CHECKS_MAX = 64;

  /** Each is one more look-up for each row. */
  public static final int FOREIGN_KEYS_MAX = 64;

  public static final int KEY_COLUMNS_MAX = 32;

  private static final int NAMES_SHOWN = 8;
  private static final SortedMap<String, TableDef> NO_TABLES = new TreeMap<>();

  private Definitions() {}

  /** CREATE TABLE. UNIQUE constraints become indexes; a table without a key gets a hidden one. */
  public static CatalogEdit createTable(Catalog catalog, NewTable table) {
    checkSchema(catalog, table.schema());
    checkNoRelation(catalog, table.schema(), table.name());
    TableDef built = new TableBuilder(catalog, table).build();
    int nextId = catalog.nextId() + storeTables(built).size();
    return new CatalogEdit(
        withTable(catalog, built, catalog.schemas(), nextId), List.of(), others(built));
  }

  /** The tables that it refers to, without itself: rows of theirs are bound from now on. */
  private static List<Integer> others(TableDef table) {
    return table.foreignKeys().stream()
        .map(ForeignKeyDef::table)
        .filter(id -> id != table.id())
        .distinct()
        .toList();
  }

  /**
   * DROP TABLE.
   *
   * @param cascade whether views on it and foreign keys to it go too, instead of being in the way
   */
  public static CatalogEdit dropTable(
      Catalog catalog, String schema, String name, boolean cascade) {
    checkSchema(catalog, schema);
    TableDef table = require(catalog, schema, name);
    List<Integer> views =
        Views.dropUsers(
            catalog.objects(), List.of(table.id()), "table " + named(schema, name), cascade);
    List<Catalog.Referrer> referrers = ForeignKeys.fromOthers(catalog, Set.of(table.id()));
    if (!referrers.isEmpty() && !cascade) {
      throw ForeignKeys.inTheWay("table", named(schema, name), referrers);
    }
    CatalogEdit edit = without(catalog, catalog.schemas(), List.of(table), referrers);
    SchemaObjects rest = catalog.objects().withoutViews(each -> views.contains(each.id()));
    return new CatalogEdit(edit.after().withObjects(rest), edit.clearedTables(), edit.tables());
  }

  /** Tables go, and foreign keys to them. */
  private static CatalogEdit without(
      Catalog catalog, Set<String> schemas, List<TableDef> gone, List<Catalog.Referrer> referrers) {
    SortedMap<String, SortedMap<String, TableDef>> tables = mutable(catalog);
    List<Integer> cleared = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (TableDef table : gone) {
      at(tables, table.schema()).remove(table.name());
      cleared.addAll(storeTables(table));
      ids.add(table.id());
    }
    Set<TableDef> changed = new LinkedHashSet<>();
    referrers.forEach(referrer -> changed.add(referrer.table()));
    for (TableDef table : changed) {
      TableDef rest = ForeignKeys.without(table, key -> ids.contains(key.table()));
      at(tables, table.schema()).put(table.name(), rest);
      cleared.addAll(storeTables(table));
      cleared.removeAll(storeTables(rest));
      ids.add(table.id());
    }
    return new CatalogEdit(next(catalog, schemas, tables, catalog.nextId()), cleared, ids);
  }

  /** CREATE INDEX; the new index is the table's last. Its entries are another's work. */
  public static CatalogEdit createIndex(Catalog catalog, NewIndex index) {
    TableDef table = beingIndexed(catalog, index);
    return indexed(catalog, table.withBuilt());
  }

  /**
   * The beginning of CREATE INDEX: the index is kept by whoever writes from now on, and read by
   * nobody.
   *
   * @see #finishIndex
   */
  public static CatalogEdit beginIndex(Catalog catalog, NewIndex index) {
    return indexed(catalog, beingIndexed(catalog, index));
  }

  private static CatalogEdit indexed(Catalog catalog, TableDef table) {
    return new CatalogEdit(
        withTable(catalog, table, catalog.schemas(), catalog.nextId() + 1),
        List.of(),
        List.of(table.id()));
  }

  /** The end of CREATE INDEX, when each row has its entry; writers need not keep out. */
  public static CatalogEdit finishIndex(Catalog catalog, int table) {
    TableDef built = catalog.find(table).orElseThrow().withBuilt();
    return new CatalogEdit(
        withTable(catalog, built, catalog.schemas(), catalog.nextId()), List.of(), List.of());
  }

  /** Without the indexes that are being built; nothing if there are none. */
  public static Optional<CatalogEdit> withoutUnfinished(Catalog catalog) {
    List<TableDef> rest =
        catalog.tables().values().stream()
            .flatMap(inside -> inside.values().stream())
            .filter(table -> table.building() != null)
            .map(TableDef::minusBuilding)
            .toList();
    return rest.isEmpty() ? Optional.empty() : Optional.of(reduced(catalog, rest));
  }

  /** The table of a new index with that as the one that is being built. */
  private static TableDef beingIndexed(Catalog catalog, NewIndex index) {
    checkSchema(catalog, index.schema());
    TableDef table = require(catalog, index.schema(), index.table());
    if (isNameTaken(catalog, index.schema(), index.name())) {
      throw new SqlFailure(
          State.OBJECT_EXISTS, "index " + named(index.schema(), index.name()) + " exists already");
    }
    checkAtMost(table.indexes().size() + 1, INDEXES_MAX, "indexes", table.name());
    return table.plusBuilding(
        new IndexDef(
            catalog.nextId(),
            index.name(),
            ordinals(table.name(), table.visibleColumns(), index.columns()),
            index.unique(),
            false,
            index.descending()));
  }

  /** DROP INDEX. */
  public static CatalogEdit dropIndex(Catalog catalog, String schema, String name) {
    checkSchema(catalog, schema);
    TableDef table =
        catalog.findTableOfIndex(schema, name).orElseThrow(() -> noIndex(schema, name));
    IndexDef index = table.findIndex(name).orElseThrow();
    if (index.constraint()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED,
          "index "
              + named(schema, name)
              + " belongs to a "
              + (index.unique() ? "UNIQUE constraint" : "foreign key")
              + " of table "
              + table.name()
              + " and cannot be dropped alone; see ALTER TABLE … DROP CONSTRAINT");
    }
    ForeignKeys.checkNotNeeded(catalog, table, index);
    List<IndexDef> indexes = new ArrayList<>(table.indexes());
    indexes.remove(index);
    Catalog after =
        withTable(catalog, table.withIndexes(indexes), catalog.schemas(), catalog.nextId());
    return new CatalogEdit(after, List.of(index.id()), List.of(table.id()));
  }

  static SqlFailure noIndex(String schema, String name) {
    return new SqlFailure(State.OBJECT_NOT_FOUND, "index " + named(schema, name) + " not found");
  }

  /** CREATE SCHEMA. */
  public static CatalogEdit createSchema(Catalog catalog, String name) {
    checkNoSchema(catalog, name);
    TreeSet<String> schemas = new TreeSet<>(catalog.schemas());
    schemas.add(name);
    return new CatalogEdit(
        next(catalog, schemas, catalog.tables(), catalog.nextId()), List.of(), List.of());
  }

  static void checkNoSchema(Catalog catalog, String name) {
    if (Catalog.isBuiltIn(name) || catalog.schemas().contains(name)) {
      throw new SqlFailure(State.SCHEMA_EXISTS, "schema \"" + name + "\" exists already");
    }
  }

  /**
   * DROP SCHEMA.
   *
   * @param cascade whether all that is in it goes too, instead of being in the way
   */
  public static CatalogEdit dropSchema(Catalog catalog, String name, boolean cascade) {
    checkSchema(catalog, name);
    if (name.equals(Catalog.DEFAULT_SCHEMA)) {
      throw new SqlFailure(State.NOT_SUPPORTED, "schema " + name + " cannot be dropped");
    }
    List<TableDef> inside = List.copyOf(catalog.tables().getOrDefault(name, NO_TABLES).values());
    List<ViewDef> views = catalog.objects().viewsOf(name);
    List<SequenceDef> sequences = catalog.objects().sequencesOf(name);
    List<String> names = new ArrayList<>();
    inside.forEach(table -> names.add(table.name()));
    views.forEach(view -> names.add(view.name()));
    sequences.forEach(sequence -> names.add(sequence.name()));
    if (!names.isEmpty() && !cascade) {
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          "schema \"" + name + "\" holds " + someOf(names) + "; CASCADE drops that too");
    }
    List<Integer> cleared = new ArrayList<>();
    List<Integer> locked = new ArrayList<>();
    Catalog rest = catalog;
    for (SequenceDef sequence : sequences) {
      cleared.add(sequence.counter());
      locked.addAll(SequenceUses.idsWith(catalog, sequence));
      rest = SequenceUses.replace(rest, sequence, text -> null);
    }
    rest = rest.at(catalog.version());
    TreeSet<String> schemas = new TreeSet<>(catalog.schemas());
    schemas.remove(name);
    List<Integer> gone = new ArrayList<>();
    inside.forEach(table -> gone.add(table.id()));
    Set<Integer> ids = Set.copyOf(gone);
    CatalogEdit edit = without(rest, schemas, inside, ForeignKeys.fromOthers(rest, ids));
    cleared.addAll(edit.clearedTables());
    locked.addAll(edit.tables());
    views.forEach(view -> gone.add(view.id()));
    Views.users(catalog.objects(), gone).forEach(view -> gone.add(view.id()));
    SchemaObjects objects =
        catalog
            .objects()
            .withoutSequences(each -> each.schema().equals(name))
            .withoutViews(each -> gone.contains(each.id()));
    return new CatalogEdit(edit.after().withObjects(objects), cleared, locked);
  }

  /**
   * A table that must be there.
   *
   * @throws SqlFailure when it, or its schema, is not
   */
  public static TableDef require(Catalog catalog, String schema, String name) {
    if (!catalog.schemas().contains(schema) && !Catalog.isBuiltIn(schema)) {
      throw new SqlFailure(State.SCHEMA_NOT_FOUND, "schema \"" + schema + "\" not found");
    }
    return catalog
        .find(schema, name)
        .orElseThrow(() -> notFound(catalog, schema, name, "table", State.TABLE_NOT_FOUND));
  }

  /** The first few of many names. */
  static String someOf(List<String> names) {
    int more = names.size() - NAMES_SHOWN;
    return more <= 0
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMES_SHOWN)) + " and " + more + " more";
  }

  /** A name as messages show it. */
  static String named(String schema, String name) {
    return "\"" + schema + "." + name + "\"";
  }

  /** Whether a constraint or an index of the schema has the name. */
  static boolean isNameTaken(Catalog catalog, String schema, String name) {
    SortedMap<String, TableDef> inside = catalog.tables().get(schema);
    return inside != null && inside.values().stream().anyMatch(table -> table.usesName(name));
  }

  /** The places of the columns of a key, each there and named once. */
  static List<Integer> ordinals(String table, List<ColumnDef> columns, List<String> key) {
    checkAtMost(key.size(), KEY_COLUMNS_MAX, "columns in a key", table);
    List<String> names = columns.stream().map(ColumnDef::name).toList();
    List<Integer> ordinals = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String column : key) {
      int ordinal = names.indexOf(column);
      if (ordinal < 0) {
        throw new SqlFailure(
            State.COLUMN_NOT_FOUND,
            "column \"" + column + "\" of table \"" + table + "\" not found");
      }
      if (!columns.get(ordinal).type().name().isIndexable()) {
        throw new SqlFailure(
            State.INVALID_TABLE,
            "column \""
                + column
                + "\" is a "
                + columns.get(ordinal).type()
                + ", which can be in no key and no index");
      }
      if (!seen.add(column)) {
        throw new SqlFailure(State.DUPLICATE_COLUMN, "column \"" + column + "\" is twice in a key");
      }
      ordinals.add(ordinal);
    }
    return ordinals;
  }

  static void checkAtMost(int count, int most, String what, String table) {
    if (count > most) {
      throw new SqlFailure(
          State.LIMIT_EXCEEDED,
          "table \"" + table + "\" would have " + count + " " + what + ", at most " + most);
    }
  }

  /** Tables, views and sequences of a schema have their names together. */
  static void checkNoRelation(Catalog catalog, String schema, String name) {
    Optional<String> found = catalog.findRelation(schema, name);
    if (found.isPresent()) {
      throw new SqlFailure(
          State.TABLE_EXISTS, found.get() + " " + named(schema, name) + " exists already");
    }
  }

  /** What to say where there is nothing of the kind and the name. */
  static SqlFailure notFound(
      Catalog catalog, String schema, String name, String kind, State nothing) {
    Optional<String> other = catalog.findRelation(schema, name);
    return other.isPresent()
        ? new SqlFailure(
            State.WRONG_OBJECT, named(schema, name) + " is a " + other.get() + " and not a " + kind)
        : new SqlFailure(nothing, kind + " " + named(schema, name) + " not found");
  }

  static void checkSchema(Catalog catalog, String schema) {
    if (Catalog.isBuiltIn(schema)) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, "schema " + schema + " is built in and cannot be changed");
    }
    if (!catalog.schemas().contains(schema)) {
      throw new SqlFailure(State.SCHEMA_NOT_FOUND, "schema \"" + schema + "\" not found");
    }
  }

  /** Where the rows of a table are, and the entries of its indexes. */
  static List<Integer> rowTables(TableDef table) {
    List<Integer> ids = new ArrayList<>();
    ids.add(table.id());
    table.indexes().forEach(index -> ids.add(index.id()));
    IndexDef building = table.building();
    if (building != null) {
      ids.add(building.id());
    }
    return ids;
  }

  /** All that goes with a table. */
  static List<Integer> storeTables(TableDef table) {
    List<Integer> ids = rowTables(table);
    table.columns().stream()
        .map(ColumnDef::identity)
        .filter(Objects::nonNull)
        .forEach(identity -> ids.add(identity.counter()));
    return ids;
  }

  /** Other definitions of tables; what none of them names any more is cleared. */
  static CatalogEdit reduced(Catalog catalog, Collection<TableDef> changed) {
    List<Integer> cleared = new ArrayList<>();
    for (TableDef after : changed) {
      cleared.addAll(storeTables(catalog.find(after.id()).orElseThrow()));
      cleared.removeAll(storeTables(after));
    }
    return new CatalogEdit(
        withTables(catalog, changed, catalog.nextId()),
        cleared,
        changed.stream().map(TableDef::id).toList());
  }

  /** One version on, with a table in place of what it was. */
  static Catalog withTableInPlaceOf(Catalog catalog, TableDef before, TableDef after) {
    return withTableInPlaceOf(catalog, before, after, catalog.nextId());
  }

  /** As {@link #withTableInPlaceOf(Catalog, TableDef, TableDef)}, with ids that were given out. */
  static Catalog withTableInPlaceOf(Catalog catalog, TableDef before, TableDef after, int nextId) {
    SortedMap<String, SortedMap<String, TableDef>> tables = mutable(catalog);
    at(tables, before.schema()).remove(before.name());
    at(tables, after.schema()).put(after.name(), after);
    SchemaObjects objects = Access.moved(catalog.objects(), before, after);
    return next(catalog, catalog.schemas(), tables, nextId)
        .withObjects(Views.moved(objects, before.id(), after.id()));
  }

  /** One version on, with other definitions of tables that keep their names. */
  static Catalog withTables(Catalog catalog, Collection<TableDef> changed, int nextId) {
    SortedMap<String, SortedMap<String, TableDef>> tables = mutable(catalog);
    SchemaObjects objects = catalog.objects();
    for (TableDef table : changed) {
      TableDef before = at(tables, table.schema()).put(table.name(), table);
      if (before != null) {
        objects = Access.moved(objects, before, table);
        objects = Views.moved(objects, before.id(), table.id());
      }
    }
    return next(catalog, catalog.schemas(), tables, nextId).withObjects(objects);
  }

  private static Catalog withTable(
      Catalog catalog, TableDef table, Set<String> schemas, int nextId) {
    SortedMap<String, SortedMap<String, TableDef>> tables = mutable(catalog);
    at(tables, table.schema()).put(table.name(), table);
    return next(catalog, schemas, tables, nextId);
  }

  private static Catalog next(
      Catalog catalog,
      Set<String> schemas,
      SortedMap<String, SortedMap<String, TableDef>> tables,
      int nextId) {
    // So that a catalog equals the one read back, which knows of schemas only by their tables.
    Map<String, SortedMap<String, TableDef>> inUse = new TreeMap<>(tables);
    inUse.values().removeIf(Map::isEmpty);
    return new Catalog(
        catalog.version() + 1,
        nextId,
        new TreeSet<>(schemas),
        new TreeMap<>(inUse),
        catalog.users(),
        catalog.objects());
  }

  private static SortedMap<String, SortedMap<String, TableDef>> mutable(Catalog catalog) {
    SortedMap<String, SortedMap<String, TableDef>> copy = new TreeMap<>();
    catalog.tables().forEach((schema, inside) -> copy.put(schema, new TreeMap<>(inside)));
    return copy;
  }

  private static SortedMap<String, TableDef> at(
      SortedMap<String, SortedMap<String, TableDef>> tables, String schema) {
    return tables.computeIfAbsent(schema, name -> new TreeMap<>());
  }

  /** What a made-up name begins with and ends in; a number goes between where it is taken. */
  static String freeName(Catalog catalog, String schema, String stem, Set<String> alsoTaken) {
    String name = stem;
    for (int number = 1; alsoTaken.contains(name) || isNameTaken(catalog, schema, name); number++) {
      name = stem + number;
    }
    return name;
  }

  /** The name given, if it is free; one made up, if none was given. */
  static String nameOr(
      @Nullable String given, String stem, Catalog catalog, String schema, Set<String> alsoTaken) {
    if (given == null) {
      return freeName(catalog, schema, stem, alsoTaken);
    }
    if (alsoTaken.contains(given) || isNameTaken(catalog, schema, given)) {
      throw new SqlFailure(
          State.OBJECT_EXISTS, "constraint or index " + named(schema, given) + " exists already");
    }
    return given;
  }
}
