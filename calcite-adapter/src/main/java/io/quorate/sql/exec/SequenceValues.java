package io.quorate.sql.exec;

import io.quorate.sql.catalog.SequenceDef;
import io.quorate.sql.catalog.SequenceGenerator;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;

/** Gives the values of sequences and identity columns. */
@FunctionalInterface
public interface SequenceValues {
  /** For statements that take none. */
  SequenceValues NONE =
      generator -> {
        throw new SqlFailure(
            State.INTERNAL_ERROR, "no values of " + generator.described() + " here");
      };

  /**
   * A value that nobody was given before and nobody will be given again, unless the generator
   * cycles.
   *
   * @throws SqlFailure {@link State#SEQUENCE_EXHAUSTED} behind the last one
   */
  long next(SequenceGenerator generator);

  /**
   * The value that this session was given last.
   *
   * @throws SqlFailure {@link State#NO_CURRENT_VALUE} when it was given none
   */
  default long last(SequenceDef sequence) {
    throw new SqlFailure(
        State.NO_CURRENT_VALUE,
        sequence.described()
            + " has no current value in this session; NEXT VALUE FOR it makes one");
  }
}
