package io.quorate.sql.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A column.
 *
 * @param defaultSql expression text of its DEFAULT; null without one
 * @param identity how its values are made; null if it is not an identity column
 * @param generatedSql text of the expression over its row that its values are; null if it is not a
 *     generated column
 */
public record ColumnDef(
    String name,
    SqlType type,
    boolean nullable,
    @Nullable String defaultSql,
    @Nullable IdentityDef identity,
    @Nullable String generatedSql) {

  /** A column that is not a generated column. */
  public ColumnDef(
      String name,
      SqlType type,
      boolean nullable,
      @Nullable String defaultSql,
      @Nullable IdentityDef identity) {
    this(name, type, nullable, defaultSql, identity, null);
  }

  /** A column whose values are given. */
  public ColumnDef(String name, SqlType type, boolean nullable, @Nullable String defaultSql) {
    this(name, type, nullable, defaultSql, null);
  }

  /** The same column under another name. */
  ColumnDef withName(String replacement) {
    return new ColumnDef(replacement, type, nullable, defaultSql, identity, generatedSql);
  }

  /** The same column with another DEFAULT, or none. */
  ColumnDef withDefault(@Nullable String replacement) {
    return new ColumnDef(name, type, nullable, replacement, identity, generatedSql);
  }

  /** The same column of another type. */
  ColumnDef withType(SqlType replacement) {
    return new ColumnDef(name, replacement, nullable, defaultSql, identity, generatedSql);
  }

  /** The same column, which may be NULL. */
  ColumnDef withNull() {
    return new ColumnDef(name, type, true, defaultSql, identity, generatedSql);
  }

  /** The same column, NOT NULL. */
  ColumnDef notNull() {
    return new ColumnDef(name, type, false, defaultSql, identity, generatedSql);
  }

  /** The same column as an identity column. */
  ColumnDef withIdentity(IdentityDef replacement) {
    return new ColumnDef(name, type, nullable, defaultSql, replacement, generatedSql);
  }
}
