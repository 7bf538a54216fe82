package io.quorate.sql.parse;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/** Text to syntax tree. Thread-safe: it keeps nothing. */
public final class StatementParser {
  /** What is taken beyond the standard; the validator must agree. */
  public static final SqlConformance CONFORMANCE = SqlConformanceEnum.BABEL;

  /** Longest name of anything, in characters. */
  public static final int NAME_CHARS_MAX = 128;

  private static final SqlParser.Config CONFIG =
      SqlParser.config()
          .withParserFactory(QuorateParser.FACTORY)
          .withConformance(CONFORMANCE)
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withUnquotedCasing(Casing.TO_UPPER)
          .withQuotedCasing(Casing.UNCHANGED)
          .withCaseSensitive(true)
          .withIdentifierMaxLength(NAME_CHARS_MAX);

  private StatementParser() {}

  /**
   * One statement, with or without a semicolon behind it: Calcite's node for a query, DML or
   * EXPLAIN, else a {@link StatementNode}.
   *
   * @throws SqlFailure {@link State#SYNTAX_ERROR} when the text is not SQL
   */
  public static SqlNode parse(String sql) {
    try {
      SqlNodeList statements = SqlParser.create(sql, CONFIG).parseStmtList();
      if (statements.size() != 1) {
        throw new SqlFailure(
            State.SYNTAX_ERROR,
            statements.isEmpty()
                ? "the text holds no statement"
                : "the text holds " + statements.size() + " statements; one at a time, please");
      }
      SqlNode statement = statements.get(0);
      Balance.conditions(statement);
      return statement;
    } catch (SqlParseException e) {
      throw SyntaxErrors.of(e, sql);
    } catch (StackOverflowError e) {
      throw SyntaxErrors.tooDeep(e);
    }
  }

  /**
   * An expression, such as that of a DEFAULT.
   *
   * @throws SqlFailure {@link State#SYNTAX_ERROR} when the text is none
   */
  public static SqlNode parseExpression(String sql) {
    try {
      SqlNode expression = SqlParser.create(sql, CONFIG).parseExpression();
      Balance.conditions(expression);
      return expression;
    } catch (SqlParseException e) {
      throw SyntaxErrors.of(e, sql);
    } catch (StackOverflowError e) {
      throw SyntaxErrors.tooDeep(e);
    }
  }
}
