package io.quorate.sql.parse;

import io.quorate.sql.catalog.IdentityDef;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.math.BigDecimal;
import java.util.Objects;
import org.apache.calcite.sql.SqlLiteral;
import org.jspecify.annotations.Nullable;

/** The words in the parentheses behind IDENTITY, gathered as the parser meets them. */
final class IdentityOptions {
  private @Nullable Long start;
  private @Nullable Long increment;

  void start(SqlLiteral number) {
    requireOnce(start, "START WITH", number);
    start = whole(number);
  }

  void increment(SqlLiteral number) {
    requireOnce(increment, "INCREMENT BY", number);
    increment = whole(number);
  }

  private static void requireOnce(@Nullable Long before, String option, SqlLiteral number) {
    if (before != null) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(number.getParserPosition()) + option + " is given twice");
    }
  }

  private static long whole(SqlLiteral number) {
    try {
      return Objects.requireNonNull(number.getValueAs(BigDecimal.class)).longValueExact();
    } catch (ArithmeticException e) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          SyntaxErrors.at(number.getParserPosition()) + number + " is not a BIGINT",
          e);
    }
  }

  /** Counts from 1 upwards, or from -1 downwards, where nothing else is said. */
  IdentityDef make(boolean always) {
    long by = increment == null ? 1 : increment;
    return IdentityDef.of(always, start != null ? start : by < 0 ? -1 : 1, by);
  }
}
