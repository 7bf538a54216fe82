package io.quorate.sql.catalog;

import java.util.Comparator;

/**
 * What a comment is on.
 *
 * @param object id of a table, index, view or sequence; {@link #SCHEMA} for a schema
 * @param part name of a column, or of the schema; else empty
 */
public record CommentKey(int object, String part) implements Comparable<CommentKey> {
  static final int SCHEMA = 0;

  private static final Comparator<CommentKey> ORDER =
      Comparator.comparingInt(CommentKey::object).thenComparing(CommentKey::part);

  @Override
  public int compareTo(CommentKey other) {
    return ORDER.compare(this, other);
  }
}
