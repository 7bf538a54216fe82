package io.quorate.sql.parse;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Name of a table or an index as a statement wrote it.
 *
 * @param schema null where the statement left it out
 */
public record ObjectName(@Nullable String schema, String name) {

  static ObjectName of(SqlIdentifier identifier) {
    List<String> parts = withoutCatalog(identifier, 3);
    return parts.size() == 1
        ? new ObjectName(null, parts.get(0))
        : new ObjectName(parts.get(0), parts.get(1));
  }

  /** The name of a schema, which may have that of the catalog before it. */
  static String ofSchema(SqlIdentifier identifier) {
    return withoutCatalog(identifier, 2).get(0);
  }

  private static List<String> withoutCatalog(SqlIdentifier identifier, int partsMax) {
    List<String> parts = identifier.names;
    if (parts.size() < partsMax) {
      return parts;
    }
    if (parts.size() > partsMax) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          "the name " + identifier + " has " + parts.size() + " parts, at most " + partsMax);
    }
    if (!parts.get(0).equals(Catalog.NAME)) {
      throw new SqlFailure(
          State.SCHEMA_NOT_FOUND,
          "catalog \"" + parts.get(0) + "\" not found; the only one is " + Catalog.NAME);
    }
    return parts.subList(1, parts.size());
  }

  /** The schema written, else {@code schema}. */
  public String schemaOr(String otherwise) {
    return schema == null ? otherwise : schema;
  }
}
