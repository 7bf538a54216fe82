package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Locale;
import org.apache.calcite.sql.SqlIdentifier;

/** Names of settings: {@code SET} and {@code SHOW} do not tell upper from lower case. */
final class Settings {
  private Settings() {}

  static String nameOf(SqlIdentifier identifier) {
    return String.join(".", identifier.names).toLowerCase(Locale.ROOT);
  }

  /** Standard SQL has {@code SET SCHEMA 'x'}; every other name has a sign before its value. */
  static void checkNeedsNoSign(SqlIdentifier name, Token next) {
    if (!nameOf(name).equals("schema")) {
      throw new SqlFailure(
          State.SYNTAX_ERROR,
          SyntaxErrors.at(next.beginLine, next.beginColumn)
              + "unexpected "
              + SyntaxErrors.named(next.image)
              + ", SET "
              + nameOf(name)
              + " wants = or TO here");
    }
  }
}
