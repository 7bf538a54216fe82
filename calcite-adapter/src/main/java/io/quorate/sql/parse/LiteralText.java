package io.quorate.sql.parse;

import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.catalog.SqlType.Name;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text of a SELECT, INSERT, UPDATE or DELETE, taken apart at its number and string literals.
 * Confined to one thread.
 *
 * <p>It reads tokens and no grammar: that {@code '2026-01-01'} stands behind DATE is for its caller
 * to know, by the places that the parser tells. What it does not take for a literal stays in the
 * text as it is, and so do literals with an exponent, numbers of more than 18 digits and whatever
 * has a prefix of its own. So two statements with the same {@linkplain #key key} differ in nothing
 * but in literals that have the same type each.
 */
public final class LiteralText {
  /** More than that a plan is not worth keeping for other values. */
  public static final int LITERALS_MAX = 256;

  /** Begins what stands in the place of a literal; a text that has it is left alone. */
  private static final char MARK_BEGIN = '«';

  private static final char MARK_END = '»';

  /** That many digits make a BIGINT, or a DECIMAL that is computed in a long. */
  private static final int DIGITS_MAX = 18;

  private static final int FIRST_COUNT = 8;
  private static final SqlType TEXT = SqlType.of(Name.VARCHAR);

  private final String sql;
  private int[] begins = new int[FIRST_COUNT];
  private int[] ends = new int[FIRST_COUNT];
  private int count;

  private LiteralText(String sql) {
    this.sql = sql;
  }

  /**
   * Empty for other statements, for a text without such literals, with too many of them, or with
   * something that no statement has.
   */
  public static Optional<LiteralText> of(String sql) {
    if (sql.indexOf(MARK_BEGIN) >= 0) {
      return Optional.empty();
    }
    LiteralText text = new LiteralText(sql);
    return text.read() && text.count > 0 ? Optional.of(text) : Optional.empty();
  }

  /** False when the text is not to be taken apart. */
  private boolean read() {
    boolean begun = false;
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isJavaIdentifierStart(c)) {
        int end = wordEnd(at);
        if (!begun && !isTaken(at, end)) {
          return false;
        }
        begun = true;
        at = end;
      } else if (c == '\'') {
        at = text(at);
      } else if (isDigit(at) || (c == '.' && isDigit(at + 1))) {
        at = number(at);
      } else {
        at = other(at, c);
      }
      if (at < 0) {
        return false;
      }
    }
    return begun;
  }

  /** Whether the first word is that of a statement whose plan may be one for other values too. */
  private boolean isTaken(int begin, int end) {
    return end - begin == "SELECT".length()
        && (isWord("SELECT", begin)
            || isWord("INSERT", begin)
            || isWord("UPDATE", begin)
            || isWord("DELETE", begin));
  }

  private boolean isWord(String word, int begin) {
    return sql.regionMatches(true, begin, word, 0, word.length());
  }

  private int wordEnd(int begin) {
    int at = begin + 1;
    while (at < sql.length() && Character.isJavaIdentifierPart(sql.charAt(at))) {
      at++;
    }
    return at;
  }

  private boolean isDigit(int at) {
    return at < sql.length() && sql.charAt(at) >= '0' && sql.charAt(at) <= '9';
  }

  private int digitsEnd(int begin) {
    int at = begin;
    while (isDigit(at)) {
      at++;
    }
    return at;
  }

  /** Behind a quoted name, a comment, or a sign; -1 when its end is missing. */
  private int other(int at, char c) {
    if (c == '"') {
      return quotedEnd(at, c);
    }
    if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
      int end = at;
      while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
        end++;
      }
      return end;
    }
    if (sql.startsWith("/*", at)) {
      int end = sql.indexOf("*/", at + 2);
      return end < 0 ? -1 : end + 2;
    }
    return at + 1;
  }

  /** Behind the closing quote, which is not doubled; -1 when there is none. */
  private int quotedEnd(int begin, char quote) {
    int at = sql.indexOf(quote, begin + 1);
    while (at >= 0 && at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
      at = sql.indexOf(quote, at + 2);
    }
    return at < 0 ? -1 : at + 1;
  }

  private int text(int begin) {
    int end = quotedEnd(begin, '\'');
    return end < 0 || (isWellFormed(begin, end) && !add(begin, end)) ? -1 : end;
  }

  /** A half of a character is for the parser to refuse. */
  private boolean isWellFormed(int begin, int end) {
    for (int at = begin; at < end; at++) {
      if (Character.isSurrogate(sql.charAt(at))) {
        if (!Character.isSurrogatePair(sql.charAt(at), sql.charAt(at + 1))) {
          return false;
        }
        at++;
      }
    }
    return true;
  }

  private int number(int begin) {
    int whole = digitsEnd(begin);
    int end = whole < sql.length() && sql.charAt(whole) == '.' ? digitsEnd(whole + 1) : whole;
    char next = end < sql.length() ? sql.charAt(end) : ' ';
    if (next == 'e' || next == 'E') {
      int sign = end + 1;
      boolean signed = sign < sql.length() && (sql.charAt(sign) == '-' || sql.charAt(sign) == '+');
      int exponent = signed ? sign + 1 : sign;
      return isDigit(exponent) ? closed(digitsEnd(exponent)) : -1;
    }
    boolean taken = end - begin <= DIGITS_MAX && sql.charAt(end - 1) != '.';
    return closed(end) < 0 || (taken && !add(begin, end)) ? -1 : end;
  }

  /** The end of a number; -1 when more of a word or number is behind it. */
  private int closed(int end) {
    boolean more =
        end < sql.length()
            && (Character.isJavaIdentifierPart(sql.charAt(end)) || sql.charAt(end) == '.');
    return more ? -1 : end;
  }

  private boolean add(int begin, int end) {
    if (count == LITERALS_MAX) {
      return false;
    }
    if (count == begins.length) {
      begins = Arrays.copyOf(begins, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    begins[count] = begin;
    ends[count] = end;
    count++;
    return true;
  }

  /** How many literals there are. */
  public int count() {
    return count;
  }

  /**
   * The number of the literal that stands in this very place of the text; -1 when there is none.
   *
   * @param end behind its last character
   */
  public int find(int begin, int end) {
    int found = Arrays.binarySearch(begins, 0, count, begin);
    return found >= 0 && ends[found] == end ? found : -1;
  }

  /**
   * What its value is of: VARCHAR, INTEGER, BIGINT, or DECIMAL with the precision and scale that it
   * is written with, as the parser counts them.
   */
  public SqlType type(int literal) {
    int begin = begins[literal];
    int point = point(literal);
    if (sql.charAt(begin) == '\'') {
      return TEXT;
    }
    if (point >= 0) {
      int length = ends[literal] - begin;
      return new SqlType(Name.DECIMAL, length - 1, ends[literal] - point - 1);
    }
    long value = whole(literal);
    return SqlType.of(value <= Integer.MAX_VALUE ? Name.INTEGER : Name.BIGINT);
  }

  /** Where the point of a number stands; -1 when it has none. */
  private int point(int literal) {
    for (int at = begins[literal]; at < ends[literal]; at++) {
      if (sql.charAt(at) == '.') {
        return at;
      }
    }
    return -1;
  }

  private long whole(int literal) {
    return Long.parseLong(sql, begins[literal], ends[literal], 10);
  }

  /**
   * Its value, of the class that its type has.
   *
   * @param negative of a number, whether there is a minus before it
   */
  public Object value(int literal, boolean negative) {
    int begin = begins[literal];
    if (sql.charAt(begin) == '\'') {
      String text = sql.substring(begin + 1, ends[literal] - 1);
      return text.indexOf('\'') < 0 ? text : text.replace("''", "'");
    }
    if (point(literal) >= 0) {
      BigDecimal value = new BigDecimal(sql.substring(begin, ends[literal]));
      return negative ? value.negate() : value;
    }
    long value = whole(literal);
    long signed = negative ? -value : value;
    return value <= Integer.MAX_VALUE ? (Object) (int) signed : (Object) signed;
  }

  /**
   * The text with the types of literals in their places.
   *
   * @param kept those that stay as they are, by number; null for none
   */
  public String key(boolean @Nullable [] kept) {
    StringBuilder key = new StringBuilder(sql.length() + count * "«INTEGER»".length());
    int from = 0;
    for (int i = 0; i < count; i++) {
      if (kept == null || !kept[i]) {
        key.append(sql, from, begins[i]);
        mark(key, i);
        from = ends[i];
      }
    }
    return key.append(sql, from, sql.length()).toString();
  }

  private void mark(StringBuilder key, int literal) {
    key.append(MARK_BEGIN);
    if (sql.charAt(begins[literal]) == '\'') {
      key.append("VARCHAR");
    } else {
      int point = point(literal);
      if (point < 0) {
        key.append(whole(literal) <= Integer.MAX_VALUE ? "INTEGER" : "BIGINT");
      } else {
        key.append("DECIMAL(").append(ends[literal] - begins[literal] - 1).append(',');
        key.append(ends[literal] - point - 1).append(')');
      }
    }
    key.append(MARK_END);
  }
}
