package io.quorate.server;

import io.quorate.server.config.ConfigException;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.EntryPolicy;
import io.quorate.server.security.EntryRefused;
import io.quorate.sql.catalog.Users;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node may listen: on this machine alone until somebody needs a password, unless somebody
 * has said otherwise. Pure, but for what it asks the entrance.
 */
final class EntryRule {
  private static final Logger log = LoggerFactory.getLogger(EntryRule.class);

  private EntryRule() {}

  static EntryPolicy policyOf(NodeConfig config) {
    return new EntryPolicy(
        config.security().demandsPassword(),
        isExposed(config),
        config.network().insecure(),
        config.security().iterationCount());
  }

  private static boolean isExposed(NodeConfig config) {
    return !config.network().insecure() && config.network().reachable().isPresent();
  }

  /**
   * The entrance of a node.
   *
   * @param users as the node knows them now
   * @param firstVerifier of the configured user's password, which nobody else could create on a
   *     node in maintenance; empty without one
   */
  static Entrance entrance(
      NodeConfig config, Supplier<Users> users, String firstVerifier, SecureRandom random) {
    boolean maintained = config.node().mode() == IdentityConfig.Mode.ADMIN;
    Supplier<Users> known =
        maintained
            ? () -> FirstUser.orConfigured(users.get(), config.security(), firstVerifier)
            : users;
    return new Entrance(policyOf(config), known, random, System::nanoTime);
  }

  /**
   * Refuses a start that would let anybody in, where that is certain before anything is touched: a
   * node without data that joins nobody has no users.
   */
  static void requireNotOpenToAll(NodeConfig config) {
    if (isExposed(config)
        && !config.security().demandsPassword()
        && config.cluster().join().isEmpty()
        && Node.clusterOf(config.node().data()).isEmpty()) {
      throw refusal(config);
    }
  }

  /**
   * The same for a node that joins nobody, once it knows its users. Where it does not, for want of
   * a leader, it starts: it lets nobody in before it knows.
   */
  static void requireUsers(NodeConfig config, Entrance entrance) {
    if (!isExposed(config) || config.security().demandsPassword()) {
      return;
    }
    try {
      var unused = entrance.asksForPassword();
    } catch (EntryRefused e) {
      if (entrance.isSettled()) {
        throw refusal(config);
      }
      log.atWarn().log("nobody can enter until a leader has told whether there are users");
    }
  }

  private static ConfigException refusal(NodeConfig config) {
    return new ConfigException(
        config.network().reachable().orElse("an address")
            + " reaches beyond this machine, but no user has a password yet: listen on 127.0.0.1,"
            + " or set security.user and security.password_file, or allow it with --insecure");
  }
}
