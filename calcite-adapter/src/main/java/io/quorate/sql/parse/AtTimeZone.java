package io.quorate.sql.parse;

import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/**
 * {@code x AT TIME ZONE z} as it was written, SQL:2016 part 2, 6.35. What it means is known where
 * the types are.
 */
public final class AtTimeZone {
  /** It comes before any arithmetic, and behind a sign, as in PostgreSQL. */
  private static final int PRECEDENCE = 70;

  public static final SqlOperator OPERATOR =
      new SqlBinaryOperator(
          "AT TIME ZONE",
          SqlKind.OTHER,
          PRECEDENCE,
          true,
          ReturnTypes.ARG0,
          InferTypes.FIRST_KNOWN,
          OperandTypes.ANY_ANY);

  private AtTimeZone() {}

  /** The zone of the session, which is UTC. */
  static SqlNode local(SqlParserPos at) {
    return SqlLiteral.createCharString("UTC", at);
  }
}
