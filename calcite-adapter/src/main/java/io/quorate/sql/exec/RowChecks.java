package io.quorate.sql.exec;

import io.quorate.sql.store.Row;

/**
 * What a row must satisfy by itself before it is written. One thread's own, as one execution is.
 */
public interface RowChecks {
  RowChecks NONE = row -> {};

  /**
   * Looks at a row as it will lie in the store.
   *
   * @throws io.quorate.sql.lang.SqlFailure when it must not be there
   */
  void check(Row row);
}
