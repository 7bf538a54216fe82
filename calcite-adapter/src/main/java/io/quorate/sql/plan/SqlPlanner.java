package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;

/** Makes plans. Thread-safe; blocks only to compute. */
public interface SqlPlanner {

  /**
   * The plan for a statement; the same text, schema and catalog get the same plan while it is
   * remembered.
   *
   * @param schema for names without one
   * @throws io.quorate.sql.lang.SqlFailure when the text is not SQL, or names what is not there
   */
  Plan plan(Catalog catalog, String schema, String sql);
}
