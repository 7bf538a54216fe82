package io.quorate.sql.catalog;

/**
 * A CHECK constraint: no row of the table makes its condition false.
 *
 * @param name within its schema, among constraints and indexes
 * @param sql text of the condition, over the table's columns by their bare names
 */
public record CheckDef(String name, String sql) {}
