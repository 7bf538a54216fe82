package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.config.SecurityConfig;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.ScramVerifiers;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementService;
import io.quorate.server.session.WriteIdentity;
import io.quorate.sql.catalog.UserDef;
import io.quorate.sql.catalog.Users;
import io.quorate.sql.lang.SqlFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user that the configuration names: created by the leader while nobody has a password, at the
 * bootstrap and whenever that is so again. Thread-safe; the statement runs on a thread of its own.
 *
 * <p>The password itself is forgotten at once; the statement carries its verifier.
 */
final class FirstUser implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(FirstUser.class);
  private static final Duration CREATING = Duration.ofSeconds(10);
  private static final int FILE_BYTES_MAX = 4096;

  private final String name;
  private final String verifier;
  private final BooleanSupplier leading;
  private final Supplier<Users> users;
  private final StatementService statements;
  private final Executor threads;
  private final AtomicBoolean busy = new AtomicBoolean();

  private FirstUser(
      String name,
      String verifier,
      BooleanSupplier leading,
      Supplier<Users> users,
      StatementService statements,
      Executor threads) {
    this.name = name;
    this.verifier = verifier;
    this.leading = leading;
    this.users = users;
    this.statements = statements;
    this.threads = threads;
  }

  /** What makes the verifier of the configured password, if one is configured. */
  static String verifierOf(SecurityConfig config, SecureRandom random) {
    Path file = config.passwordFile();
    if (file == null) {
      return "";
    }
    try {
      return new ScramVerifiers(config.iterationCount()).verifierOf(read(file), random);
    } catch (SqlFailure e) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER, "security.password_file " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The users of a node that cannot create any: while nobody has a password, the configured user
   * can enter all the same.
   */
  static Users orConfigured(Users stored, SecurityConfig config, String verifier) {
    if (verifier.isEmpty() || stored.havePasswords()) {
      return stored;
    }
    String name = config.user().toUpperCase(Locale.ROOT);
    SortedMap<String, UserDef> users = new TreeMap<>(stored.byName());
    users.put(name, new UserDef(name, verifier, 0));
    return new Users(users, stored.secret(), stored.roles());
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new QuorateException(
            ErrorCode.INVALID_PARAMETER,
            "security.password_file " + file + " is too large for a password");
      }
      return Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new QuorateException(
          ErrorCode.IO_ERROR, "security.password_file " + file + " cannot be read: " + e, e);
    }
  }

  /**
   * @param leading whether this node leads
   * @param users as this node knows them
   */
  static FirstUser of(
      SecurityConfig config,
      String verifier,
      BooleanSupplier leading,
      Supplier<Users> users,
      StatementService statements,
      Executor threads) {
    String name = config.user().toUpperCase(Locale.ROOT);
    return new FirstUser(name, verifier, leading, users, statements, threads);
  }

  /** Looks whether the user is needed. Does not wait. */
  @Override
  public void run() {
    if (verifier.isEmpty() || !leading.getAsBoolean() || !busy.compareAndSet(false, true)) {
      return;
    }
    boolean handed = false;
    try {
      threads.execute(this::create);
      handed = true;
    } catch (RejectedExecutionException e) {
      log.atDebug().log("first user put off");
    } finally {
      if (!handed) {
        busy.set(false);
      }
    }
  }

  private void create() {
    try {
      if (!users.get().havePasswords()) {
        try (Session session = statements.open(new SessionOptions("", Map.of()))) {
          var unused =
              session.execute(
                  new StatementRequest(
                      "CREATE OR REPLACE USER \"" + name + "\" PASSWORD '" + verifier + "'",
                      List.of(),
                      WriteIdentity.NONE,
                      0,
                      0,
                      0,
                      CREATING));
        }
        log.atInfo().addKeyValue("user", name).log("first user created");
      }
    } catch (QuorateException | SqlFailure e) {
      // The next beat tries again.
      log.atWarn().addKeyValue("cause", e.getMessage()).log("first user not created");
    } finally {
      busy.set(false);
    }
  }
}
