package io.quorate.sql.catalog;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What schemas hold beside tables. Immutable.
 *
 * @param views by id
 * @param sequences by id
 * @param comments on these, on schemas, and on tables with what is in them
 * @param access who owns them, schemas and tables, and what was granted on them; what is not there
 *     belongs to the administrators
 */
public record SchemaObjects(
    SortedMap<Integer, ViewDef> views,
    SortedMap<Integer, SequenceDef> sequences,
    SortedMap<CommentKey, String> comments,
    SortedMap<ObjectKey, ObjectAccess> access) {
  static final SchemaObjects NONE =
      new SchemaObjects(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public SchemaObjects {
    views = Collections.unmodifiableSortedMap(new TreeMap<>(views));
    sequences = Collections.unmodifiableSortedMap(new TreeMap<>(sequences));
    comments = Collections.unmodifiableSortedMap(new TreeMap<>(comments));
    access = Collections.unmodifiableSortedMap(new TreeMap<>(access));
  }

  /** Who owns an object, and what was granted on it. */
  public ObjectAccess access(ObjectKey key) {
    ObjectAccess known = access.get(key);
    return known == null ? initial(key) : known;
  }

  private static ObjectAccess initial(ObjectKey key) {
    return key.equals(ObjectKey.ofSchema(Catalog.DEFAULT_SCHEMA))
        ? ObjectAccess.OF_DEFAULT_SCHEMA
        : ObjectAccess.NONE;
  }

  SchemaObjects withAccess(ObjectKey key, ObjectAccess other) {
    SortedMap<ObjectKey, ObjectAccess> others = new TreeMap<>(access);
    if (other.equals(initial(key))) {
      others.remove(key);
    } else {
      others.put(key, other);
    }
    return new SchemaObjects(views, sequences, comments, others);
  }

  SchemaObjects withoutAccess(ObjectKey key) {
    return withAccess(key, initial(key));
  }

  public Optional<ViewDef> findView(int id) {
    return Optional.ofNullable(views.get(id));
  }

  public Optional<ViewDef> findView(String schema, String name) {
    return views.values().stream()
        .filter(each -> each.schema().equals(schema) && each.name().equals(name))
        .findFirst();
  }

  public Optional<SequenceDef> findSequence(int id) {
    return Optional.ofNullable(sequences.get(id));
  }

  public Optional<SequenceDef> findSequence(String schema, String name) {
    return sequences.values().stream()
        .filter(each -> each.schema().equals(schema) && each.name().equals(name))
        .findFirst();
  }

  /** What there is of the name, for a message. */
  Optional<String> findRelation(String schema, String name) {
    return findView(schema, name).isPresent()
        ? Optional.of("view")
        : findSequence(schema, name).map(found -> "sequence");
  }

  /** In the order in which they were made. */
  List<ViewDef> viewsOf(String schema) {
    return views.values().stream().filter(each -> each.schema().equals(schema)).toList();
  }

  /** In the order in which they were made. */
  List<SequenceDef> sequencesOf(String schema) {
    return sequences.values().stream().filter(each -> each.schema().equals(schema)).toList();
  }

  SchemaObjects with(ViewDef view) {
    SortedMap<Integer, ViewDef> others = new TreeMap<>(views);
    others.put(view.id(), view);
    return new SchemaObjects(others, sequences, comments, access);
  }

  SchemaObjects with(SequenceDef sequence) {
    SortedMap<Integer, SequenceDef> others = new TreeMap<>(sequences);
    others.put(sequence.id(), sequence);
    return new SchemaObjects(views, others, comments, access);
  }

  /** The comment on a table, view or sequence, or on a column of one. */
  public @Nullable String comment(int id, String column) {
    return comments.get(new CommentKey(id, column));
  }

  /**
   * With another comment.
   *
   * @param text null or empty for none
   */
  SchemaObjects withComment(CommentKey key, @Nullable String text) {
    SortedMap<CommentKey, String> others = new TreeMap<>(comments);
    others.remove(key);
    if (text != null && !text.isEmpty()) {
      others.put(key, text);
    }
    return new SchemaObjects(views, sequences, others, access);
  }

  SchemaObjects withoutViews(Predicate<ViewDef> gone) {
    SortedMap<Integer, ViewDef> others = new TreeMap<>(views);
    others.values().removeIf(gone);
    return new SchemaObjects(others, sequences, comments, access);
  }

  SchemaObjects withoutSequences(Predicate<SequenceDef> gone) {
    SortedMap<Integer, SequenceDef> others = new TreeMap<>(sequences);
    others.values().removeIf(gone);
    return new SchemaObjects(views, others, comments, access);
  }
}
