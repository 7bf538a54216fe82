package io.quorate.sql.catalog;

import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All users of a catalog, and the roles that they may have. Immutable.
 *
 * @param byName by the name as it is stored
 * @param secret drawn with the first user and never changed: what every node makes up about users
 *     that do not exist comes from it, so that no two nodes make up different things; empty before
 * @param roles by name; no user has the name of one
 */
public record Users(
    SortedMap<String, UserDef> byName, String secret, SortedMap<String, RoleDef> roles) {
  public static final Users NONE = new Users(new TreeMap<>(), "");

  public Users {
    byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    roles = Collections.unmodifiableSortedMap(new TreeMap<>(roles));
  }

  /** Without roles. */
  public Users(SortedMap<String, UserDef> byName, String secret) {
    this(byName, secret, new TreeMap<>());
  }

  /** The user of exactly this name, else of the name as one folds that is not quoted. */
  public Optional<UserDef> find(String name) {
    UserDef exact = byName.get(name);
    return Optional.ofNullable(exact == null ? byName.get(name.toUpperCase(Locale.ROOT)) : exact);
  }

  /** Whether somebody has a password; from then on everybody needs one. */
  public boolean havePasswords() {
    for (UserDef user : byName.values()) {
      if (user.verifier() != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether somebody may do everything: an administrator; everybody as long as nobody has a
   * password; and who came then without giving a name, and has stayed.
   */
  public boolean isUnrestricted(String user) {
    if (user.isEmpty()) {
      return true;
    }
    UserDef known = byName.get(user);
    return (known != null && known.admin()) || !havePasswords();
  }

  /** Whether there is a user or a role of the name. */
  boolean knows(String name) {
    return byName.containsKey(name) || roles.containsKey(name);
  }

  Users with(RoleDef role) {
    SortedMap<String, RoleDef> more = new TreeMap<>(roles);
    more.put(role.name(), role);
    return new Users(byName, secret, more);
  }

  Users withoutRole(String name) {
    SortedMap<String, RoleDef> rest = new TreeMap<>(roles);
    rest.remove(name);
    return new Users(byName, secret, rest);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "Users" + byName.values() + roles.values();
  }
}
