package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Definitions as rows of store table {@link Catalog#STORE_TABLE}: one for the head, one for each
 * table, one for each user. Pure functions.
 *
 * <pre>
 * key of the head   00
 * key of a table    01, id as 4 bytes
 * key of the secret 02
 * key of a user     03, name in UTF-8
 * head              format, version as 8 bytes, next id, number of schemas, their names
 * table             format, id, schema, name,
 *                   number of columns, of each: name, type, precision, scale, flags, [default],
 *                     [counter, whether always, start as 8 bytes, increment as 8 bytes]
 *                   number of key columns, their ordinals, name of the key,
 *                   number of indexes, of each: id, name, flags, number of columns, their ordinals;
 *                   with checks in format 2: number of checks, of each: name, condition as a name
 * secret            format, text as a name
 * user              format, name, flags, [verifier as a name], created as 8 bytes
 * </pre>
 *
 * Numbers are 4 bytes, big-endian; a name is its number of UTF-8 bytes and those; type, flags and
 * format are one byte. What is not exactly so is refused: a catalog that is half understood would
 * be worse than none.
 */
public final class CatalogCodec {
  private static final int FORMAT = 1;

  /** Of a table with checks; one without is written as ever, so that older nodes can read it. */
  private static final int FORMAT_WITH_CHECKS = 2;

  private static final byte HEAD_KEY = 0;
  private static final byte TABLE_KEY = 1;
  private static final byte SECRET_KEY = 2;
  private static final byte USER_KEY = 3;

  private static final int NULLABLE = 1;
  private static final int WITH_DEFAULT = 2;
  private static final int IDENTITY = 4;
  private static final int UNIQUE = 1;
  private static final int CONSTRAINT = 2;
  private static final int WITH_PASSWORD = 1;

  private CatalogCodec() {}

  /** Where the head lies. */
  public static RowKey headKey() {
    return RowKey.wrap(new byte[] {HEAD_KEY});
  }

  /** Where the table with that id lies. */
  public static RowKey tableKey(int id) {
    return RowKey.wrap(ByteBuffer.allocate(1 + Integer.BYTES).put(TABLE_KEY).putInt(id).array());
  }

  /** The first key of a table; those from here to the secret's are of tables. */
  static RowKey firstTableKey() {
    return RowKey.wrap(new byte[] {TABLE_KEY});
  }

  /** Where the secret of the users lies. */
  static RowKey secretKey() {
    return RowKey.wrap(new byte[] {SECRET_KEY});
  }

  /** The first key of a user; all keys from here on are of users. */
  static RowKey firstUserKey() {
    return RowKey.wrap(new byte[] {USER_KEY});
  }

  /** Where the user of that name lies. */
  public static RowKey userKey(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return RowKey.wrap(ByteBuffer.allocate(1 + utf8.length).put(USER_KEY).put(utf8).array());
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
    bytes.putByte(table.checks().isEmpty() ? FORMAT : FORMAT_WITH_CHECKS);
    bytes.putInt(table.id());
    bytes.putName(table.schema());
    bytes.putName(table.name());
    bytes.putInt(table.columns().size());
    table.columns().forEach(column -> putColumn(bytes, column));
    bytes.putInts(table.primaryKey());
    bytes.putName(table.primaryKeyName());
    bytes.putInt(table.indexes().size());
    table.indexes().forEach(index -> putIndex(bytes, index));
    putChecks(bytes, table.checks());
    return bytes.toRow();
  }

  private static void putChecks(CatalogBytes bytes, List<CheckDef> checks) {
    if (!checks.isEmpty()) {
      bytes.putInt(checks.size());
      for (CheckDef check : checks) {
        bytes.putName(check.name());
        bytes.putName(check.sql());
      }
    }
  }

  private static void putColumn(CatalogBytes bytes, ColumnDef column) {
    bytes.putName(column.name());
    bytes.putByte(column.type().name().number());
    bytes.putInt(column.type().precision());
    bytes.putInt(column.type().scale());
    String defaultSql = column.defaultSql();
    IdentityDef identity = column.identity();
    bytes.putByte(
        (column.nullable() ? NULLABLE : 0)
            | (defaultSql == null ? 0 : WITH_DEFAULT)
            | (identity == null ? 0 : IDENTITY));
    if (defaultSql != null) {
      bytes.putName(defaultSql);
    }
    if (identity != null) {
      putIdentity(bytes, identity);
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
    bytes.putByte((index.unique() ? UNIQUE : 0) | (index.constraint() ? CONSTRAINT : 0));
    bytes.putInts(index.columns());
  }

  static Row encodeSecret(String secret) {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putByte(FORMAT);
    bytes.putName(secret);
    return bytes.toRow();
  }

  public static Row encodeUser(UserDef user) {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putByte(FORMAT);
    bytes.putName(user.name());
    String verifier = user.verifier();
    bytes.putByte(verifier == null ? 0 : WITH_PASSWORD);
    if (verifier != null) {
      bytes.putName(verifier);
    }
    bytes.putLong(user.createdMillis());
    return bytes.toRow();
  }

  /**
   * The users of a secret, if there is one, and their rows.
   *
   * @throws IllegalStateException when they are damaged, or of a later version of the program
   */
  static Users decodeUsers(Optional<Row> secret, List<Row> rows) {
    SortedMap<String, UserDef> byName = new TreeMap<>();
    for (Row row : rows) {
      UserDef user = decodeUser(row);
      CatalogBytes.check(byName.put(user.name(), user) == null, "second user", user.name());
    }
    CatalogBytes.check(
        secret.isPresent() || rows.isEmpty(), "users without a secret:", rows.size());
    return new Users(byName, secret.map(CatalogCodec::decodeSecret).orElse(""));
  }

  private static String decodeSecret(Row row) {
    CatalogBytes.Reader reader = CatalogBytes.read(row);
    reader.expectFormat(FORMAT);
    String secret = reader.takeName();
    reader.expectEnd();
    return secret;
  }

  /**
   * A user from its row.
   *
   * @throws IllegalStateException when it is damaged, or of a later version of the program
   */
  public static UserDef decodeUser(Row row) {
    CatalogBytes.Reader reader = CatalogBytes.read(row);
    reader.expectFormat(FORMAT);
    String name = reader.takeName();
    String verifier = reader.takeFlags(WITH_PASSWORD) == 0 ? null : reader.takeName();
    long createdMillis = reader.takeLong();
    reader.expectEnd();
    return new UserDef(name, verifier, createdMillis);
  }

  /** The catalog of a head and its tables, without users. */
  public static Catalog decode(Row head, List<Row> tables) {
    return decode(head, tables, Users.NONE);
  }

  /**
   * The catalog of a head, its tables and its users.
   *
   * @throws IllegalStateException when they are damaged, or of a later version of the program
   */
  static Catalog decode(Row head, List<Row> tables, Users users) {
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
    return new Catalog(version, nextId, schemas, bySchema, users);
  }

  /**
   * A table from its row.
   *
   * @throws IllegalStateException when it is damaged, or of a later version of the program
   */
  public static TableDef decodeTable(Row row) {
    CatalogBytes.Reader reader = CatalogBytes.read(row);
    int format = reader.takeFormat(FORMAT, FORMAT_WITH_CHECKS);
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
    List<CheckDef> checks = format == FORMAT ? List.of() : takeChecks(reader);
    reader.expectEnd();
    return new TableDef(id, schema, name, columns, key, keyName, indexes, checks);
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
    SqlType.Name type = reader.takeType();
    int precision = reader.takeInt();
    int scale = reader.takeInt();
    int flags = reader.takeFlags(NULLABLE | WITH_DEFAULT | IDENTITY);
    String defaultSql = (flags & WITH_DEFAULT) == 0 ? null : reader.takeName();
    IdentityDef identity = (flags & IDENTITY) == 0 ? null : takeIdentity(reader);
    return new ColumnDef(
        name, new SqlType(type, precision, scale), (flags & NULLABLE) != 0, defaultSql, identity);
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
    int flags = reader.takeFlags(UNIQUE | CONSTRAINT);
    List<Integer> columns = reader.takeOrdinals(columnCount);
    return new IndexDef(id, name, columns, (flags & UNIQUE) != 0, (flags & CONSTRAINT) != 0);
  }
}
