package io.quorate.sql.catalog;

import io.quorate.sql.catalog.ObjectAccess.Grant;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * CREATE and DROP ROLE, and GRANT and REVOKE of roles, as functions of a catalog, each with one
 * version more than it was given. Pure.
 */
public final class Roles {
  /** All of them are in the memory of each node. */
  public static final int ROLES_MAX = 10_000;

  private Roles() {}

  /** A name that a user or a role may get. */
  static void checkName(Catalog catalog, String name, String what) {
    if (name.isEmpty()) {
      throw new SqlFailure(State.INVALID_PARAMETER, "a " + what + " needs a name");
    }
    if (name.equals(Grant.PUBLIC)) {
      throw new SqlFailure(
          State.INVALID_PARAMETER, "the name PUBLIC means everybody, and no " + what);
    }
    if (catalog.users().roles().containsKey(name)) {
      throw new SqlFailure(State.OBJECT_EXISTS, "role \"" + name + "\" exists already");
    }
  }

  /**
   * CREATE ROLE.
   *
   * @param admin who may make others members of it; empty for administrators only
   */
  public static CatalogEdit create(
      Catalog catalog, String name, long createdMillis, Optional<String> admin) {
    checkName(catalog, name, "role");
    Users users = catalog.users();
    if (users.byName().containsKey(name)) {
      throw new SqlFailure(State.OBJECT_EXISTS, "user \"" + name + "\" exists already");
    }
    if (users.roles().size() >= ROLES_MAX) {
      throw new SqlFailure(State.LIMIT_EXCEEDED, "there are " + ROLES_MAX + " roles already");
    }
    RoleDef role = new RoleDef(name, createdMillis, new TreeMap<>());
    if (admin.isPresent()) {
      requireKnown(catalog, admin.get());
      role = role.with(admin.get(), true);
    }
    return edit(catalog, users.with(role));
  }

  /** DROP ROLE: what was granted to it goes, and what others were granted by it. */
  public static CatalogEdit drop(Catalog catalog, String name) {
    var unused = require(catalog, name);
    return edit(catalog, catalog.users().withoutRole(name));
  }

  /** Members that roles get, or lose. */
  public record Membership(List<String> roles, List<String> members, boolean option) {
    public Membership {
      roles = List.copyOf(roles);
      members = List.copyOf(members);
    }
  }

  /** GRANT of roles; nothing when the members have been so before. */
  public static Optional<CatalogEdit> grant(Catalog catalog, String by, Membership given) {
    Authority authority = Authority.of(catalog, by);
    Users users = catalog.users();
    for (String name : given.roles) {
      requireAdministered(authority, require(catalog, name));
      for (String member : given.members) {
        requireKnown(catalog, member);
        if (member.equals(name) || isBeneath(users, member, name)) {
          throw new SqlFailure(
              State.INVALID_GRANT,
              "role \"" + name + "\" is, or has the rights of, \"" + member + "\"");
        }
        users =
            users.with(Objects.requireNonNull(users.roles().get(name)).with(member, given.option));
      }
    }
    return users.equals(catalog.users()) ? Optional.empty() : Optional.of(edit(catalog, users));
  }

  /** Whether {@code member} is a member of the role, directly or by others. */
  private static boolean isBeneath(Users users, String role, String member) {
    RoleDef found = users.roles().get(role);
    return found != null
        && found.members().keySet().stream()
            .anyMatch(each -> each.equals(member) || isBeneath(users, each, member));
  }

  /**
   * REVOKE of roles; nothing when there is nothing to take. The option of it is that the members
   * stay, and may not make others members any more.
   */
  public static Optional<CatalogEdit> revoke(Catalog catalog, String by, Membership taken) {
    Authority authority = Authority.of(catalog, by);
    Users users = catalog.users();
    for (String name : taken.roles) {
      requireAdministered(authority, require(catalog, name));
      for (String member : taken.members) {
        requireKnown(catalog, member);
        RoleDef role = Objects.requireNonNull(users.roles().get(name));
        users = users.with(taken.option ? role.notAdmin(member) : role.without(member));
      }
    }
    return users.equals(catalog.users()) ? Optional.empty() : Optional.of(edit(catalog, users));
  }

  private static void requireAdministered(Authority authority, RoleDef role) {
    if (!authority.administers(role)) {
      throw authority.denied(
          "role \"" + role.name() + "\" is granted by who has it WITH ADMIN OPTION");
    }
  }

  private static RoleDef require(Catalog catalog, String name) {
    RoleDef role = catalog.users().roles().get(name);
    if (role == null) {
      throw new SqlFailure(State.OBJECT_NOT_FOUND, "role \"" + name + "\" not found");
    }
    return role;
  }

  static void requireKnown(Catalog catalog, String name) {
    if (!catalog.users().knows(name)) {
      throw new SqlFailure(State.OBJECT_NOT_FOUND, "user or role \"" + name + "\" not found");
    }
  }

  private static CatalogEdit edit(Catalog catalog, Users users) {
    return new CatalogEdit(catalog.withUsers(users), List.of(), List.of());
  }
}
