package io.quorate.server.session;

import io.quorate.driver.wire.KeysAsked;
import java.util.List;

/**
 * The text of a statement and for whom it runs.
 *
 * @param schema for names without one
 * @param seen the highest revision that its session has seen
 * @param drawn the values of sequences that its session was given last
 * @param keys of the rows that it puts, to be told with its answer
 */
record Statement(
    String sql, String schema, String user, long seen, DrawnValues drawn, KeysAsked keys) {
  private static final String ADMIN = "ADMIN";
  private static final List<String> OF_THE_NODE = List.of("SHOW", "SET", "CONNECT");

  Statement(String sql, String schema, String user, long seen, DrawnValues drawn) {
    this(sql, schema, user, seen, drawn, KeysAsked.NONE);
  }

  Statement asking(KeysAsked wanted) {
    return wanted.isNone() ? this : new Statement(sql, schema, user, seen, drawn, wanted);
  }

  /**
   * Whether it asks the node for itself, ADMIN SHOW, or tells it what to be, ADMIN SET and CONNECT,
   * so that its rows may be as old as they are: a node that is to lead has nobody to wait for. One
   * with a comment between these words is not recognised, and waits as others do.
   */
  boolean asksForNode() {
    String rest = sql.stripLeading();
    if (!rest.regionMatches(true, 0, ADMIN, 0, ADMIN.length())) {
      return false;
    }
    String then = rest.substring(ADMIN.length()).stripLeading();
    return OF_THE_NODE.stream()
        .anyMatch(word -> then.regionMatches(true, 0, word, 0, word.length()));
  }
}
