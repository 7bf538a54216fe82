package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.CancelFlag;

/** Makes plans. Thread-safe; blocks only to compute. */
public interface SqlPlanner {

  /**
   * The plan for a statement; the same text, schema and catalog get the same plan while it is
   * remembered.
   *
   * @param schema for names without one
   * @param cancel asked now and then: some statements take seconds to be planned
   * @throws io.quorate.sql.lang.SqlFailure when the text is not SQL, or names what is not there
   */
  Plan plan(Catalog catalog, String schema, String sql, CancelFlag cancel);

  /** As {@link #plan(Catalog, String, String, CancelFlag)}, however long it takes. */
  default Plan plan(Catalog catalog, String schema, String sql) {
    return plan(catalog, schema, sql, CancelFlag.NEVER);
  }

  /**
   * Refuses a user who is not allowed what the statement does. To be asked before each run of a
   * plan unless it was for the same user and catalog before.
   *
   * @param sql text of which there is a plan
   * @throws io.quorate.sql.lang.SqlFailure {@link
   *     io.quorate.sql.lang.SqlFailure.State#INSUFFICIENT_PRIVILEGE}
   */
  void authorize(Catalog catalog, String schema, String sql, String user);
}
