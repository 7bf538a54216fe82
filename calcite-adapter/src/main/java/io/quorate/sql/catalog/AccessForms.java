package io.quorate.sql.catalog;

import io.quorate.sql.catalog.ObjectAccess.Grant;
import io.quorate.sql.store.Row;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Roles, owners and grants as rows of the catalog. Pure functions.
 *
 * <pre>
 * role    format, name, created as 8 bytes, number of members, of each: name, flags (1: may make
 *   others members)
 * access  format, id, schema as a name, owner as a name, number of grants, of each: grantee, grantor,
 *   privilege as a byte, column as a name, flags (1: may be granted on)
 * </pre>
 *
 * @see CatalogCodec what a number and a name are
 */
final class AccessForms {
  private static final int FORMAT = 1;
  private static final int WITH_OPTION = 1;

  private AccessForms() {}

  static Row encode(RoleDef role) {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putByte(FORMAT);
    bytes.putName(role.name());
    bytes.putLong(role.createdMillis());
    bytes.putInt(role.members().size());
    role.members()
        .forEach(
            (member, admin) -> {
              bytes.putName(member);
              bytes.putByte(admin ? WITH_OPTION : 0);
            });
    return bytes.toRow();
  }

  /**
   * The roles of their rows.
   *
   * @throws IllegalStateException when they are damaged, or of a later version of the program
   */
  static SortedMap<String, RoleDef> decodeRoles(List<Row> rows) {
    SortedMap<String, RoleDef> roles = new TreeMap<>();
    for (Row row : rows) {
      CatalogBytes.Reader reader = CatalogBytes.read(row);
      reader.expectFormat(FORMAT);
      String name = reader.takeName();
      long createdMillis = reader.takeLong();
      SortedMap<String, Boolean> members = new TreeMap<>();
      for (int count = reader.takeCount(); count > 0; count--) {
        String member = reader.takeName();
        boolean admin = reader.takeFlags(WITH_OPTION) != 0;
        CatalogBytes.check(members.put(member, admin) == null, "second member", member);
      }
      reader.expectEnd();
      RoleDef role = new RoleDef(name, createdMillis, members);
      CatalogBytes.check(roles.put(name, role) == null, "second role", name);
    }
    return roles;
  }

  static Row encode(ObjectKey key, ObjectAccess access) {
    CatalogBytes bytes = new CatalogBytes();
    bytes.putByte(FORMAT);
    bytes.putInt(key.id());
    bytes.putName(key.schema());
    bytes.putName(access.owner());
    bytes.putInt(access.grants().size());
    access
        .grants()
        .forEach(
            (grant, option) -> {
              bytes.putName(grant.grantee());
              bytes.putName(grant.grantor());
              bytes.putByte(grant.privilege().number());
              bytes.putName(grant.column());
              bytes.putByte(option ? WITH_OPTION : 0);
            });
    return bytes.toRow();
  }

  /**
   * Owners and grants of their rows.
   *
   * @throws IllegalStateException when they are damaged, or of a later version of the program
   */
  static SortedMap<ObjectKey, ObjectAccess> decodeAccess(List<Row> rows) {
    SortedMap<ObjectKey, ObjectAccess> all = new TreeMap<>();
    for (Row row : rows) {
      CatalogBytes.Reader reader = CatalogBytes.read(row);
      reader.expectFormat(FORMAT);
      ObjectKey key = new ObjectKey(reader.takeInt(), reader.takeName());
      String owner = reader.takeName();
      SortedMap<Grant, Boolean> grants = new TreeMap<>();
      for (int count = reader.takeCount(); count > 0; count--) {
        Grant grant =
            new Grant(
                reader.takeName(), reader.takeName(), takePrivilege(reader), reader.takeName());
        boolean option = reader.takeFlags(WITH_OPTION) != 0;
        CatalogBytes.check(grants.put(grant, option) == null, "second grant", grant);
      }
      reader.expectEnd();
      CatalogBytes.check(
          all.put(key, new ObjectAccess(owner, grants)) == null, "second access", key);
    }
    return all;
  }

  private static Privilege takePrivilege(CatalogBytes.Reader reader) {
    int number = reader.takeByte();
    return Privilege.numbered(number)
        .orElseThrow(() -> new IllegalStateException("damaged catalog: privilege " + number));
  }
}
