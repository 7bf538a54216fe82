package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table as a row of the catalog. Pure functions.
 *
 * <pre>
 * format, id, schema, name,
 * number of columns, of each: name, type, precision, scale, [of an ARRAY: type, precision, scale,
 *   … of its elements], flags, [default],
 *   [counter, whether always, start as 8 bytes, increment as 8 bytes], [generated]
 * number of key columns, their ordinals, name of the key,
 * number of indexes, of each: id, name, flags, number of columns, their ordinals,
 *   [number of those in descending order, which of the columns, ascending];
 * in format 2: number of parts, at least one; of each, ascending: its number as a byte, and
 *   1 checks         how many, of each: name, condition as a name
 *   2 foreign keys   how many, of each: name, number of columns, their ordinals,
 *                    id of the table that is referred to, as many ordinals of its columns,
 *                    whether MATCH FULL, ON DELETE, ON UPDATE, each as a byte
 *   3 layout         number of columns, of each: its slot; next slot;
 *                    number of missing values, of each, ascending: slot, number of bytes and those
 *   4 building       the index that is being built, as an index above
 * </pre>
 *
 * A table that needs no part is written as ever, so that older nodes can read it.
 *
 * @see CatalogCodec what a number and a name are
 */
final class TableForm {
  private static final int FORMAT = 1;
  private static final int FORMAT_WITH_PARTS = 2;

  private static final int CHECKS = 1;
  private static final int FOREIGN_KEYS = 2;
  private static final int LAYOUT = 3;
  private static final int BUILDING = 4;

  private static final int NULLABLE = 1;
  private static final int WITH_DEFAULT = 2;
  private static final int IDENTITY = 4;
  private static final int GENERATED = 8;
  private static final int UNIQUE = 1;
  private static final int CONSTRAINT = 2;
  private static final int DESCENDING = 4;

  private TableForm() {}

  static Row encode(TableDef table) {
    CatalogBytes bytes = new CatalogBytes();
    int parts = parts(table);
    bytes.putByte(parts == 0 ? FORMAT : FORMAT_WITH_PARTS);
    bytes.putInt(table.id());
    bytes.putName(table.schema());
    bytes.putName(table.name());
    bytes.putInt(table.columns().size());
    table.columns().forEach(column -> putColumn(bytes, column));
    bytes.putInts(table.primaryKey());
    bytes.putName(table.primaryKeyName());
    bytes.putInt(table.indexes().size());
    table.indexes().forEach(index -> putIndex(bytes, index));
    if (parts > 0) {
      bytes.putInt(parts);
      putParts(bytes, table);
    }
    return bytes.toRow();
  }

  private static int parts(TableDef table) {
    return (table.checks().isEmpty() ? 0 : 1)
        + (table.foreignKeys().isEmpty() ? 0 : 1)
        + (table.layout().isDense() ? 0 : 1)
        + (table.building() == null ? 0 : 1);
  }

  private static void putParts(CatalogBytes bytes, TableDef table) {
    if (!table.checks().isEmpty()) {
      bytes.putByte(CHECKS);
      putChecks(bytes, table.checks());
    }
    if (!table.foreignKeys().isEmpty()) {
      bytes.putByte(FOREIGN_KEYS);
      putForeignKeys(bytes, table.foreignKeys());
    }
    if (!table.layout().isDense()) {
      bytes.putByte(LAYOUT);
      putLayout(bytes, table.layout());
    }
    IndexDef building = table.building();
    if (building != null) {
      bytes.putByte(BUILDING);
      putIndex(bytes, building);
    }
  }

  private static void putForeignKeys(CatalogBytes bytes, List<ForeignKeyDef> keys) {
    bytes.putInt(keys.size());
    for (ForeignKeyDef key : keys) {
      bytes.putName(key.name());
      bytes.putInts(key.columns());
      bytes.putInt(key.table());
      key.referenced().forEach(bytes::putInt);
      bytes.putByte(key.full() ? 1 : 0);
      bytes.putByte(key.onDelete().number());
      bytes.putByte(key.onUpdate().number());
    }
  }

