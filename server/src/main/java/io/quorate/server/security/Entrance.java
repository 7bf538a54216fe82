package io.quorate.server.security;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.auth.ScramException;
import io.quorate.driver.auth.ScramKeys;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.ScramExchange.Candidate;
import io.quorate.sql.catalog.UserDef;
import io.quorate.sql.catalog.Users;
import io.quorate.sql.parse.StatementParser;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decides who enters, by native SCRAM or by a password over HTTP. Thread-safe; may wait for the log
 * once after a start, and computes for milliseconds where a password is checked.
 *
 * <p>As long as no user has a password, everybody enters who reaches a node, unless it was told
 * otherwise; from the first password on nobody does without one. A node that has just started, or
 * joined, cannot know by its own rows which of the two holds: the statement that says so may be in
 * the part of the log that it has not applied yet. So it first finds out how far the log reaches
 * ({@link #settle}), and lets nobody in without a password before.
 */
public final class Entrance {
  /** The only thing that anybody is told whose password does not let them in. */
  private static final String WRONG = "user or password is wrong";

  private static final String NEEDED = "a user and a password are needed";

  private static final String NOBODY_YET =
      "nobody can enter yet: no user has a password, and this node can be reached from other"
          + " machines (start it with [security] user and password_file, or with --insecure)";

  private static final String NOT_YET = "nobody can enter yet: the first user is being created";

  /** An election, and some. */
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private static final int SECRET_BYTES = 32;

  private final EntryPolicy policy;
  private final Supplier<Users> users;
  private final SecureRandom random;
  private final FailedEntries failed;
  private final PlainPasswords plain;
  private final Duration settling;
  private final byte[] ownSecret = new byte[SECRET_BYTES];
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile boolean gaveUp;

  /**
   * Nobody has entered yet.
   *
   * @param users as this node knows them now
   * @param nanoClock monotonic
   */
  public Entrance(
      EntryPolicy policy, Supplier<Users> users, SecureRandom random, LongSupplier nanoClock) {
    this(policy, users, random, nanoClock, SETTLING);
  }

  /**
   * @param settling how long the first clients wait for {@link #settle}
   */
  Entrance(
      EntryPolicy policy,
      Supplier<Users> users,
      SecureRandom random,
      LongSupplier nanoClock,
      Duration settling) {
    this.policy = policy;
    this.settling = settling;
    this.users = users;
    this.random = random;
    this.failed = new FailedEntries(nanoClock);
    random.nextBytes(ownSecret);
    this.plain = new PlainPasswords(ownSecret);
  }

  /** This node has applied all that was in the log when it started. */
  public void settle() {
    settled.countDown();
  }

  public boolean isSettled() {
    return settled.getCount() == 0;
  }

  /**
   * Whether everybody needs a password now.
   *
   * @throws EntryRefused when nobody may enter at all
   * @throws QuorateException when that cannot be known now
   */
  public boolean asksForPassword() throws EntryRefused {
    boolean sure = awaitSettled();
    if (users.get().havePasswords()) {
      return true;
    }
    if (policy.demanded()) {
      throw new EntryRefused(NOT_YET, Duration.ZERO);
    }
    if (policy.exposed()) {
      throw new EntryRefused(NOBODY_YET, Duration.ZERO);
    }
    if (!sure && !policy.insecure()) {
      throw new QuorateException(
          ErrorCode.NO_LEADER,
          "this node has not heard from a leader since it started, so it does not know whether"
              + " passwords are needed");
    }
    return false;
  }

  /** Waits a moment, the first few times; later, what is not known is not known. */
  private boolean awaitSettled() {
    if (isSettled()) {
      return true;
    }
    try {
      if (!gaveUp && !settled.await(settling.toMillis(), TimeUnit.MILLISECONDS)) {
        gaveUp = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(ErrorCode.CANCELLED, "the node is stopping", e);
    }
    return isSettled();
  }

  /** A name as the catalog has it; as it is where the catalog does not. */
  public String canonical(String user) {
    return users.get().find(user).map(UserDef::name).orElse(user);
  }

  /**
   * Begins an exchange of SCRAM-SHA-256. It looks the same whether the user exists or not.
   *
   * @param address of the client, for the log
   * @throws EntryRefused when the message is none
   */
  public ScramExchange begin(String user, byte[] clientFirst, String address) throws EntryRefused {
    try {
      return ScramExchange.begin(
          candidate(user, address), user, text(clientFirst), ScramKeys.nonce(random));
    } catch (ScramException e) {
      throw refused(user, address);
    }
  }

  private Candidate candidate(String claimed, String address) {
    Users known = users.get();
    boolean tooLong = claimed.length() > StatementParser.NAME_CHARS_MAX;
    Optional<UserDef> found = tooLong ? Optional.empty() : known.find(claimed);
    String user = tooLong ? claimed.substring(0, StatementParser.NAME_CHARS_MAX) : claimed;
    String verifier = found.map(UserDef::verifier).orElse(null);
    if (verifier != null) {
      try {
        return new Candidate(found.get().name(), address, Verifier.parse(verifier), true);
      } catch (ScramException e) {
        throw new QuorateException(
            ErrorCode.DATA_CORRUPTED, "the verifier of a user cannot be read", e);
      }
    }
    byte[] secret = known.secret().isEmpty() ? ownSecret : utf8(known.secret());
    Verifier nobodys = Verifier.madeUp(user, secret, policy.iterations());
    return new Candidate(user, address, nobodys, false);
  }

  /**
   * Ends an exchange.
   *
   * @return the message that proves this side to the client, which may enter
   * @throws EntryRefused when the client has proved nothing
   */
  public byte[] finish(ScramExchange exchange, byte[] clientFinal) throws EntryRefused {
    try {
      String proof = exchange.finish(text(clientFinal));
      failed.clear(exchange.user(), exchange.address());
      return utf8(proof);
    } catch (ScramException e) {
      throw refused(exchange.user(), exchange.address());
    }
  }

  /**
   * Lets in who sends a password as it is, as over HTTP.
   *
   * @return the user's name as the catalog has it
   * @throws EntryRefused when user or password is wrong
   */
  public String enter(String user, String password, String address) throws EntryRefused {
    Candidate candidate = candidate(user, address);
    boolean right = plain.isPassword(candidate.verifier(), password);
    if (!right || !candidate.real()) {
      throw refused(user, address);
    }
    failed.clear(user, address);
    return candidate.user();
  }

  /** Whether a user who has entered may do everything. */
  public boolean mayAdminister(String user) {
    return users.get().isUnrestricted(user);
  }

  /** For somebody who proves to be another one than before. */
  public EntryRefused refused(String user, String address) {
    return new EntryRefused(WRONG, failed.add(user, address));
  }

  /** For somebody who is to be told why; the reason must say nothing about any user. */
  EntryRefused refused(String reason, String user, String address) {
    return new EntryRefused(reason, failed.add(user, address));
  }

  /** For somebody who has sent no password, which says nothing about any user. */
  public EntryRefused nothingSent(String user, String address) {
    return new EntryRefused(NEEDED, failed.add(user, address));
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
