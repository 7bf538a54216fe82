package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Definitions as rows of store table {@link Catalog#STORE_TABLE}: one for the head, one for each
 * table, user, view, sequence, comment, role and access. Pure functions.
 *
 * <pre>
 * key of the head   00
 * key of a table    01, id as 4 bytes
 * key of the secret 02
 * key of a user     03, name in UTF-8
 * key of a view     04, id as 4 bytes
 * key of a sequence 05, id as 4 bytes
 * key of a comment  06, id as 4 bytes, part in UTF-8
 * key of a role     07, name in UTF-8
 * key of an access  08, id as 4 bytes, schema in UTF-8
 * head              format, version as 8 bytes, next id, number of schemas, their names
 * table             see TableForm
 * secret            format, text as a name
 * user              format, name, flags, [verifier as a name], created as 8 bytes
 * view, sequence, comment  see ObjectForms
 * role, access      see AccessForms
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
  private static final byte SECRET_KEY = 2;
  private static final byte USER_KEY = 3;
  private static final byte VIEW_KEY = 4;
  private static final byte SEQUENCE_KEY = 5;
  private static final byte COMMENT_KEY = 6;
  private static final byte ROLE_KEY = 7;
  private static final byte ACCESS_KEY = 8;
  private static final byte FIRST_UNKNOWN_KEY = 9;

  private static final int WITH_PASSWORD = 1;
  private static final int RESTRICTED = 2;

  private CatalogCodec() {}

  /** Where the head lies. */
  public static RowKey headKey() {
    return RowKey.wrap(new byte[] {HEAD_KEY});
  }

  /** Where the table with that id lies. */
  public static RowKey tableKey(int id) {
    return keyOf(TABLE_KEY, id);
  }

  private static RowKey keyOf(byte kind, int id) {
    return RowKey.wrap(ByteBuffer.allocate(1 + Integer.BYTES).put(kind).putInt(id).array());
  }

  /** Where the view with that id lies. */
  static RowKey viewKey(int id) {
    return keyOf(VIEW_KEY, id);
  }

  /** The first key of a view. */
  static RowKey firstViewKey() {
    return RowKey.wrap(new byte[] {VIEW_KEY});
  }

  /** Where the sequence with that id lies. */
  static RowKey sequenceKey(int id) {
    return keyOf(SEQUENCE_KEY, id);
  }

  /** The first key of a sequence. */
  static RowKey firstSequenceKey() {
    return RowKey.wrap(new byte[] {SEQUENCE_KEY});
  }

  /** Where the comment lies. */
  static RowKey commentKey(CommentKey key) {
    byte[] part = key.part().getBytes(StandardCharsets.UTF_8);
    return RowKey.wrap(
        ByteBuffer.allocate(1 + Integer.BYTES + part.length)
            .put(COMMENT_KEY)
            .putInt(key.object())
            .put(part)
            .array());
  }

  /** The first key of a comment. */
  static RowKey firstCommentKey() {
    return RowKey.wrap(new byte[] {COMMENT_KEY});
  }

  /** Where the role of that name lies. */
  static RowKey roleKey(String name) {
    return keyOf(ROLE_KEY, name);
  }

  /** The first key of a role. */
  static RowKey firstRoleKey() {
    return RowKey.wrap(new byte[] {ROLE_KEY});
  }

  /** Where the access to an object lies. */
  static RowKey accessKey(ObjectKey key) {
    byte[] schema = key.schema().getBytes(StandardCharsets.UTF_8);
    return RowKey.wrap(
        ByteBuffer.allocate(1 + Integer.BYTES + schema.length)
            .put(ACCESS_KEY)
            .putInt(key.id())
            .put(schema)
            .array());
  }

  /** The first key of an access. */
  static RowKey firstAccessKey() {
    return RowKey.wrap(new byte[] {ACCESS_KEY});
  }

  /** From here on no key is known; nodes of a later version may have put some. */
  static RowKey firstUnknownKey() {
    return RowKey.wrap(new byte[] {FIRST_UNKNOWN_KEY});
  }

  /** The first key of a table; those from here to the secret's are of tables. */
  static RowKey firstTableKey() {
    return RowKey.wrap(new byte[] {TABLE_KEY});
  }

  /** Where the secret of the users lies. */
  static RowKey secretKey() {
    return RowKey.wrap(new byte[] {SECRET_KEY});
  }

  /** The first key of a user. */
  static RowKey firstUserKey() {
    return RowKey.wrap(new byte[] {USER_KEY});
  }

  /** Where the user of that name lies. */
  public static RowKey userKey(String name) {
    return keyOf(USER_KEY, name);
  }

  private static RowKey keyOf(byte kind, String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return RowKey.wrap(ByteBuffer.allocate(1 + utf8.length).put(kind).put(utf8).array());
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

  /** The row of a table. */
  public static Row encodeTable(TableDef table) {
    return TableForm.encode(table);
  }

  /**
   * A table from its row.
   *
   * @throws IllegalStateException when it is damaged, or of a later version of the program
   */
  public static TableDef decodeTable(Row row) {
    return TableForm.decode(row);
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
    bytes.putByte((verifier == null ? 0 : WITH_PASSWORD) | (user.admin() ? 0 : RESTRICTED));
    if (verifier != null) {
      bytes.putName(verifier);
    }
    bytes.putLong(user.createdMillis());
    return bytes.toRow();
  }

  /**
   * The users of a secret, if there is one, their rows, and those of the roles.
   *
   * @throws IllegalStateException when they are damaged, or of a later version of the program
   */
  static Users decodeUsers(Optional<Row> secret, List<Row> rows, List<Row> roles) {
    SortedMap<String, UserDef> byName = new TreeMap<>();
    for (Row row : rows) {
      UserDef user = decodeUser(row);
      CatalogBytes.check(byName.put(user.name(), user) == null, "second user", user.name());
    }
    CatalogBytes.check(
        secret.isPresent() || rows.isEmpty(), "users without a secret:", rows.size());
    return new Users(
        byName, secret.map(CatalogCodec::decodeSecret).orElse(""), AccessForms.decodeRoles(roles));
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
    int flags = reader.takeFlags(WITH_PASSWORD | RESTRICTED);
    String verifier = (flags & WITH_PASSWORD) == 0 ? null : reader.takeName();
    long createdMillis = reader.takeLong();
    reader.expectEnd();
    return new UserDef(name, verifier, createdMillis, (flags & RESTRICTED) == 0);
  }

  /** The catalog of a head and its tables alone. */
  public static Catalog decode(Row head, List<Row> tables) {
    return decode(head, tables, Users.NONE, SchemaObjects.NONE);
  }

  /**
   * The catalog of a head, its tables, its users and what else there is.
   *
   * @throws IllegalStateException when they are damaged, or of a later version of the program
   */
  static Catalog decode(Row head, List<Row> tables, Users users, SchemaObjects objects) {
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
    ObjectForms.check(objects, schemas, nextId);
    Catalog catalog = new Catalog(version, nextId, schemas, bySchema, users, objects);
    checkForeignKeys(catalog);
    return catalog;
  }

  private static void checkForeignKeys(Catalog catalog) {
    for (SortedMap<String, TableDef> inside : catalog.tables().values()) {
      for (TableDef table : inside.values()) {
        for (ForeignKeyDef key : table.foreignKeys()) {
          CatalogBytes.check(
              catalog
                      .find(key.table())
                      .flatMap(parent -> parent.findUniqueKey(key.referenced()))
                      .isPresent()
                  && table.findKeyBeginningWith(key.columns()).isPresent(),
              "foreign key",
              key.name());
        }
      }
    }
  }
}
