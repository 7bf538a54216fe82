package io.quorate.sql.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A column.
 *
 * @param defaultSql expression text of its DEFAULT; null without one
 */
public record ColumnDef(String name, SqlType type, boolean nullable, @Nullable String defaultSql) {}
