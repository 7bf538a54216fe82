package io.quorate.server.session;

import io.quorate.driver.wire.KeysAsked;

/**
 * The text of a statement and for whom it runs.
 *
 * @param schema for names without one
 * @param keys of the rows that it puts, to be told with its answer
 */
record Statement(String sql, String schema, String user, KeysAsked keys) {
  Statement(String sql, String schema, String user) {
    this(sql, schema, user, KeysAsked.NONE);
  }

  Statement asking(KeysAsked wanted) {
    return wanted.isNone() ? this : new Statement(sql, schema, user, wanted);
  }
}
