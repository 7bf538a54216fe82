package io.quorate.sql.catalog;

import java.util.Comparator;

/**
 * What has an owner and privileges.
 *
 * @param id of a table, view or sequence; {@link #SCHEMA} for a schema
 * @param schema name of a schema; else empty
 */
public record ObjectKey(int id, String schema) implements Comparable<ObjectKey> {
  private static final int SCHEMA = 0;

  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparingInt(ObjectKey::id).thenComparing(ObjectKey::schema);

  public static ObjectKey of(int id) {
    return new ObjectKey(id, "");
  }

  public static ObjectKey ofSchema(String name) {
    return new ObjectKey(SCHEMA, name);
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }
}
