package io.quorate.sql.parse;

import java.util.Locale;
import java.util.Optional;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.NlsString;

/**
 * {@code NEXT VALUE FOR s}, {@code NEXTVAL('s')}, {@code CURRENT VALUE FOR s} or {@code
 * CURRVAL('s')}.
 *
 * @param next whether it takes a value, and does not only tell the last one
 */
public record SequenceCall(boolean next, ObjectName name, SqlParserPos position) {

  /** The call that the node is, if it is one. What is in its quotes is a name as any other. */
  public static Optional<SequenceCall> of(SqlNode node) {
    if (!(node instanceof SqlBasicCall call) || call.operandCount() != 1) {
      return Optional.empty();
    }
    SqlNode operand = call.operand(0);
    SqlKind kind = call.getKind();
    if (kind == SqlKind.NEXT_VALUE || kind == SqlKind.CURRENT_VALUE) {
      return Optional.of(of(call, kind == SqlKind.NEXT_VALUE, (SqlIdentifier) operand));
    }
    String function = call.getOperator().getName().toUpperCase(Locale.ROOT);
    if (!function.equals("NEXTVAL") && !function.equals("CURRVAL")) {
      return Optional.empty();
    }
    return operand instanceof SqlLiteral literal
            && literal.getTypeName() == SqlTypeName.CHAR
            && StatementParser.parseExpression(literal.getValueAs(NlsString.class).getValue())
                instanceof SqlIdentifier name
        ? Optional.of(of(call, function.equals("NEXTVAL"), name))
        : Optional.empty();
  }

  private static SequenceCall of(SqlBasicCall call, boolean next, SqlIdentifier name) {
    return new SequenceCall(next, ObjectName.of(name), call.getParserPosition());
  }
}
