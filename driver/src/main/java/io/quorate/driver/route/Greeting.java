package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.auth.SaltedPasswords;
import io.quorate.driver.auth.ScramClient;
import io.quorate.driver.auth.ScramException;
import io.quorate.driver.wire.Authenticate;
import io.quorate.driver.wire.Challenge;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.Welcome;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How a connection makes itself known to one node: for one attempt, because what it says must never
 * be said twice. Confined to the thread that opens the link.
 */
final class Greeting {
  private final String client;
  private final String user;
  private final Map<String, String> settings;
  private final @Nullable ScramClient scram;

  /**
   * A greeting with a nonce of its own.
   *
   * @param client name and version of what connects
   * @param random not to be guessed
   * @throws SQLException 28000 when no password can look like the one of the options
   */
  Greeting(String client, RouteOptions options, Map<String, String> settings, Random random)
      throws SQLException {
    this.client = client;
    this.user = options.user();
    this.settings = settings;
    try {
      this.scram =
          options.password().isEmpty()
              ? null
              : new ScramClient(user, options.password(), random, SaltedPasswords.SHARED);
    } catch (ScramException e) {
      throw refused(e);
    }
  }

  Hello hello() {
    return new Hello(0, client, user, scram == null ? new byte[0] : utf8(scram.first()), settings);
  }

  Map<String, String> settings() {
    return settings;
  }

  /**
   * The answer to what the node asks.
   *
   * @throws SQLException 28000 without a password, or when the node asks what no node of ours does
   */
  Authenticate answer(Challenge challenge) throws SQLException {
    if (scram == null) {
      throw SqlExceptions.of(ErrorCode.AUTHENTICATION_FAILED, "a password is needed");
    }
    try {
      return new Authenticate(utf8(scram.answer(text(challenge.bytes()))));
    } catch (ScramException e) {
      throw refused(e);
    }
  }

  /**
   * Holds the node's proof against the password, once it has asked for one.
   *
   * @throws SQLException 28000 when it is none
   */
  void verify(Welcome welcome, boolean asked) throws SQLException {
    if (asked && scram != null) {
      try {
        scram.verify(text(welcome.verification()));
      } catch (ScramException e) {
        throw refused(e);
      }
    }
  }

  private static SQLException refused(ScramException cause) {
    return SqlExceptions.of(
        ErrorCode.AUTHENTICATION_FAILED, String.valueOf(cause.getMessage()), cause);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
