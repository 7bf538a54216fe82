package io.quorate.server.security;

import io.quorate.sql.catalog.UserDef;
import io.quorate.sql.catalog.Users;
import java.security.SecureRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The users of a cluster that is made for a test. */
public final class KnownUsers implements Supplier<Users> {
  private final SecureRandom random = new SecureRandom();
  private volatile Users users = Users.NONE;

  @Override
  public Users get() {
    return users;
  }

  void set(Users others) {
    users = others;
  }

  /** Makes a user, or gives one another password, or none. */
  public KnownUsers with(String name, @Nullable String password) {
    TreeMap<String, UserDef> byName = new TreeMap<>(users.byName());
    String verifier =
        password == null ? null : new ScramVerifiers(4096).verifierOf(password, random);
    byName.put(name, new UserDef(name, verifier, 0));
    users = new Users(byName, "of the cluster");
    return this;
  }
}
