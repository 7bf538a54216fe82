package io.quorate.sql.exec;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;

/**
 * Tells whether a text is JSON (RFC 8259), in one pass and without making anything of it. Names may
 * come twice in an object, and a text may be any value. One text's own.
 */
public final class JsonText {
  /** As deep as the functions of JSON go. */
  static final int DEPTH_MAX = 1_000;

  private static final String HEX = "0123456789abcdefABCDEF";
  private static final int HEX_DIGITS = 4;
  private static final char CONTROL_END = ' ';

  private final String text;
  private final boolean[] objects = new boolean[DEPTH_MAX];
  private int depth;
  private int position;

  private JsonText(String text) {
    this.text = text;
  }

  /**
   * The text itself. Called by generated code.
   *
   * @throws SqlFailure {@link State#INVALID_TEXT} when it is no JSON, {@link State#LIMIT_EXCEEDED}
   *     when it is nested too deeply
   */
  public static String require(String text) {
    new JsonText(text).check();
    return text;
  }

  /** Values and what closes them, in turn; what is open is in a stack of its own. */
  private void check() {
    value();
    while (depth > 0) {
      skipBlanks();
      boolean object = objects[depth - 1];
      char next = next(object ? "',' or '}'" : "',' or ']'");
      if (next == ',') {
        member(object);
      } else if (next == (object ? '}' : ']')) {
        depth--;
      } else {
        position--;
        throw invalid(object ? "',' or '}'" : "',' or ']'");
      }
    }
    skipBlanks();
    if (position < text.length()) {
      throw invalid("its end");
    }
  }

  /** A value; of an array or object with something in it as far as the first scalar. */
  private void value() {
    while (true) {
      skipBlanks();
      char first = next("a value");
      if (first != '{' && first != '[') {
        scalar(first);
        return;
      }
      boolean object = first == '{';
      skipBlanks();
      if (position < text.length() && text.charAt(position) == (object ? '}' : ']')) {
        position++;
        return;
      }
      open(object);
      if (object) {
        name();
      }
    }
  }

  private void open(boolean object) {
    if (depth == DEPTH_MAX) {
      throw new SqlFailure(
          State.LIMIT_EXCEEDED, "a JSON is nested more than " + DEPTH_MAX + " deep");
    }
    objects[depth++] = object;
  }

  private void member(boolean object) {
    if (object) {
      name();
    }
    value();
  }

  private void name() {
    skipBlanks();
    expect('"', "a name in quotes");
    string();
    skipBlanks();
    expect(':', "':'");
  }

  private void scalar(char first) {
    switch (first) {
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> {
        position--;
        number();
      }
    }
  }

  private void word(String word) {
    position--;
    if (!text.startsWith(word, position)) {
      throw invalid("a value");
    }
    position += word.length();
  }

  private void string() {
    while (true) {
      char next = next("'\"'");
      if (next == '"') {
        return;
      }
      if (next == '\\') {
        escape();
      } else if (next < CONTROL_END) {
        position--;
        throw invalid("an escape in place of a control character");
      }
    }
  }

  private void escape() {
    char next = next("an escape");
    if (next == 'u') {
      for (int i = 0; i < HEX_DIGITS; i++) {
        if (HEX.indexOf(next("four hexadecimal digits")) < 0) {
          position--;
          throw invalid("four hexadecimal digits");
        }
      }
    } else if ("\"\\/bfnrt".indexOf(next) < 0) {
      position--;
      throw invalid("an escape");
    }
  }

  private void number() {
    int start = position;
    accept('-');
    if (!accept('0')) {
      digits(position == start ? "a value" : "a digit");
    }
    if (accept('.')) {
      digits("a digit");
    }
    if (accept('e') || accept('E')) {
      if (!accept('+')) {
        accept('-');
      }
      digits("a digit");
    }
  }

  private void digits(String wanted) {
    int start = position;
    while (position < text.length()
        && text.charAt(position) >= '0'
        && text.charAt(position) <= '9') {
      position++;
    }
    if (position == start) {
      throw invalid(wanted);
    }
  }

  private boolean accept(char wanted) {
    boolean found = position < text.length() && text.charAt(position) == wanted;
    position += found ? 1 : 0;
    return found;
  }

  private void expect(char wanted, String shown) {
    if (!accept(wanted)) {
      throw invalid(shown);
    }
  }

  private char next(String wanted) {
    if (position == text.length()) {
      throw invalid(wanted);
    }
    return text.charAt(position++);
  }

  private void skipBlanks() {
    while (position < text.length() && " \t\n\r".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private SqlFailure invalid(String wanted) {
    return new SqlFailure(
        State.INVALID_TEXT,
        "invalid input for type JSON: \""
            + Conversion.shown(text)
            + "\": at character "
            + (position + 1)
            + " should be "
            + wanted);
  }
}
