package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** COMMENT ON as a function of a catalog, and what comments there are. Pure. */
public final class Comments {
  /** All of them are in the memory of each node. */
  public static final int CHARS_MAX = 10_000;

  private Comments() {}

  /** What may have a comment. */
  public enum Kind {
    SCHEMA,
    TABLE,
    VIEW,
    COLUMN,
    INDEX,
    SEQUENCE
  }

  /**
   * What is commented on.
   *
   * @param name of a schema it is the same again
   * @param column empty for all but columns
   */
  public record Subject(Kind kind, String schema, String name, String column) {}

  /**
   * COMMENT ON.
   *
   * @param text null or empty takes it away
   */
  public static CatalogEdit set(Catalog catalog, Subject subject, @Nullable String text) {
    Definitions.checkSchema(catalog, subject.schema());
    if (text != null && text.length() > CHARS_MAX) {
      throw new SqlFailure(
          State.LIMIT_EXCEEDED,
          "the comment has " + text.length() + " characters, at most " + CHARS_MAX);
    }
    SchemaObjects objects = catalog.objects().withComment(key(catalog, subject), text);
    return new CatalogEdit(catalog.withObjects(objects, catalog.nextId()), List.of(), List.of());
  }

  private static CommentKey key(Catalog catalog, Subject subject) {
    String schema = subject.schema();
    String name = subject.name();
    return switch (subject.kind()) {
      case SCHEMA -> new CommentKey(CommentKey.SCHEMA, schema);
      case TABLE -> new CommentKey(Definitions.require(catalog, schema, name).id(), "");
      case VIEW ->
          new CommentKey(
              catalog
                  .objects()
                  .findView(schema, name)
                  .orElseThrow(() -> notFound(catalog, subject, "view"))
                  .id(),
              "");
      case SEQUENCE ->
          new CommentKey(
              catalog
                  .objects()
                  .findSequence(schema, name)
                  .orElseThrow(() -> notFound(catalog, subject, "sequence"))
                  .id(),
              "");
      case INDEX ->
          new CommentKey(
              catalog
                  .findTableOfIndex(schema, name)
                  .flatMap(table -> table.findIndex(name))
                  .orElseThrow(() -> Definitions.noIndex(schema, name))
                  .id(),
              "");
      case COLUMN -> ofColumn(catalog, subject);
    };
  }

  private static SqlFailure notFound(Catalog catalog, Subject subject, String kind) {
    return Definitions.notFound(
        catalog, subject.schema(), subject.name(), kind, State.TABLE_NOT_FOUND);
  }

  private static CommentKey ofColumn(Catalog catalog, Subject subject) {
    ViewDef view = catalog.objects().findView(subject.schema(), subject.name()).orElse(null);
    List<ColumnDef> columns;
    int id;
    if (view != null) {
      columns = view.columns();
      id = view.id();
    } else {
      TableDef table = Definitions.require(catalog, subject.schema(), subject.name());
      columns = table.visibleColumns();
      id = table.id();
    }
    if (columns.stream().noneMatch(column -> column.name().equals(subject.column()))) {
      throw new SqlFailure(
          State.COLUMN_NOT_FOUND,
          "column \"" + subject.column() + "\" of \"" + subject.name() + "\" not found");
    }
    return new CommentKey(id, subject.column());
  }

  /** All that may have a comment in a catalog. */
  private static Map<CommentKey, Subject> subjects(Catalog catalog) {
    Map<CommentKey, Subject> subjects = new HashMap<>();
    catalog
        .schemas()
        .forEach(
            name ->
                subjects.put(
                    new CommentKey(CommentKey.SCHEMA, name),
                    new Subject(Kind.SCHEMA, name, name, "")));
    catalog
        .tables()
        .values()
        .forEach(inside -> inside.values().forEach(table -> addTable(subjects, table)));
    for (ViewDef view : catalog.objects().views().values()) {
      subjects.put(
          new CommentKey(view.id(), ""), new Subject(Kind.VIEW, view.schema(), view.name(), ""));
      addColumns(subjects, view.id(), view.schema(), view.name(), view.columns());
    }
    for (SequenceDef sequence : catalog.objects().sequences().values()) {
      subjects.put(
          new CommentKey(sequence.id(), ""),
          new Subject(Kind.SEQUENCE, sequence.schema(), sequence.name(), ""));
    }
    return subjects;
  }

  private static void addTable(Map<CommentKey, Subject> subjects, TableDef table) {
    subjects.put(
        new CommentKey(table.id(), ""), new Subject(Kind.TABLE, table.schema(), table.name(), ""));
    addColumns(subjects, table.id(), table.schema(), table.name(), table.visibleColumns());
    for (IndexDef index : table.indexes()) {
      subjects.put(
          new CommentKey(index.id(), ""),
          new Subject(Kind.INDEX, table.schema(), index.name(), ""));
    }
  }

  private static void addColumns(
      Map<CommentKey, Subject> subjects,
      int id,
      String schema,
      String name,
      List<ColumnDef> columns) {
    for (ColumnDef column : columns) {
      subjects.put(
          new CommentKey(id, column.name()), new Subject(Kind.COLUMN, schema, name, column.name()));
    }
  }

  /** The objects without the comments on what is not there any more. */
  static SchemaObjects withoutOrphans(Catalog catalog) {
    SchemaObjects objects = catalog.objects();
    if (objects.comments().isEmpty()) {
      return objects;
    }
    Set<CommentKey> orphans = new HashSet<>(objects.comments().keySet());
    orphans.removeAll(subjects(catalog).keySet());
    SchemaObjects rest = objects;
    for (CommentKey orphan : orphans) {
      rest = rest.withComment(orphan, null);
    }
    return rest;
  }

  /**
   * Those on a table, its columns and its indexes go with them when they are renamed, or when the
   * table is written to another place.
   */
  static SchemaObjects moved(SchemaObjects objects, TableDef before, TableDef after) {
    SchemaObjects moved =
        moved(objects, new CommentKey(before.id(), ""), new CommentKey(after.id(), ""));
    boolean sameColumns = before.columns().size() == after.columns().size();
    for (int i = 0; i < before.columns().size(); i++) {
      String from = before.columns().get(i).name();
      String to = sameColumns ? after.columns().get(i).name() : from;
      moved = moved(moved, new CommentKey(before.id(), from), new CommentKey(after.id(), to));
    }
    for (IndexDef index : before.indexes()) {
      int to = after.findIndex(index.name()).map(IndexDef::id).orElse(index.id());
      moved = moved(moved, new CommentKey(index.id(), ""), new CommentKey(to, ""));
    }
    return moved;
  }

  private static SchemaObjects moved(SchemaObjects objects, CommentKey from, CommentKey to) {
    String text = objects.comments().get(from);
    return text == null || from.equals(to)
        ? objects
        : objects.withComment(from, null).withComment(to, text);
  }

  /** Of INFORMATION_SCHEMA.COMMENTS. */
  static List<@Nullable Object[]> rows(Catalog catalog) {
    Map<CommentKey, Subject> subjects = subjects(catalog);
    List<@Nullable Object[]> rows = new ArrayList<>();
    catalog
        .objects()
        .comments()
        .forEach(
            (key, text) -> {
              Subject subject = subjects.get(key);
              if (subject != null) {
                rows.add(
                    InformationSchema.row(
                        Catalog.NAME,
                        subject.schema(),
                        subject.name(),
                        subject.kind().name(),
                        subject.kind() == Kind.COLUMN ? subject.column() : null,
                        text));
              }
            });
    return rows;
  }
}
