package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * ALTER SCHEMA, VIEW, INDEX and SEQUENCE ... RENAME TO as functions of a catalog; a table's is one
 * of {@link TableChanges}. What is renamed keeps its id, its owner, its privileges and its
 * comments. Pure, as {@link Definitions} are.
 */
public final class Renames {
  private Renames() {}

  /** What is renamed by these. */
  public enum Kind {
    SCHEMA,
    VIEW,
    INDEX,
    SEQUENCE
  }

  /**
   * Gives something that is there another name, within its schema.
   *
   * @param schema of a schema it is the same as {@code name}
   */
  public static CatalogEdit rename(
      Catalog catalog, Kind kind, String schema, String name, String to) {
    return switch (kind) {
      case SCHEMA -> schema(catalog, name, to);
      case VIEW -> view(catalog, schema, name, to);
      case INDEX -> index(catalog, schema, name, to);
      case SEQUENCE -> Sequences.rename(catalog, schema, name, to);
    };
  }

  /**
   * Whether there is nothing of the name, so that IF EXISTS has nothing to do.
   *
   * @param schema of a schema it is the same as {@code name}
   */
  public static boolean isMissing(Catalog catalog, Kind kind, String schema, String name) {
    if (Catalog.isBuiltIn(schema)) {
      return false;
    }
    return switch (kind) {
      case SCHEMA -> !catalog.schemas().contains(name);
      case VIEW, SEQUENCE -> !catalog.hasRelation(schema, name);
      case INDEX -> catalog.findTableOfIndex(schema, name).isEmpty();
    };
  }

  private static CatalogEdit view(Catalog catalog, String schema, String name, String to) {
    ViewDef view = Views.require(catalog, schema, name);
    Definitions.checkNoRelation(catalog, schema, to);
    for (ViewDef user : catalog.objects().views().values()) {
      if (user.uses().contains(view.id())) {
        throw Views.inTheWay(view.described(), user);
      }
    }
    SchemaObjects after = catalog.objects().with(view.in(schema, to, view.path()));
    return new CatalogEdit(catalog.withObjects(after, catalog.nextId()), List.of(), List.of());
  }

  /** The index of a UNIQUE constraint is renamed with that: they have one name. */
  private static CatalogEdit index(Catalog catalog, String schema, String name, String to) {
    Definitions.checkSchema(catalog, schema);
    TableDef table =
        catalog.findTableOfIndex(schema, name).orElseThrow(() -> Definitions.noIndex(schema, name));
    if (Definitions.isNameTaken(catalog, schema, to)) {
      throw new SqlFailure(
          State.OBJECT_EXISTS,
          "constraint or index " + Definitions.named(schema, to) + " exists already");
    }
    List<IndexDef> indexes =
        table.indexes().stream()
            .map(index -> index.name().equals(name) ? index.withName(to) : index)
            .toList();
    return new CatalogEdit(
        Definitions.withTables(catalog, List.of(table.withIndexes(indexes)), catalog.nextId()),
        List.of(),
        List.of(table.id()));
  }

  /**
   * Foreign keys and views know tables by their ids; what names the schema in a text is followed
   * where that text is ours, as in a DEFAULT, and in the way where it is a view's.
   */
  private static CatalogEdit schema(Catalog catalog, String name, String to) {
    if (Catalog.isBuiltIn(name) || name.equals(Catalog.DEFAULT_SCHEMA)) {
      throw new SqlFailure(
          State.WRONG_OBJECT, "schema \"" + name + "\" is built in and cannot be renamed");
    }
    Definitions.checkSchema(catalog, name);
    Definitions.checkNoSchema(catalog, to);
    List<Integer> locked = new ArrayList<>();
    Catalog followed = catalog;
    SchemaObjects objects = withAnother(catalog.objects(), name, to);
    for (SequenceDef before : catalog.objects().sequencesOf(name)) {
      SequenceDef after = before.named(to, before.name());
      locked.addAll(SequenceUses.idsWith(catalog, before));
      followed =
          SequenceUses.replace(
              followed, before, text -> text.replace(before.nextValue(), after.nextValue()));
      objects = objects.with(after);
    }
    for (ViewDef view : catalog.objects().views().values()) {
      objects = objects.with(following(catalog, view, name, to));
    }
    SortedMap<String, SortedMap<String, TableDef>> tables = new TreeMap<>(followed.tables());
    SortedMap<String, TableDef> inside = tables.remove(name);
    if (inside != null) {
      SortedMap<String, TableDef> moved = new TreeMap<>();
      inside.forEach((table, definition) -> moved.put(table, definition.withSchema(to)));
      moved.values().forEach(table -> locked.add(table.id()));
      tables.put(to, moved);
    }
    TreeSet<String> schemas = new TreeSet<>(catalog.schemas());
    schemas.remove(name);
    schemas.add(to);
    Catalog after =
        new Catalog(
            catalog.version() + 1, catalog.nextId(), schemas, tables, catalog.users(), objects);
    return new CatalogEdit(after, List.of(), locked.stream().distinct().toList());
  }

  private static SchemaObjects withAnother(SchemaObjects objects, String name, String to) {
    CommentKey comment = new CommentKey(CommentKey.SCHEMA, name);
    ObjectKey key = ObjectKey.ofSchema(name);
    return objects
        .withComment(new CommentKey(CommentKey.SCHEMA, to), objects.comments().get(comment))
        .withComment(comment, null)
        .withAccess(ObjectKey.ofSchema(to), objects.access(key))
        .withoutAccess(key);
  }

  private static ViewDef following(Catalog catalog, ViewDef view, String name, String to) {
    if (TableChanges.mentions(view.sql(), name) && usesSome(catalog, view, name)) {
      throw Views.inTheWay("schema \"" + name + "\"", view);
    }
    return view.in(
        view.schema().equals(name) ? to : view.schema(),
        view.name(),
        view.path().equals(name) ? to : view.path());
  }

  private static boolean usesSome(Catalog catalog, ViewDef view, String schema) {
    return view.uses().stream()
        .anyMatch(
            id ->
                catalog.find(id).filter(table -> table.schema().equals(schema)).isPresent()
                    || catalog
                        .objects()
                        .findView(id)
                        .filter(used -> used.schema().equals(schema))
                        .isPresent());
  }
}
