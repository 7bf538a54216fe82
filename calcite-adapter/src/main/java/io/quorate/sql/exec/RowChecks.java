package io.quorate.sql.exec;

import io.quorate.sql.store.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a row must go through by itself before it is written. One thread's own, as one execution is.
 */
public interface RowChecks {
  RowChecks NONE = row -> {};

  /** Puts the values of generated columns into a row of all columns, in place of what is there. */
  default void complete(@Nullable Object[] values) {}

  /**
   * Looks at a row as it will lie in the store.
   *
   * @throws io.quorate.sql.lang.SqlFailure when it must not be there
   */
  void check(Row row);
}
