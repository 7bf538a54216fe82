package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Locale;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * The units in which the standard counts: CHARACTERS and OCTETS of texts, binary digits of a FLOAT.
 */
final class Units {
  static final SqlFunction OCTET_LENGTH =
      new SqlUnresolvedFunction(
          new SqlIdentifier("OCTET_LENGTH", SqlParserPos.ZERO),
          null,
          null,
          null,
          null,
          SqlFunctionCategory.USER_DEFINED_FUNCTION);

  private static final int REAL_BITS = 24;
  private static final int DOUBLE_BITS = 53;

  private Units() {}

  /** The type that has so many digits. */
  static SqlTypeName floatOf(int bits, SqlParserPos at) {
    if (bits < 1 || bits > DOUBLE_BITS) {
      throw new SqlFailure(
          State.INVALID_PARAMETER,
          SyntaxErrors.at(at) + "FLOAT has 1 to " + DOUBLE_BITS + " binary digits, not " + bits);
    }
    return bits <= REAL_BITS ? SqlTypeName.REAL : SqlTypeName.DOUBLE;
  }

  /** The one of the two that has the name. */
  static SqlFunction length(String name) {
    return name.toUpperCase(Locale.ROOT).equals("CHAR_LENGTH")
        ? SqlStdOperatorTable.CHAR_LENGTH
        : SqlStdOperatorTable.CHARACTER_LENGTH;
  }

  static SqlFailure octets(SqlParserPos at) {
    return new SqlFailure(
        State.NOT_SUPPORTED,
        SyntaxErrors.at(at) + "texts are counted in CHARACTERS; only CHAR_LENGTH counts OCTETS");
  }
}