  private static void putLayout(CatalogBytes bytes, RowLayout layout) {
    bytes.putInts(layout.slots());
    bytes.putInt(layout.nextSlot());
    bytes.putInt(layout.missing().size());
    layout
        .missing()
        .forEach(
            (slot, value) -> {
              bytes.putInt(slot);
              bytes.putBytes(value.unsafeBytes());
            });
  }

  private static void putChecks(CatalogBytes bytes, List<CheckDef> checks) {
    bytes.putInt(checks.size());
    for (CheckDef check : checks) {
      bytes.putName(check.name());
      bytes.putName(check.sql());
    }
  }

  private static void putColumn(CatalogBytes bytes, ColumnDef column) {
    bytes.putName(column.name());
    bytes.putType(column.type());
    String defaultSql = column.defaultSql();
    IdentityDef identity = column.identity();
    bytes.putByte(
        (column.nullable() ? NULLABLE : 0)
            | (defaultSql == null ? 0 : WITH_DEFAULT)
            | (identity == null ? 0 : IDENTITY)
            | (column.generatedSql() == null ? 0 : GENERATED));
    if (defaultSql != null) {
      bytes.putName(defaultSql);
    }
    if (identity != null) {
      putIdentity(bytes, identity);
    }
    if (column.generatedSql() != null) {
      bytes.putName(column.generatedSql());
    }
  }

  private static void putIdentity(CatalogBytes bytes, IdentityDef identity) {
    bytes.putInt(identity.counter());
    bytes.putByte(identity.always() ? 1 : 0);
    bytes.putLong(identity.start());
    bytes.putLong(identity.increment());
  }

  private static void putIndex(CatalogBytes bytes, IndexDef index) {
    bytes.putInt(index.id());
    bytes.putName(index.name());
    bytes.putByte(
        (index.unique() ? UNIQUE : 0)
            | (index.constraint() ? CONSTRAINT : 0)
            | (index.descending().isEmpty() ? 0 : DESCENDING));
    bytes.putInts(index.columns());
    if (!index.descending().isEmpty()) {
      bytes.putInts(index.descending().stream().sorted().toList());
    }
  }

  /**
   * A table from its row.
   *
   * @throws IllegalStateException when it is damaged, or of a later version of the program
   */
  static TableDef decode(Row row) {
    CatalogBytes.Reader reader = CatalogBytes.read(row);
    int format = reader.takeFormat(FORMAT, FORMAT_WITH_PARTS);
    int id = reader.takeInt();
    String schema = reader.takeName();
    String name = reader.takeName();
    List<ColumnDef> columns = new ArrayList<>();
    for (int count = reader.takeCount(); count > 0; count--) {
      columns.add(takeColumn(reader));
    }
    List<Integer> key = reader.takeOrdinals(columns.size());
    String keyName = reader.takeName();
    List<IndexDef> indexes = new ArrayList<>();
    for (int count = reader.takeCount(); count > 0; count--) {
      indexes.add(takeIndex(reader, columns.size()));
    }
    List<CheckDef> checks = List.of();
    List<ForeignKeyDef> foreignKeys = List.of();
    RowLayout layout = RowLayout.dense(columns.size());
    IndexDef building = null;
    int last = 0;
    for (int count = format == FORMAT ? 0 : reader.takeCount(); count > 0; count--) {
      int part = reader.takeByte();
      CatalogBytes.check(part > last, "part", part);
      last = part;
      switch (part) {
        case CHECKS -> checks = takeChecks(reader);
        case FOREIGN_KEYS -> foreignKeys = takeForeignKeys(reader, columns.size());
        case LAYOUT -> layout = takeLayout(reader, columns.size());
        case BUILDING -> building = takeIndex(reader, columns.size());
        default -> throw new IllegalStateException("damaged catalog: part " + part);
      }
    }
    CatalogBytes.check(format == FORMAT || last > 0, "number of parts", 0);
    reader.expectEnd();
    return new TableDef(
        id, schema, name, columns, key, keyName, indexes, checks, foreignKeys, layout, building);
  }

