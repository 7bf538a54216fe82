package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.parse.Statement;

/** Plans what is neither a query nor DML. Thread-safe. */
@FunctionalInterface
public interface StatementPlanner {

  /**
   * @param schema for names without one
   * @throws io.quorate.sql.lang.SqlFailure when it names what is not there
   */
  Plan plan(Catalog catalog, String schema, Statement statement);
}
