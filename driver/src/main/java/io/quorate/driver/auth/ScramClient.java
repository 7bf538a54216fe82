package io.quorate.driver.auth;

import java.util.Base64;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange: {@link #first}, {@link #answer}, {@link #verify}, in this
 * order, each once. Confined to one thread.
 *
 * <p>Without channel binding: that the server is the right one is proved by its signature, and that
 * nobody sits between by TLS.
 */
public final class ScramClient {
  /** Neither binds the exchange to its channel nor acts for somebody else (RFC 5802 §7). */
  private static final String GS2_HEADER = "n,,";

  private final String prepared;
  private final String firstBare;
  private final String nonce;
  private final SaltedPasswords known;
  private @Nullable ScramKeys keys;
  private @Nullable String authMessage;

  /**
   * An exchange with a nonce of its own.
   *
   * @param password as the user types it
   * @param random not to be guessed
   * @throws ScramException when no password can look so
   */
  public ScramClient(String user, String password, Random random, SaltedPasswords known)
      throws ScramException {
    this(user, password, ScramKeys.nonce(random), known);
  }

  ScramClient(String user, String password, String nonce, SaltedPasswords known)
      throws ScramException {
    this.prepared = SaslPrep.prepare(password);
    this.nonce = nonce;
    this.firstBare = "n=" + ScramMessage.escape(user) + ",r=" + nonce;
    this.known = known;
  }

  /** The client-first-message. */
  public String first() {
    return GS2_HEADER + firstBare;
  }

  /**
   * The client-final-message to a server-first-message. Computes for milliseconds the first time.
   *
   * @throws ScramException when the server answers somebody else, or wants too little or too much
   */
  public String answer(String serverFirst) throws ScramException {
    if (authMessage != null) {
      throw new ScramException("a second SCRAM challenge");
    }
    ScramMessage message = ScramMessage.of(serverFirst);
    String both = message.nonce();
    byte[] salt = message.bytes('s', ScramLimits.SALT_BYTES_MIN, ScramLimits.SALT_BYTES_MAX);
    int iterations = message.iterations();
    message.end();
    if (!both.startsWith(nonce) || both.length() == nonce.length()) {
      throw new ScramException("the server answers another client's message");
    }
    String withoutProof =
        "c=" + Base64.getEncoder().encodeToString(new byte[] {'n', ',', ','}) + ",r=" + both;
    ScramKeys made = known.keys(prepared, salt, iterations);
    String exchanged = firstBare + ',' + serverFirst + ',' + withoutProof;
    keys = made;
    authMessage = exchanged;
    return withoutProof + ",p=" + Base64.getEncoder().encodeToString(made.proof(exchanged));
  }

  /**
   * Holds the server-final-message against what only a server can know that has the user.
   *
   * @throws ScramException when it is another server, or one that this client has not answered
   */
  public void verify(String serverFinal) throws ScramException {
    ScramKeys mine = keys;
    String exchanged = authMessage;
    byte[] signature =
        ScramMessage.of(serverFinal).bytes('v', ScramLimits.KEY_BYTES, ScramLimits.KEY_BYTES);
    if (mine == null || exchanged == null || !mine.isSignature(signature, exchanged)) {
      throw new ScramException("the server does not prove that it knows the user");
    }
  }
}
