package io.quorate.sql.exec;

import org.jspecify.annotations.Nullable;

/**
 * The rows of a result, forward only. Used by one thread at a time. Values have the classes that
 * {@link io.quorate.sql.catalog.SqlType.Name} names.
 */
public interface RowCursor extends AutoCloseable {

  /**
   * The next row, or null at the end. The array is the caller's.
   *
   * @throws io.quorate.sql.lang.SqlFailure when the statement fails on its way
   */
  @Nullable Object @Nullable [] next();

  @Override
  void close();
}
