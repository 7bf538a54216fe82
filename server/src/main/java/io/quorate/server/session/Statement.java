package io.quorate.server.session;

/**
 * The text of a statement and for whom it runs.
 *
 * @param schema for names without one
 * @param seen the highest revision that its session has seen
 */
record Statement(String sql, String schema, String user, long seen) {}
