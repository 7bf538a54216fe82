package io.quorate.sql.catalog;

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
}
