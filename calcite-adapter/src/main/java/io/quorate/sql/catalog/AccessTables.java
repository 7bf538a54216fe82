package io.quorate.sql.catalog;

import io.quorate.sql.catalog.ObjectAccess.Grant;
import io.quorate.sql.catalog.SqlType.Name;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of {@link Catalog#INFORMATION_SCHEMA} about roles and privileges, by ISO 9075-11: a
 * user sees what concerns it and its roles, an administrator everything. Immutable.
 */
public final class AccessTables {
  private static final List<VirtualTable> TABLES =
      List.of(
          table(
              "TABLE_PRIVILEGES",
              "GRANTOR",
              "GRANTEE",
              "TABLE_CATALOG",
              "TABLE_SCHEMA",
              "TABLE_NAME",
              "PRIVILEGE_TYPE",
              "IS_GRANTABLE"),
          table(
              "COLUMN_PRIVILEGES",
              "GRANTOR",
              "GRANTEE",
              "TABLE_CATALOG",
              "TABLE_SCHEMA",
              "TABLE_NAME",
              "COLUMN_NAME",
              "PRIVILEGE_TYPE",
              "IS_GRANTABLE"),
          table(
              "USAGE_PRIVILEGES",
              "GRANTOR",
              "GRANTEE",
              "OBJECT_CATALOG",
              "OBJECT_SCHEMA",
              "OBJECT_NAME",
              "OBJECT_TYPE",
              "PRIVILEGE_TYPE",
              "IS_GRANTABLE"),
          table("APPLICABLE_ROLES", "GRANTEE", "ROLE_NAME", "IS_GRANTABLE"),
          table("ENABLED_ROLES", "ROLE_NAME"));

  /** Of what an owner granted that is no user any more. */
  private static final String SYSTEM_GRANTOR = "_SYSTEM";

  private final Catalog catalog;
  private final Authority authority;

  private AccessTables(Catalog catalog, String user) {
    this.catalog = catalog;
    this.authority = Authority.of(catalog, user);
  }

  private static VirtualTable table(String name, String... columns) {
    return new VirtualTable(
        Catalog.INFORMATION_SCHEMA,
        name,
        Arrays.stream(columns)
            .map(column -> new ColumnDef(column, SqlType.of(Name.VARCHAR), false, null))
            .toList());
  }

  /** The tables; always the same. */
  public static List<VirtualTable> definitions() {
    return TABLES;
  }

  /**
   * The rows of one of the tables for a user.
   *
   * @throws IllegalArgumentException when there is no such table
   */
  public static List<@Nullable Object[]> rows(String table, Catalog catalog, String user) {
    AccessTables tables = new AccessTables(catalog, user);
    return switch (table) {
      case "TABLE_PRIVILEGES" -> tables.privileges(Privilege.Kind.TABLE, false);
      case "COLUMN_PRIVILEGES" -> tables.privileges(Privilege.Kind.TABLE, true);
      case "USAGE_PRIVILEGES" -> tables.usagePrivileges();
      case "APPLICABLE_ROLES" -> tables.memberships();
      case "ENABLED_ROLES" ->
          tables.authority.roles().stream()
              .sorted()
              .map(role -> new @Nullable Object[] {role})
              .toList();
      default -> throw new IllegalArgumentException("no such table: " + table);
    };
  }

  private List<@Nullable Object[]> usagePrivileges() {
    List<@Nullable Object[]> rows = privileges(Privilege.Kind.SCHEMA, false);
    rows.addAll(privileges(Privilege.Kind.SEQUENCE, false));
    return rows;
  }

  private List<@Nullable Object[]> privileges(Privilege.Kind kind, boolean ofColumns) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    SortedMap<ObjectKey, Access.Subject> subjects = new TreeMap<>(Access.subjects(catalog));
    for (Map.Entry<ObjectKey, Access.Subject> entry : subjects.entrySet()) {
      if (entry.getValue().kind() == kind) {
        ObjectAccess access = catalog.objects().access(entry.getKey());
        access
            .grants()
            .forEach(
                (grant, grantable) -> {
                  if (grant.column().isEmpty() != ofColumns && isShown(access, grant)) {
                    rows.add(row(entry.getValue(), access, grant, grantable));
                  }
                });
      }
    }
    return rows;
  }

  private boolean isShown(ObjectAccess access, Grant grant) {
    return authority.isUnrestricted()
        || authority.is(access.owner())
        || authority.is(grant.grantee())
        || authority.is(grant.grantor());
  }

  private static @Nullable Object[] row(
      Access.Subject subject, ObjectAccess access, Grant grant, boolean grantable) {
    List<@Nullable Object> row = new ArrayList<>();
    String grantor = grant.grantor().isEmpty() ? access.owner() : grant.grantor();
    row.add(grantor.isEmpty() ? SYSTEM_GRANTOR : grantor);
    row.add(grant.grantee());
    row.add(Catalog.NAME);
    row.add(subject.schema());
    row.add(subject.name());
    if (!grant.column().isEmpty()) {
      row.add(grant.column());
    }
    if (subject.kind() != Privilege.Kind.TABLE) {
      row.add(subject.kind().name());
    }
    row.add(grant.privilege().name());
    row.add(grantable ? "YES" : "NO");
    return row.toArray();
  }

  private List<@Nullable Object[]> memberships() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (RoleDef role : catalog.users().roles().values()) {
      role.members()
          .forEach(
              (member, admin) -> {
                if (authority.isUnrestricted() || authority.is(member)) {
                  rows.add(new @Nullable Object[] {member, role.name(), admin ? "YES" : "NO"});
                }
              });
    }
    return rows;
  }
}
