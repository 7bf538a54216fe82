package io.quorate.sql.exec;

import io.quorate.sql.catalog.SqlType;

/**
 * A column of a result, or, with only its type of interest, a parameter.
 *
 * @param label what the query calls it
 * @param schema, table, column where it comes from; empty where it is computed
 */
public record ResultColumn(
    String label, SqlType type, boolean nullable, String schema, String table, String column) {

  public static ResultColumn computed(String label, SqlType type) {
    return new ResultColumn(label, type, true, "", "", "");
  }
}
