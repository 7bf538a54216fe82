package io.quorate.sql.parse;

import io.quorate.sql.catalog.Grants;
import io.quorate.sql.catalog.Privilege;
import io.quorate.sql.catalog.Roles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement about roles and privileges. */
public sealed interface AccessStatement {

  <R> R match(Cases<R> cases);

  /**
   * CREATE ROLE.
   *
   * @param ownerAdmin whether who makes it may make others members, WITH ADMIN CURRENT_USER
   * @param admin who may, by name; null for nobody
   */
  record CreateRole(String name, boolean ifNotExists, boolean ownerAdmin, @Nullable String admin)
      implements AccessStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.createRole(this);
    }
  }

  /** DROP ROLE. */
  record DropRole(String name, boolean ifExists) implements AccessStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.dropRole(this);
    }
  }

  /** Privileges on objects that are named as they were written. */
  record Clause(
      List<Grants.Item> items,
      Privilege.Kind kind,
      List<ObjectName> objects,
      List<String> grantees,
      boolean option,
      @Nullable String grantor) {
    public Clause {
      items = List.copyOf(items);
      objects = List.copyOf(objects);
      grantees = List.copyOf(grantees);
    }

    /** With the schema that names without one are of. */
    public Grants.Clause in(String schema) {
      return new Grants.Clause(
          items,
          objects.stream()
              .map(
                  name ->
                      kind == Privilege.Kind.SCHEMA
                          ? new Grants.Target(kind, name.name(), name.name())
                          : new Grants.Target(kind, name.schemaOr(schema), name.name()))
              .toList(),
          grantees,
          option,
          grantor);
    }
  }

  /** GRANT of privileges. */
  record Grant(Clause clause) implements AccessStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.grant(this);
    }
  }

  /** REVOKE of privileges. */
  record Revoke(Clause clause, boolean cascade) implements AccessStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.revoke(this);
    }
  }

  /** GRANT of roles. */
  record GrantRoles(Roles.Membership membership, @Nullable String grantor)
      implements AccessStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.grantRoles(this);
    }
  }

  /**
   * REVOKE of roles. Nothing depends on who made a member, so CASCADE and RESTRICT are the same.
   */
  record RevokeRoles(Roles.Membership membership, @Nullable String grantor)
      implements AccessStatement {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.revokeRoles(this);
    }
  }

  /** What to do with each. */
  interface Cases<R> {
    R createRole(CreateRole statement);

    R dropRole(DropRole statement);

    R grant(Grant statement);

    R revoke(Revoke statement);

    R grantRoles(GrantRoles statement);

    R revokeRoles(RevokeRoles statement);
  }
}
