package io.quorate.sql.catalog;

import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * CREATE, ALTER and DROP USER as functions of a catalog, each with one version more than it was
 * given. Pure.
 *
 * <p>Once somebody has a password, somebody always has: the last one that can enter can neither be
 * dropped nor lose the password, or a cluster would lock everybody out, or let everybody in.
 */
public final class UserDefinitions {
  /** All of them are in the memory of each node; somebody with more has a directory elsewhere. */
  public static final int USERS_MAX = 10_000;

  private UserDefinitions() {}

  /**
   * CREATE USER.
   *
   * @param freshSecret becomes the secret of the catalog if it has none yet
   * @param orReplace whether it takes the place of one of the same name
   */
  public static CatalogEdit create(
      Catalog catalog, UserDef user, String freshSecret, boolean orReplace) {
    Users users = catalog.users();
    boolean exists = users.byName().containsKey(user.name());
    Roles.checkName(catalog, user.name(), "user");
    if (exists && !orReplace) {
      throw new SqlFailure(State.OBJECT_EXISTS, "user \"" + user.name() + "\" exists already");
    }
    if (!exists && users.byName().size() >= USERS_MAX) {
      throw new SqlFailure(State.LIMIT_EXCEEDED, "there are " + USERS_MAX + " users already");
    }
    SortedMap<String, UserDef> after = new TreeMap<>(users.byName());
    after.put(user.name(), user);
    return edit(catalog, after, users.secret().isEmpty() ? freshSecret : users.secret());
  }

  /**
   * ALTER USER.
   *
   * @param verifier null takes the password away
   */
  public static CatalogEdit setPassword(Catalog catalog, String name, @Nullable String verifier) {
    UserDef user = require(catalog, name);
    SortedMap<String, UserDef> after = new TreeMap<>(catalog.users().byName());
    after.put(name, user.withVerifier(verifier));
    return edit(catalog, after, catalog.users().secret());
  }

  /** ALTER USER with ADMIN or NO ADMIN. */
  public static CatalogEdit setAdmin(Catalog catalog, String name, boolean admin) {
    UserDef user = require(catalog, name);
    SortedMap<String, UserDef> after = new TreeMap<>(catalog.users().byName());
    after.put(name, user.withAdmin(admin));
    return edit(catalog, after, catalog.users().secret());
  }

  /** DROP USER. What belonged to an administrator belongs to the others. */
  public static CatalogEdit drop(Catalog catalog, String name) {
    UserDef user = require(catalog, name);
    List<String> owned = user.admin() ? List.of() : Access.ownedBy(catalog, name);
    if (!owned.isEmpty()) {
      // Views of his would be read with the rights of administrators.
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          "user \"" + name + "\" owns " + Definitions.someOf(owned) + "; drop that before");
    }
    SortedMap<String, UserDef> after = new TreeMap<>(catalog.users().byName());
    after.remove(name);
    return edit(catalog, after, catalog.users().secret());
  }

  private static UserDef require(Catalog catalog, String name) {
    UserDef user = catalog.users().byName().get(name);
    if (user == null) {
      throw new SqlFailure(State.OBJECT_NOT_FOUND, "user \"" + name + "\" not found");
    }
    return user;
  }

  private static CatalogEdit edit(
      Catalog catalog, SortedMap<String, UserDef> after, String secret) {
    Users users = new Users(after, secret, catalog.users().roles());
    if (catalog.users().havePasswords()) {
      if (!users.havePasswords()) {
        throw new SqlFailure(
            State.DEPENDENT_OBJECTS,
            "this is the last user with a password; without one nobody could enter");
      }
      if (after.values().stream().noneMatch(UserDef::canAdminister)) {
        throw new SqlFailure(
            State.DEPENDENT_OBJECTS,
            "this is the last administrator with a password; make another one before, by ALTER"
                + " USER … ADMIN");
      }
    } else if (users.havePasswords()) {
      // Who gets the first password administers: somebody must be able to.
      after.replaceAll((name, user) -> user.verifier() == null ? user : user.withAdmin(true));
      users = new Users(after, secret, catalog.users().roles());
    }
    return new CatalogEdit(catalog.withUsers(users), List.of(), List.of());
  }
}
