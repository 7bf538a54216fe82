package io.quorate.sql.catalog;

/** What ALTER TABLE makes of a table; none of it touches a row. */
public sealed interface TableChange {

  /** RENAME TO, within the schema. */
  record Rename(String to) implements TableChange {}

  /** RENAME COLUMN. */
  record RenameColumn(String from, String to) implements TableChange {}

  /**
   * ALTER COLUMN ... SET DEFAULT.
   *
   * @param sql the text after DEFAULT, as it was written
   */
  record SetDefault(String column, String sql) implements TableChange {}

  /** ALTER COLUMN ... DROP DEFAULT. */
  record DropDefault(String column) implements TableChange {}

  /** ALTER COLUMN ... DROP NOT NULL. */
  record DropNotNull(String column) implements TableChange {}
}
