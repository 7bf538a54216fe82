package io.quorate.sql.plan;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Objects;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** Clauses that are planned apart from the statement that they stand behind. */
final class LaterParameters {
  private LaterParameters() {}

  /**
   * A part of a clause with its parameters counted from the first one of the clause.
   *
   * @param first how many parameters stand before the clause
   * @param clause for messages
   * @throws SqlFailure when it takes values of sequences, whose places are those of a statement
   */
  static SqlNode counted(SqlNode part, int first, String clause) {
    if (SequencePlaces.are(part)) {
      throw new SqlFailure(State.NOT_SUPPORTED, clause + " cannot take values of sequences");
    }
    return Objects.requireNonNull(
        part.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlDynamicParam parameter) {
                return new SqlDynamicParam(
                    parameter.getIndex() - first, parameter.getParserPosition());
              }
            }));
  }
}
