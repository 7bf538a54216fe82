package io.quorate.sql.plan;

import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogEdit;
import io.quorate.sql.catalog.UserDef;
import io.quorate.sql.catalog.UserDefinitions;
import io.quorate.sql.exec.ExecutionContext;
import io.quorate.sql.exec.PasswordVerifiers;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.parse.Secret;
import io.quorate.sql.parse.Statement;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CREATE, ALTER and DROP USER. The verifier is made where the statement is evaluated, which is the
 * leader, so that the log carries what is stored and never the password. Immutable.
 */
final class UserPlan implements Plan.Definition {
  private static final int SECRET_BYTES = 32;

  /** Makes of a catalog another one, or nothing when there is nothing to do. */
  private interface Edit {
    Optional<CatalogEdit> apply(Catalog catalog, ExecutionContext context);
  }

  private final Edit edit;

  private UserPlan(Edit edit) {
    this.edit = edit;
  }

  static UserPlan create(Statement.CreateUser statement, PasswordVerifiers verifiers) {
    return new UserPlan(
        (catalog, context) -> {
          String name = statement.name();
          if (statement.ifNotExists() && catalog.users().byName().containsKey(name)) {
            return Optional.empty();
          }
          UserDef before = catalog.users().byName().get(name);
          UserDef user =
              new UserDef(
                  name,
                  verifier(statement.password(), verifiers, context),
                  context.now().toEpochMilli(),
                  Objects.requireNonNullElse(statement.admin(), before != null && before.admin()));
          return Optional.of(
              UserDefinitions.create(catalog, user, secret(context), statement.orReplace()));
        });
  }

  static UserPlan alter(Statement.AlterUser statement, PasswordVerifiers verifiers) {
    return new UserPlan(
        (catalog, context) -> {
          if (isMissing(catalog, statement.name(), statement.ifExists())) {
            return Optional.empty();
          }
          Boolean admin = statement.admin();
          if (admin != null) {
            return Optional.of(UserDefinitions.setAdmin(catalog, statement.name(), admin));
          }
          String verifier = verifier(statement.password(), verifiers, context);
          return Optional.of(UserDefinitions.setPassword(catalog, statement.name(), verifier));
        });
  }

  static UserPlan drop(Statement.DropUser statement) {
    return new UserPlan(
        (catalog, context) ->
            isMissing(catalog, statement.name(), statement.ifExists())
                ? Optional.empty()
                : Optional.of(UserDefinitions.drop(catalog, statement.name())));
  }

  private static boolean isMissing(Catalog catalog, String name, boolean ifExists) {
    return ifExists && !catalog.users().byName().containsKey(name);
  }

  private static @Nullable String verifier(
      @Nullable Secret password, PasswordVerifiers verifiers, ExecutionContext context) {
    return password == null ? null : verifiers.verifierOf(password.reveal(), context.random());
  }

  private static String secret(ExecutionContext context) {
    byte[] bytes = new byte[SECRET_BYTES];
    context.random().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public List<ResultColumn> parameters() {
    return List.of();
  }

  @Override
  public Redefinition evaluate(ExecutionContext context) {
    Catalog before = context.catalog();
    Optional<CatalogEdit> made = edit.apply(before, context);
    return new Redefinition(
        Collections.emptyIterator(),
        made.map(change -> CatalogEdit.changes(context.view(), before, change.after()))
            .orElse(List.of()),
        List.of(),
        List.of());
  }
}
