package io.quorate.server.session;

import io.quorate.driver.wire.KeysAsked;

/**
 * The text of a statement and for whom it runs.
 *
 * @param schema for names without one
 * @param seen the highest revision that its session has seen
 * @param keys of the rows that it puts, to be told with its answer
 */
record Statement(String sql, String schema, String user, long seen, KeysAsked keys) {
  Statement(String sql, String schema, String user, long seen) {
    this(sql, schema, user, seen, KeysAsked.NONE);
  }

  Statement asking(KeysAsked wanted) {
    return wanted.isNone() ? this : new Statement(sql, schema, user, seen, wanted);
  }
}
