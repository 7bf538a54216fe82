package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.Objects;
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
  public ColumnDef withDefault(@Nullable String replacement) {
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

  /** Refuses a generated column whose values may not fit into their row. */
  void checkGenerated() {
    if (generatedSql != null && type.name().isLarge()) {
      throw new SqlFailure(
          State.NOT_SUPPORTED, "generated column \"" + name + "\" cannot be a " + type);
    }
  }

  /** What makes the values of an identity column. */
  public SequenceGenerator generator() {
    return new ColumnGenerator(this, Objects.requireNonNull(identity, "an identity column"));
  }

  private record ColumnGenerator(ColumnDef column, IdentityDef identity)
      implements SequenceGenerator {
    @Override
    public int counter() {
      return identity.counter();
    }

    @Override
    public long total() {
      return identity.total(column.type());
    }

    @Override
    public long value(long before) {
      return identity.value(before);
    }

    @Override
    public long cache() {
      return CACHE_OF_SYSTEM;
    }

    @Override
    public String described() {
      return "identity column \"" + column.name() + "\"";
    }
  }
}
