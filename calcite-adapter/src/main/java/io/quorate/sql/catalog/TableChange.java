package io.quorate.sql.catalog;

import java.util.List;

/** What ALTER TABLE makes of a table. */
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

  /**
   * ADD COLUMN.
   *
   * @param keys its UNIQUE and PRIMARY KEY, of this column alone
   * @param checks its CHECK
   */
  record AddColumn(
      ColumnDef column,
      List<NewTable.NewKey> keys,
      List<NewTable.NewCheck> checks,
      boolean ifNotExists)
      implements TableChange {
    public AddColumn {
      keys = List.copyOf(keys);
      checks = List.copyOf(checks);
    }
  }

  /**
   * DROP COLUMN.
   *
   * @param cascade whether what uses it goes too, instead of being in the way
   */
  record DropColumn(String column, boolean ifExists, boolean cascade) implements TableChange {}

  /** ALTER COLUMN ... SET NOT NULL. */
  record SetNotNull(String column) implements TableChange {}

  /** ALTER COLUMN ... [SET DATA] TYPE. */
  record SetType(String column, SqlType type) implements TableChange {}
}
