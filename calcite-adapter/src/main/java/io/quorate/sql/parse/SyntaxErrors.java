package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Puts what the parser says about a text into one line. */
final class SyntaxErrors {
  private static final int TOKEN_CHARS_MAX = 40;

  private SyntaxErrors() {}

  static SqlFailure of(SqlParseException failure) {
    SqlFailure own = ownFailure(failure);
    if (own != null) {
      return own;
    }
    return new SqlFailure(State.SYNTAX_ERROR, at(failure.getPos()) + reason(failure), failure);
  }

  /** Ours pass through the parser, which wraps whatever comes out of its rules. */
  private static @Nullable SqlFailure ownFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SqlFailure own) {
        return own;
      }
      if (cause instanceof StackOverflowError) {
        return new SqlFailure(State.LIMIT_EXCEEDED, "the statement is nested too deeply", cause);
      }
    }
    return null;
  }

  private static String reason(SqlParseException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ParseException parse && parse.currentToken != null) {
        Token unexpected = parse.currentToken.next;
        return unexpected.kind == QuorateParserImplConstants.EOF
            ? "unexpected end of the statement"
            : "unexpected " + named(unexpected.image);
      }
      if (cause instanceof TokenMgrError lexical) {
        return lexicalReason(String.valueOf(lexical.getMessage()));
      }
      if (cause instanceof CalciteContextException context && context.getCause() != null) {
        return firstLine(context.getCause().getMessage());
      }
    }
    return firstLine(failure.getMessage());
  }

  private static String lexicalReason(String message) {
    return message.contains("<EOF>")
        ? "a text, a quoted name or a comment has no end"
        : "unexpected character";
  }

  /** A token in quotes, cut where it is long. */
  static String named(String token) {
    String flat = token.replaceAll("\\s+", " ");
    return flat.length() <= TOKEN_CHARS_MAX
        ? "\"" + flat + "\""
        : "\"" + flat.substring(0, TOKEN_CHARS_MAX) + "…\"";
  }

  static String at(@Nullable SqlParserPos position) {
    return position == null ? "syntax error: " : at(position.getLineNum(), position.getColumnNum());
  }

  static String at(int line, int column) {
    return "line " + line + ", column " + column + ": ";
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "not SQL" : message.lines().findFirst().orElse("not SQL");
  }
}
