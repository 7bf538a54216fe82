package io.quorate.server.cli.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a script apart at its semicolons, except for those in strings, quoted names and comments.
 * What is between them is left to the database, down to its errors. Confined to one call.
 */
final class StatementSplitter {
  private final String script;
  private int at;

  private StatementSplitter(String script) {
    this.script = script;
  }

  /** The statements without their semicolons; what has only blanks and comments is none. */
  static List<String> split(String script) {
    return new StatementSplitter(script).split();
  }

  private List<String> split() {
    List<String> statements = new ArrayList<>();
    int start = 0;
    boolean hasCode = false;
    while (at < script.length()) {
      char next = script.charAt(at);
      if (script.startsWith("--", at)) {
        skipPast("\n");
      } else if (script.startsWith("/*", at)) {
        at += 2;
        skipPast("*/");
      } else if (next == '\'' || next == '"') {
        at++;
        skipPast(String.valueOf(next));
        hasCode = true;
      } else {
        if (next == ';' && hasCode) {
          statements.add(script.substring(start, at).strip());
        }
        hasCode = next != ';' && (hasCode || !Character.isWhitespace(next));
        at++;
        start = next == ';' ? at : start;
      }
    }
    if (hasCode) {
      statements.add(script.substring(start).strip());
    }
    return statements;
  }

  /** A quote that is doubled inside of quotes ends one string and begins the next: as good. */
  private void skipPast(String end) {
    int found = script.indexOf(end, at);
    at = found < 0 ? script.length() : found + end.length();
  }
}
