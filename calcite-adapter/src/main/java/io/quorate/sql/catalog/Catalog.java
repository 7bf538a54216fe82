package io.quorate.sql.catalog;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All definitions as they stood after one DDL statement. Immutable.
 *
 * @param version grows by one with each DDL statement; the same on every replica
 * @param nextId the store table that the next table or index gets; ids are never used again
 * @param tables by schema and name; that of {@link KeyValueTable} always among them
 * @param users who may enter
 * @param objects what else schemas hold
 */
public record Catalog(
    long version,
    int nextId,
    SortedSet<String> schemas,
    SortedMap<String, SortedMap<String, TableDef>> tables,
    Users users,
    SchemaObjects objects) {
  /** The store table in which the catalog itself lies. */
  public static final int STORE_TABLE = 0;

  /** The store table in which the statistics of the tables lie, each under its table's key. */
  public static final int STATISTICS_TABLE = 3;

  /** Store tables below are the system's own. */
  public static final int FIRST_ID = 16;

  public static final String DEFAULT_SCHEMA = "PUBLIC";
  public static final String NAME = "QUORATE";

  /** The schema of what the server answers itself. */
  public static final String SYSTEM_SCHEMA = "SYSTEM";

  /** The schema of what the catalog says of itself. */
  public static final String INFORMATION_SCHEMA = "INFORMATION_SCHEMA";

  /** Those that are stored; the others of the schema are asked for. */
  private static final SortedMap<String, TableDef> SYSTEM_TABLES =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(Map.of(KeyValueTable.NAME, KeyValueTable.DEFINITION)));

  public Catalog {
    schemas = Collections.unmodifiableSortedSet(new TreeSet<>(schemas));
    SortedMap<String, SortedMap<String, TableDef>> copy = new TreeMap<>();
    tables.forEach(
        (schema, inside) ->
            copy.put(schema, Collections.unmodifiableSortedMap(new TreeMap<>(inside))));
    copy.put(SYSTEM_SCHEMA, SYSTEM_TABLES);
    tables = Collections.unmodifiableSortedMap(copy);
  }

  /** A catalog of tables alone. */
  public Catalog(
      long version,
      int nextId,
      SortedSet<String> schemas,
      SortedMap<String, SortedMap<String, TableDef>> tables) {
    this(version, nextId, schemas, tables, Users.NONE, SchemaObjects.NONE);
  }

  /** The catalog of a new cluster. */
  public static Catalog empty() {
    TreeSet<String> schemas = new TreeSet<>();
    schemas.add(DEFAULT_SCHEMA);
    return new Catalog(0, FIRST_ID, schemas, new TreeMap<>());
  }

  public Optional<TableDef> find(String schema, String table) {
    SortedMap<String, TableDef> inside = tables.get(schema);
    return inside == null ? Optional.empty() : Optional.ofNullable(inside.get(table));
  }

  /** Whether a table, view or sequence has the name. */
  public boolean hasRelation(String schema, String name) {
    return findRelation(schema, name).isPresent();
  }

  /** What has the name, for a message. */
  Optional<String> findRelation(String schema, String name) {
    return find(schema, name).isPresent()
        ? Optional.of("table")
        : objects.findRelation(schema, name);
  }

  /** The table that has the index, named within its schema. */
  public Optional<TableDef> findTableOfIndex(String schema, String index) {
    SortedMap<String, TableDef> inside = tables.get(schema);
    return inside == null
        ? Optional.empty()
        : inside.values().stream().filter(table -> table.findIndex(index).isPresent()).findFirst();
  }

  public Optional<TableDef> find(int id) {
    return all().filter(table -> table.id() == id).findFirst();
  }

  private Stream<TableDef> all() {
    return tables.values().stream().flatMap(inside -> inside.values().stream());
  }

  /** A foreign key and the table whose rows refer by it. */
  public record Referrer(TableDef table, ForeignKeyDef key) {}

  /** The foreign keys to a table, its own among them, by schema and name of their tables. */
  public List<Referrer> foreignKeysTo(int id) {
    return all()
        .flatMap(table -> table.foreignKeys().stream().map(key -> new Referrer(table, key)))
        .filter(referrer -> referrer.key.table() == id)
        .toList();
  }

  /** The next version, with other users. */
  Catalog withUsers(Users others) {
    return new Catalog(version + 1, nextId, schemas, tables, others, objects);
  }

  /** The same version with other users. */
  Catalog with(Users others) {
    return new Catalog(version, nextId, schemas, tables, others, objects);
  }

  /** The next version, with other objects beside the tables. */
  Catalog withObjects(SchemaObjects others, int newNextId) {
    return new Catalog(version + 1, newNextId, schemas, tables, users, others);
  }

  /** The same version with other objects beside the tables. */
  Catalog withObjects(SchemaObjects others) {
    return new Catalog(version, nextId, schemas, tables, users, others);
  }

  /** The same version with other tables. */
  Catalog withTables(SortedMap<String, SortedMap<String, TableDef>> others) {
    return new Catalog(version, nextId, schemas, others, users, objects);
  }

  /** The same as another version. */
  Catalog at(long other) {
    return new Catalog(other, nextId, schemas, tables, users, objects);
  }

  /** Whether no user made the schema, nor can change it. */
  public static boolean isBuiltIn(String schema) {
    return schema.equals(SYSTEM_SCHEMA) || schema.equals(INFORMATION_SCHEMA);
  }
}
