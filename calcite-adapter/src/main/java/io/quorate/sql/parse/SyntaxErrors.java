package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Puts what the parser says about a text into one line. */
final class SyntaxErrors {
  private static final int TOKEN_CHARS_MAX = 40;

  /** How Calcite begins when a reserved word stands where a name should. */
  private static final String KEYWORD = "Incorrect syntax near the keyword";

  /** How Calcite begins when a statement is neither a query nor anything else. */
  private static final String NO_QUERY = "Non-query expression encountered";

  private SyntaxErrors() {}

  static SqlFailure of(SqlParseException failure, String sql) {
    SqlFailure own = ownFailure(failure);
    if (own != null) {
      return own;
    }
    // Neither what stands there nor what the parser says of it: it may be a password.
    return SecretText.mayHoldPassword(sql)
        ? new SqlFailure(State.SYNTAX_ERROR, at(failure.getPos()) + "unexpected text")
        : new SqlFailure(State.SYNTAX_ERROR, at(failure.getPos()) + reason(failure, sql), failure);
  }

  /** Ours pass through the parser, which wraps whatever comes out of its rules. */
  private static @Nullable SqlFailure ownFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SqlFailure own) {
        return own;
      }
      if (cause instanceof StackOverflowError) {
        return tooDeep(cause);
      }
    }
    return null;
  }

  /** Calcite takes types of columns behind any table's name. */
  static SqlFailure typedColumn(SqlParserPos position) {
    return new SqlFailure(
        State.SYNTAX_ERROR, at(position) + "a column has its type where its table is created");
  }

  static SqlFailure tooDeep(Throwable cause) {
    return new SqlFailure(State.LIMIT_EXCEEDED, "the statement is nested too deeply", cause);
  }

  private static String reason(SqlParseException failure, String sql) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ParseException parse && parse.currentToken != null) {
        return unexpected(parse.currentToken.next);
      }
      if (cause instanceof TokenMgrError lexical) {
        return String.valueOf(lexical.getMessage()).contains("<EOF>")
            ? "a comment has no end"
            : "unexpected character" + wordAt(failure.getPos(), sql);
      }
    }
    String message = String.valueOf(failure.getMessage());
    return message.startsWith(NO_QUERY) || message.startsWith(KEYWORD)
        ? "unexpected" + wordAt(failure.getPos(), sql)
        : message.lines().findFirst().orElse("not SQL");
  }

  private static String unexpected(Token token) {
    return switch (token.kind) {
      case QuorateParserConstants.EOF -> "unexpected end of the statement";
      case QuorateParserConstants.QUOTE -> "the text that begins here has no end";
      case QuorateParserConstants.DOUBLE_QUOTE -> "the quoted name that begins here has no end";
      default -> "unexpected " + named(token.image);
    };
  }

  private static String wordAt(@Nullable SqlParserPos position, String sql) {
    return position == null
        ? ""
        : " " + named(SqlText.of(sql).wordAt(position.getLineNum(), position.getColumnNum()));
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
}
