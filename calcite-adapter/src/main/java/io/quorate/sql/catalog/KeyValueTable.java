package io.quorate.sql.catalog;

import java.util.List;

/**
 * The one stored table of {@link Catalog#SYSTEM_SCHEMA}, which applications use as a key-value
 * store. Every catalog has it from its beginning, so nobody creates, alters or drops it, and no row
 * of the catalog says that it is there.
 */
public final class KeyValueTable {
  public static final String NAME = "KV";

  /** Of a key; with the longest characters it has 4 KiB. */
  public static final int KEY_CHARACTERS_MAX = 1024;

  /** Of a value; with the longest characters it has 4 MiB, a quarter of the largest log entry. */
  public static final int VALUE_CHARACTERS_MAX = 1 << 20;

  /** Where its rows lie, in every cluster. */
  static final int STORE_TABLE = 4;

  static final TableDef DEFINITION =
      new TableDef(
          STORE_TABLE,
          Catalog.SYSTEM_SCHEMA,
          NAME,
          List.of(column("KEY", KEY_CHARACTERS_MAX), column("VALUE", VALUE_CHARACTERS_MAX)),
          List.of(0),
          "KV_PKEY",
          List.of());

  private KeyValueTable() {}

  private static ColumnDef column(String name, int charactersMax) {
    return new ColumnDef(name, new SqlType(SqlType.Name.VARCHAR, charactersMax, 0), false, null);
  }
}