  private static List<ForeignKeyDef> takeForeignKeys(CatalogBytes.Reader reader, int columnCount) {
    List<ForeignKeyDef> keys = new ArrayList<>();
    for (int count = reader.takeCount(); count > 0; count--) {
      String name = reader.takeName();
      List<Integer> columns = reader.takeOrdinals(columnCount);
      int table = reader.takeInt();
      CatalogBytes.check(table >= Catalog.FIRST_ID, "table", table);
      List<Integer> referenced = new ArrayList<>();
      while (referenced.size() < columns.size()) {
        // Of which table is known only when all have been read; CatalogCodec checks that.
        referenced.add(reader.takeInt());
      }
      boolean full = reader.takeFlags(1) != 0;
      ForeignKeyDef.Action onDelete = ForeignKeyDef.Action.of(reader.takeByte());
      ForeignKeyDef.Action onUpdate = ForeignKeyDef.Action.of(reader.takeByte());
      keys.add(new ForeignKeyDef(name, columns, table, referenced, full, onDelete, onUpdate));
    }
    CatalogBytes.check(!keys.isEmpty(), "number of foreign keys", 0);
    return keys;
  }

  private static RowLayout takeLayout(CatalogBytes.Reader reader, int columns) {
    List<Integer> slots = reader.takeOrdinals(Definitions.SLOTS_MAX);
    int next = reader.takeInt();
    CatalogBytes.check(next >= 0 && next <= Definitions.SLOTS_MAX, "next slot", next);
    CatalogBytes.check(
        slots.size() == columns && new HashSet<>(slots).size() == columns, "slots", slots);
    CatalogBytes.check(slots.stream().allMatch(slot -> slot < next), "slots", slots);
    SortedMap<Integer, Row> missing = new TreeMap<>();
    for (int count = reader.takeCount(); count > 0; count--) {
      int slot = reader.takeInt();
      boolean ascending = missing.isEmpty() || slot > missing.lastKey();
      CatalogBytes.check(ascending && slots.contains(slot), "slot of a missing value", slot);
      missing.put(slot, Row.wrap(reader.takeBytes()));
    }
    RowLayout layout = new RowLayout(slots, next, missing);
    CatalogBytes.check(!layout.isDense(), "layout without need", slots);
    return layout;
  }

  private static List<CheckDef> takeChecks(CatalogBytes.Reader reader) {
    List<CheckDef> checks = new ArrayList<>();
    for (int count = reader.takeCount(); count > 0; count--) {
      checks.add(new CheckDef(reader.takeName(), reader.takeName()));
    }
    CatalogBytes.check(!checks.isEmpty(), "number of checks", 0);
    return checks;
  }

  private static ColumnDef takeColumn(CatalogBytes.Reader reader) {
    String name = reader.takeName();
    SqlType type = reader.takeWholeType();
    int flags = reader.takeFlags(NULLABLE | WITH_DEFAULT | IDENTITY | GENERATED);
    String defaultSql = (flags & WITH_DEFAULT) == 0 ? null : reader.takeName();
    IdentityDef identity = (flags & IDENTITY) == 0 ? null : takeIdentity(reader);
    String generatedSql = (flags & GENERATED) == 0 ? null : reader.takeName();
    return new ColumnDef(name, type, (flags & NULLABLE) != 0, defaultSql, identity, generatedSql);
  }

  private static IdentityDef takeIdentity(CatalogBytes.Reader reader) {
    int counter = reader.takeInt();
    CatalogBytes.check(counter >= Catalog.FIRST_ID, "counter", counter);
    boolean always = reader.takeFlags(1) != 0;
    long start = reader.takeLong();
    long increment = reader.takeLong();
    CatalogBytes.check(increment != 0, "increment", increment);
    return new IdentityDef(counter, always, start, increment);
  }

  private static IndexDef takeIndex(CatalogBytes.Reader reader, int columnCount) {
    int id = reader.takeInt();
    String name = reader.takeName();
    int flags = reader.takeFlags(UNIQUE | CONSTRAINT | DESCENDING);
    List<Integer> columns = reader.takeOrdinals(columnCount);
    List<Integer> descending =
        (flags & DESCENDING) == 0 ? List.of() : reader.takeOrdinals(columns.size());
    for (int i = 1; i < descending.size(); i++) {
      CatalogBytes.check(
          descending.get(i - 1) < descending.get(i), "descending column", descending.get(i));
    }
    return new IndexDef(
        id,
        name,
        columns,
        (flags & UNIQUE) != 0,
        (flags & CONSTRAINT) != 0,
        Set.copyOf(descending));
  }
}
