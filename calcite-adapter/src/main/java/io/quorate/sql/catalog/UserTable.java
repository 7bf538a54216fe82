package io.quorate.sql.catalog;

import io.quorate.sql.catalog.SqlType.Name;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SYSTEM.USERS: who may enter, and never by what. Immutable. */
public final class UserTable {
  /** The table. */
  public static final VirtualTable DEFINITION =
      new VirtualTable(
          Catalog.SYSTEM_SCHEMA,
          "USERS",
          List.of(
              new ColumnDef("NAME", SqlType.of(Name.VARCHAR), false, null),
              new ColumnDef("HAS_PASSWORD", SqlType.of(Name.BOOLEAN), false, null),
              new ColumnDef("IS_ADMIN", SqlType.of(Name.BOOLEAN), false, null),
              new ColumnDef("CREATED", new SqlType(Name.TIMESTAMP, 3, 0), false, null)));

  private UserTable() {}

  /** Its rows, by name. */
  public static List<@Nullable Object[]> rows(Catalog catalog) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (UserDef user : catalog.users().byName().values()) {
      rows.add(
          new @Nullable Object[] {
            user.name(),
            user.verifier() != null,
            user.admin(),
            LocalDateTime.ofInstant(Instant.ofEpochMilli(user.createdMillis()), ZoneOffset.UTC)
          });
    }
    return rows;
  }
}
