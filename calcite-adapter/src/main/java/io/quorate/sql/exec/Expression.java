package io.quorate.sql.exec;

import org.jspecify.annotations.Nullable;

/** A scalar expression ready to be computed. Immutable; used by any thread. */
@FunctionalInterface
public interface Expression {

  /**
   * Its value over the frame's row, of the class that its type names.
   *
   * @throws io.quorate.sql.lang.SqlFailure when it has none
   */
  @Nullable Object evaluate(Frame frame);
}
