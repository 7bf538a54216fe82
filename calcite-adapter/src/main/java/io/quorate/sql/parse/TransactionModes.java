package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Optional;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** What START TRANSACTION says, mode by mode. Used by one parser. */
final class TransactionModes {
  private @Nullable Boolean readOnly;
  private @Nullable String isolation;

  void readOnly(boolean value, SqlParserPos position) {
    checkFirst(readOnly, "READ ONLY or READ WRITE", position);
    readOnly = value;
  }

  void isolation(String level, SqlParserPos position) {
    checkFirst(isolation, "ISOLATION LEVEL", position);
    isolation = level;
  }

  private static void checkFirst(@Nullable Object before, String what, SqlParserPos position) {
    if (before != null) {
      throw new SqlFailure(State.SYNTAX_ERROR, SyntaxErrors.at(position) + what + " is said twice");
    }
  }

  Statement begin() {
    return new Statement.Begin(Boolean.TRUE.equals(readOnly), Optional.ofNullable(isolation));
  }
}
