package io.quorate.sql.exec;

import io.quorate.sql.catalog.ColumnDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;

/** Gives the values of identity columns. */
@FunctionalInterface
public interface IdentityValues {
  /** For statements that put no rows. */
  IdentityValues NONE =
      column -> {
        throw new SqlFailure(
            State.INTERNAL_ERROR, "no values of identity column \"" + column.name() + "\" here");
      };

  /**
   * A value that nobody was given before and nobody will be given again.
   *
   * @param column an identity column
   * @throws SqlFailure {@link State#SEQUENCE_EXHAUSTED} behind the last one
   */
  long next(ColumnDef column);
}
