package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Definitions as rows of store table {@link Catalog#STORE_TABLE}: one for the head, one for each
 * table. Pure functions.
 *
 * <pre>
 * key of the head   00
 * key of a table    01, id as 4 bytes
 * head              format, version as 8 bytes, next id, number of schemas, their names
 * table             format, id, schema, name,
 *                   number of columns, of each: name, type, precision, scale, flags, [default],
 *                   number of key columns, their ordinals, name of the key,
 *                   number of indexes, of each: id, name, flags, number of columns, their ordinals
 * </pre>
 *
 * Numbers are 4 bytes, big-endian; a name is its number of UTF-8 bytes and those; type, flags and
 * format are one byte. What is not exactly so is refused: a catalog that is half understood would
 * be worse than none.
 */
public final class CatalogCodec {
  private static final int FORMAT = 1;
  private static final byte HEAD_KEY = 0;
  private static final byte TABLE_KEY = 1;

  private static final int NULLABLE = 1;
  private static final int WITH_DEFAULT = 2;
  private static final int UNIQUE = 1;
  private static final int CONSTRAINT = 2;

  private CatalogCodec() {}

  /** Where the head lies. */
  public static RowKey headKey() {
    return RowKey.wrap(new byte[] {HEAD_KEY});
  }

  /** Where the table with that id lies. */
  public static RowKey tableKey(int id) {
    return RowKey.wrap(ByteBuffer.allocate(1 + Integer.BYTES).put(TABLE_KEY).putInt(id).array());
  }

  /** The first key of a table; all keys from here on are of tables. */
  static RowKey firstTableKey() {
    return RowKey.wrap(new byte[] {TABLE_KEY});
  }

  /** The head: all but the tables. */
  public static Row encodeHead(Catalog catalog) {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putByte(FORMAT);
    bytes.putLong(catalog.version());
    bytes.putInt(catalog.nextId());
    bytes.putInt(catalog.schemas().size());
    catalog.schemas().forEach(bytes::putName);
    return bytes.toRow();
  }

  public static Row encodeTable(TableDef table) {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putByte(FORMAT);
    bytes.putInt(table.id());
    bytes.putName(table.schema());
    bytes.putName(table.name());
    bytes.putInt(table.columns().size());
    table.columns().forEach(column -> putColumn(bytes, column));
    bytes.putInts(table.primaryKey());
    bytes.putName(table.primaryKeyName());
    bytes.putInt(table.indexes().size());
    table.indexes().forEach(index -> putIndex(bytes, index));
    return bytes.toRow();
  }

  private static void putColumn(CatalogBytes bytes, ColumnDef column) {
    bytes.putName(column.name());
    bytes.putByte(column.type().name().number());
    bytes.putInt(column.type().precision());
    bytes.putInt(column.type().scale());
    String defaultSql = column.defaultSql();
    bytes.putByte((column.nullable() ? NULLABLE : 0) | (defaultSql == null ? 0 : WITH_DEFAULT));
    if (defaultSql != null) {
      bytes.putName(defaultSql);
    }
  }

  private static void putIndex(CatalogBytes bytes, IndexDef index) {
    bytes.putInt(index.id());
    bytes.putName(index.name());
    bytes.putByte((index.unique() ? UNIQUE : 0) | (index.constraint() ? CONSTRAINT : 0));
    bytes.putInts(index.columns());
  }

  /**
   * The catalog of a head and its tables.
   *
   * @throws IllegalStateException when they are damaged, or of a later version of the program
   */
  public static Catalog decode(Row head, List<Row> tables) {
    CatalogBytes.Reader reader = CatalogBytes.read(head);
    reader.expectFormat(FORMAT);
    long version = reader.takeLong();
    int nextId = reader.takeInt();
    TreeSet<String> schemas = new TreeSet<>();
    for (int count = reader.takeCount(); count > 0; count--) {
      schemas.add(reader.takeName());
    }
    reader.expectEnd();
    SortedMap<String, SortedMap<String, TableDef>> bySchema = new TreeMap<>();
    for (Row row : tables) {
      TableDef table = decodeTable(row);
      CatalogBytes.check(schemas.contains(table.schema()), "schema", table.schema());
      CatalogBytes.check(table.id() < nextId, "id", table.id());
      TableDef before =
          bySchema
              .computeIfAbsent(table.schema(), schema -> new TreeMap<>())
              .put(table.name(), table);
      CatalogBytes.check(before == null, "second table", table.name());
    }
    return new Catalog(version, nextId, schemas, bySchema);
  }

  /**
   * A table from its row.
   *
   * @throws IllegalStateException when it is damaged, or of a later version of the program
   */
  public static TableDef decodeTable(Row row) {
    CatalogBytes.Reader reader = CatalogBytes.read(row);
    reader.expectFormat(FORMAT);
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
    reader.expectEnd();
    return new TableDef(id, schema, name, columns, key, keyName, indexes);
  }

  private static ColumnDef takeColumn(CatalogBytes.Reader reader) {
    String name = reader.takeName();
    SqlType.Name type = reader.takeType();
    int precision = reader.takeInt();
    int scale = reader.takeInt();
    int flags = reader.takeFlags(NULLABLE | WITH_DEFAULT);
    String defaultSql = (flags & WITH_DEFAULT) == 0 ? null : reader.takeName();
    return new ColumnDef(
        name, new SqlType(type, precision, scale), (flags & NULLABLE) != 0, defaultSql);
  }

  private static IndexDef takeIndex(CatalogBytes.Reader reader, int columnCount) {
    int id = reader.takeInt();
    String name = reader.takeName();
    int flags = reader.takeFlags(UNIQUE | CONSTRAINT);
    List<Integer> columns = reader.takeOrdinals(columnCount);
    return new IndexDef(id, name, columns, (flags & UNIQUE) != 0, (flags & CONSTRAINT) != 0);
  }
}
