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
    if (exists && !orReplace) {
      throw new SqlFailure(State.OBJECT_EXISTS, "user \"" + user.name() + "\" exists already");
    }
    if (user.name().isEmpty()) {
      throw new SqlFailure(State.INVALID_PARAMETER, "a user needs a name");
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
    after.put(name, new UserDef(name, verifier, user.createdMillis()));
    return edit(catalog, after, catalog.users().secret());
  }

  /** DROP USER. */
  public static CatalogEdit drop(Catalog catalog, String name) {
    var unused = require(catalog, name);
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
    Users users = new Users(after, secret);
    if (catalog.users().havePasswords() && !users.havePasswords()) {
      throw new SqlFailure(
          State.DEPENDENT_OBJECTS,
          "this is the last user with a password; without one nobody could enter");
    }
    return new CatalogEdit(catalog.withUsers(users), List.of(), List.of());
  }
}
