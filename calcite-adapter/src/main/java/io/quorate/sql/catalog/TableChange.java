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

  /** ADD and DROP CONSTRAINT. */
  sealed interface OfConstraint extends TableChange {}

  /** ADD PRIMARY KEY, ADD UNIQUE. */
  record AddKey(NewTable.NewKey key) implements OfConstraint {}

  /** ADD CHECK. */
  record AddCheck(NewTable.NewCheck check) implements OfConstraint {}

  /** ADD FOREIGN KEY. */
  record AddForeignKey(NewTable.NewForeignKey key) implements OfConstraint {}

  /**
   * DROP CONSTRAINT.
   *
   * @param cascade whether foreign keys that refer to it go too, instead of being in the way
   */
  record DropConstraint(String name, boolean ifExists, boolean cascade) implements OfConstraint {}

  /**
   * ADD COLUMN.
   *
   * @param keys its UNIQUE and PRIMARY KEY, of this column alone
   * @param checks its CHECK
   * @param foreignKeys its REFERENCES
   */
  record AddColumn(
      ColumnDef column,
      List<NewTable.NewKey> keys,
      List<NewTable.NewCheck> checks,
      List<NewTable.NewForeignKey> foreignKeys,
      boolean ifNotExists)
      implements TableChange {
    public AddColumn {
      keys = List.copyOf(keys);
      checks = List.copyOf(checks);
      foreignKeys = List.copyOf(foreignKeys);
    }

    /** The same, whose foreign keys look into a schema where they name none. */
    public AddColumn in(String schema) {
      return new AddColumn(
          column,
          keys,
          checks,
          foreignKeys.stream().map(key -> key.in(schema)).toList(),
          ifNotExists);
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
