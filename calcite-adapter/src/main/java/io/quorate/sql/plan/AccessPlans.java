package io.quorate.sql.plan;

import io.quorate.sql.catalog.Authority;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.Grants;
import io.quorate.sql.catalog.Roles;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.AccessStatement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans for the statements about roles and privileges. Pure. */
final class AccessPlans implements AccessStatement.Cases<Plan> {
  private final String schema;

  /**
   * @param schema for names without one
   */
  AccessPlans(String schema) {
    this.schema = schema;
  }

  @Override
  public Plan createRole(AccessStatement.CreateRole statement) {
    String name = statement.name();
    return DefinitionPlan.inContext(
        (catalog, context) -> {
          if (statement.ifNotExists() && catalog.users().roles().containsKey(name)) {
            return Optional.empty();
          }
          Optional<String> admin =
              statement.ownerAdmin()
                  ? Optional.of(context.user())
                      .filter(user -> catalog.users().byName().containsKey(user))
                  : Optional.ofNullable(statement.admin());
          return Optional.of(Roles.create(catalog, name, context.now().toEpochMilli(), admin));
        });
  }

  @Override
  public Plan dropRole(AccessStatement.DropRole statement) {
    String name = statement.name();
    return new DefinitionPlan(
        catalog ->
            statement.ifExists() && !catalog.users().roles().containsKey(name)
                ? Optional.empty()
                : Optional.of(Roles.drop(catalog, name)));
  }

  @Override
  public Plan grant(AccessStatement.Grant statement) {
    Grants.Clause clause = statement.clause().in(schema);
    return DefinitionPlan.inContext(
        (catalog, context) -> Grants.grant(catalog, context.user(), clause));
  }

  @Override
  public Plan revoke(AccessStatement.Revoke statement) {
    Grants.Clause clause = statement.clause().in(schema);
    return DefinitionPlan.inContext(
        (catalog, context) -> Grants.revoke(catalog, context.user(), clause, statement.cascade()));
  }

  @Override
  public Plan grantRoles(AccessStatement.GrantRoles statement) {
    return DefinitionPlan.inContext(
        (catalog, context) ->
            Roles.grant(
                catalog, by(catalog, context, statement.grantor()), statement.membership()));
  }

  @Override
  public Plan revokeRoles(AccessStatement.RevokeRoles statement) {
    return DefinitionPlan.inContext(
        (catalog, context) ->
            Roles.revoke(
                catalog, by(catalog, context, statement.grantor()), statement.membership()));
  }

  /** Who made a member is not kept, so a grantor only has to be one. */
  private static String by(Catalog catalog, ExecutionContext context, @Nullable String grantor) {
    String user = context.user();
    if (grantor == null || grantor.equals(user)) {
      return user;
    }
    if (!Authority.of(catalog, user).is(grantor)) {
      throw new SqlFailure(
          State.INVALID_GRANT,
          "roles are granted and revoked by the user itself, not by \"" + grantor + "\"");
    }
    return grantor;
  }
}
