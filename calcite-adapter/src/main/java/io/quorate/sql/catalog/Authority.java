package io.quorate.sql.catalog;

import io.quorate.sql.catalog.ObjectAccess.Grant;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What one user may do by one catalog: by itself, by its roles, and as everybody. Immutable. */
public final class Authority {
  private final Catalog catalog;
  private final String user;
  private final boolean unrestricted;

  /** The user, then its roles, then everybody. */
  private final Set<String> names = new LinkedHashSet<>();

  private Authority(Catalog catalog, String user, boolean unrestricted) {
    this.catalog = catalog;
    this.user = user;
    this.unrestricted = unrestricted;
    names.add(user);
    boolean more = true;
    while (more) {
      more = false;
      for (RoleDef role : catalog.users().roles().values()) {
        if (!names.contains(role.name())
            && role.members().keySet().stream().anyMatch(names::contains)) {
          names.add(role.name());
          more = true;
        }
      }
    }
    names.add(Grant.PUBLIC);
  }

  /**
   * That of a session, or of the owner on whose behalf a view is read.
   *
   * @param user empty for the administrators
   */
  public static Authority of(Catalog catalog, String user) {
    return new Authority(catalog, user, catalog.users().isUnrestricted(user));
  }

  /** Whether it is of the user of that name. */
  public boolean isUser(String name) {
    return user.equals(name);
  }

  /** Whether it may do everything. */
  public boolean isUnrestricted() {
    return unrestricted;
  }

  /** The roles that it has, those of its roles among them. */
  Set<String> roles() {
    Set<String> roles = new LinkedHashSet<>(names);
    roles.retainAll(catalog.users().roles().keySet());
    return roles;
  }

  /** Whether it is the user or role of that name, or a member of it. */
  public boolean is(String name) {
    return names.contains(name);
  }

  /** Whether the object is its own, or it may do everything. */
  public boolean owns(ObjectKey object) {
    return unrestricted || names.contains(catalog.objects().access(object).owner());
  }

  /**
   * Whether it has a privilege.
   *
   * @param column empty for the whole object
   */
  public boolean has(ObjectKey object, Privilege privilege, String column) {
    return owns(object) || catalog.objects().access(object).isGranted(names, privilege, column);
  }

  /** Whether it has a privilege for the whole object, or for one of its columns at least. */
  public boolean hasSome(ObjectKey object, Privilege privilege) {
    return owns(object)
        || catalog.objects().access(object).grants().keySet().stream()
            .anyMatch(grant -> grant.privilege() == privilege && names.contains(grant.grantee()));
  }

  /** As whom it would grant a privilege; empty if it may not. */
  Optional<String> grantor(ObjectKey object, Privilege privilege, String column) {
    if (owns(object)) {
      return Optional.of(Grant.BY_OWNER);
    }
    ObjectAccess access = catalog.objects().access(object);
    return names.stream().filter(name -> access.isGrantable(name, privilege, column)).findFirst();
  }

  /** Whether it may make others members of a role. */
  boolean administers(RoleDef role) {
    return unrestricted
        || role.members().entrySet().stream()
            .anyMatch(member -> member.getValue() && names.contains(member.getKey()));
  }

  /**
   * Refuses whom only administrators may be.
   *
   * @param what they may, as in "CREATE ROLE"
   */
  public void requireUnrestricted(String what) {
    if (!unrestricted) {
      throw denied(what + " is for administrators");
    }
  }

  /** A refusal that names the user. */
  public SqlFailure denied(String why) {
    return new SqlFailure(
        State.INSUFFICIENT_PRIVILEGE, "user \"" + user + "\" may not do this: " + why);
  }
}
