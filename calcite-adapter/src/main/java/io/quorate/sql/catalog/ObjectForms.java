package io.quorate.sql.catalog;

import io.quorate.sql.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What schemas hold beside tables, as rows of the catalog. Pure functions.
 *
 * <pre>
 * view       format, id, schema, name, number of columns, of each: name, type as a byte, precision,
 *   scale; query as a name, path as a name, number of ids that it uses, those
 * sequence   format, id, schema, name, type as a byte, start, increment, min, max, whether it
 *   cycles, cache, counter, first
 * comment    format, id, part as a name, text as a name
 * </pre>
 *
 * Ids and counters are 4 bytes; the other numbers of a sequence are 8. The format begins with 2: a
 * node from before these rows takes them for users, whose format is 1, and so refuses them.
 *
 * @see CatalogCodec what a number and a name are
 */
final class ObjectForms {
  private static final int FORMAT = 2;

  private ObjectForms() {}

  static Row encode(ViewDef view) {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putByte(FORMAT);
    bytes.putInt(view.id());
    bytes.putName(view.schema());
    bytes.putName(view.name());
    bytes.putInt(view.columns().size());
    for (ColumnDef column : view.columns()) {
      bytes.putName(column.name());
      bytes.putType(column.type());
    }
    bytes.putName(view.sql());
    bytes.putName(view.path());
    bytes.putInts(view.uses());
    return bytes.toRow();
  }

  private static ViewDef decodeView(Row row) {
    CatalogBytes.Reader reader = CatalogBytes.read(row);
    reader.expectFormat(FORMAT);
    int id = reader.takeInt();
    String schema = reader.takeName();
    String name = reader.takeName();
    List<ColumnDef> columns = new ArrayList<>();
    for (int count = reader.takeCount(); count > 0; count--) {
      String column = reader.takeName();
      columns.add(new ColumnDef(column, reader.takeWholeType(), true, null));
    }
    String sql = reader.takeName();
    String path = reader.takeName();
    List<Integer> uses = new ArrayList<>();
    for (int count = reader.takeCount(); count > 0; count--) {
      uses.add(reader.takeInt());
    }
    reader.expectEnd();
    return new ViewDef(id, schema, name, columns, sql, path, uses);
  }

  static Row encode(SequenceDef sequence) {
    CatalogBytes bytes = new CatalogBytes();
    SequenceOptions options = sequence.options();
    bytes.putByte(FORMAT);
    bytes.putInt(sequence.id());
    bytes.putName(sequence.schema());
    bytes.putName(sequence.name());
    bytes.putByte(options.type().name().number());
    bytes.putLong(options.start());
    bytes.putLong(options.increment());
    bytes.putLong(options.min());
    bytes.putLong(options.max());
    bytes.putByte(options.cycle() ? 1 : 0);
    bytes.putLong(options.cache());
    bytes.putInt(sequence.counter());
    bytes.putLong(sequence.first());
    return bytes.toRow();
  }

  static Row encode(CommentKey key, String text) {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putByte(FORMAT);
    bytes.putInt(key.object());
    bytes.putName(key.part());
    bytes.putName(text);
    return bytes.toRow();
  }

  private static SortedMap<CommentKey, String> decodeComments(List<Row> rows) {
    SortedMap<CommentKey, String> comments = new TreeMap<>();
    for (Row row : rows) {
      CatalogBytes.Reader reader = CatalogBytes.read(row);
      reader.expectFormat(FORMAT);
      CommentKey key = new CommentKey(reader.takeInt(), reader.takeName());
      String text = reader.takeName();
      reader.expectEnd();
      CatalogBytes.check(comments.put(key, text) == null, "second comment", key);
    }
    return comments;
  }

  private static SequenceDef decodeSequence(Row row) {
    CatalogBytes.Reader reader = CatalogBytes.read(row);
    reader.expectFormat(FORMAT);
    int id = reader.takeInt();
    String schema = reader.takeName();
    String name = reader.takeName();
    SequenceOptions options =
        new SequenceOptions(
            SqlType.of(reader.takeType()),
            reader.takeLong(),
            reader.takeLong(),
            reader.takeLong(),
            reader.takeLong(),
            reader.takeFlags(1) != 0,
            reader.takeLong());
    CatalogBytes.check(options.increment() != 0, "increment", options.increment());
    CatalogBytes.check(options.cache() >= 0, "cache", options.cache());
    int counter = reader.takeInt();
    long first = reader.takeLong();
    CatalogBytes.check(first >= options.min() && first <= options.max(), "first value", first);
    reader.expectEnd();
    return new SequenceDef(id, schema, name, options, counter, first);
  }

  /**
   * The objects of their rows.
   *
   * @throws IllegalStateException when they are damaged, or of a later version of the program
   */
  static SchemaObjects decode(
      List<Row> views, List<Row> sequences, List<Row> comments, List<Row> access) {
    SortedMap<Integer, ViewDef> viewsById = new TreeMap<>();
    for (Row row : views) {
      ViewDef view = decodeView(row);
      CatalogBytes.check(viewsById.put(view.id(), view) == null, "second id", view.id());
    }
    SortedMap<Integer, SequenceDef> byId = new TreeMap<>();
    for (Row row : sequences) {
      SequenceDef sequence = decodeSequence(row);
      CatalogBytes.check(byId.put(sequence.id(), sequence) == null, "second id", sequence.id());
    }
    return new SchemaObjects(
        viewsById, byId, decodeComments(comments), AccessForms.decodeAccess(access));
  }

  /** Whether they fit to the head that was found with them. */
  static void check(SchemaObjects objects, Set<String> schemas, int nextId) {
    for (ViewDef view : objects.views().values()) {
      CatalogBytes.check(schemas.contains(view.schema()), "schema", view.schema());
      CatalogBytes.check(view.id() < nextId, "id", view.id());
    }
    for (SequenceDef sequence : objects.sequences().values()) {
      CatalogBytes.check(schemas.contains(sequence.schema()), "schema", sequence.schema());
      CatalogBytes.check(sequence.id() < nextId, "id", sequence.id());
      CatalogBytes.check(
          sequence.counter() >= Catalog.FIRST_ID && sequence.counter() < nextId,
          "counter",
          sequence.counter());
    }
  }
}
