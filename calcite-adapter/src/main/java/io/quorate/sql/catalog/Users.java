package io.quorate.sql.catalog;

import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All users of a catalog. Immutable.
 *
 * @param byName by the name as it is stored
 * @param secret drawn with the first user and never changed: what every node makes up about users
 *     that do not exist comes from it, so that no two nodes make up different things; empty before
 */
public record Users(SortedMap<String, UserDef> byName, String secret) {
  public static final Users NONE = new Users(new TreeMap<>(), "");

  public Users {
    byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
  }

  /** The user of exactly this name, else of the name as one folds that is not quoted. */
  public Optional<UserDef> find(String name) {
    UserDef exact = byName.get(name);
    return Optional.ofNullable(exact == null ? byName.get(name.toUpperCase(Locale.ROOT)) : exact);
  }

  /** Whether somebody has a password; from then on everybody needs one. */
  public boolean havePasswords() {
    return byName.values().stream().anyMatch(user -> user.verifier() != null);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "Users" + byName.values();
  }
}
