package io.quorate.sql.parse;

import org.apache.calcite.sql.parser.SqlParserPos;

/** Cuts pieces out of a statement by the lines and columns that the parser counts, both from 1. */
public final class SqlText {
  private final String sql;

  private SqlText(String sql) {
    this.sql = sql;
  }

  public static SqlText of(String sql) {
    return new SqlText(sql);
  }

  /** The text from one character to another, both included. */
  String between(int beginLine, int beginColumn, int endLine, int endColumn) {
    return sql.substring(offset(beginLine, beginColumn), offset(endLine, endColumn) + 1);
  }

  /** The whole with another text in one place. */
  public String replace(SqlParserPos place, String with) {
    return sql.substring(0, begin(place)) + with + sql.substring(end(place));
  }

  /** Where a place begins in the text, from 0. */
  public int begin(SqlParserPos place) {
    return offset(place.getLineNum(), place.getColumnNum());
  }

  /** Behind the last character of a place. */
  public int end(SqlParserPos place) {
    return offset(place.getEndLineNum(), place.getEndColumnNum()) + 1;
  }

  /** The word or sign that begins at a place; empty behind the end. */
  String wordAt(int line, int column) {
    int begin = offset(line, column);
    int end = begin;
    while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
      end++;
    }
    return sql.substring(
        Math.min(begin, sql.length()), Math.min(Math.max(end, begin + 1), sql.length()));
  }

  /** A line ends at CR, LF or both together, as JavaCC has it; a tab is one column. */
  private int offset(int line, int column) {
    int at = 0;
    for (int current = 1; current < line; current++) {
      while (sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
        at++;
      }
      at += sql.startsWith("\r\n", at) ? 2 : 1;
    }
    return at + column - 1;
  }
}
