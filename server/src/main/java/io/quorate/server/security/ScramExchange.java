package io.quorate.server.security;

import io.quorate.driver.auth.ScramException;
import io.quorate.driver.auth.ScramLimits;
import io.quorate.driver.auth.ScramMessage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802 §3 and §7, RFC 7677):
 *
 * <pre>
 *  client-first ─▶ begin ─▶ server-first ─▶ client-final ─▶ finish ─▶ server-final
 * </pre>
 *
 * It ends with the first proof, right or wrong. What a client said in one exchange is worth nothing
 * in another, because each has a nonce of this side's own. Confined to its connection's request.
 */
public final class ScramExchange {
  private static final String WRONG = "the proof is wrong";

  private final String user;
  private final String address;
  private final Verifier verifier;
  private final boolean real;
  private final String header;
  private final String firstBare;
  private final String nonce;
  private final String serverFirst;
  private boolean finished;

  /** Who wants in, and what is known of them. */
  record Candidate(String user, String address, Verifier verifier, boolean real) {}

  private ScramExchange(Candidate candidate, String header, String firstBare, String nonce) {
    this.user = candidate.user;
    this.address = candidate.address;
    this.verifier = candidate.verifier;
    this.real = candidate.real;
    this.header = header;
    this.firstBare = firstBare;
    this.nonce = nonce;
    this.serverFirst = "r=" + nonce + ",s=" + verifier.salt() + ",i=" + verifier.iterations();
  }

  /**
   * Takes a client-first-message.
   *
   * @param claimed the name that the client gave before; the message may repeat it
   * @param ownNonce never used before, and not to be guessed
   * @throws ScramException when it is none, or wants what this side does not do
   */
  static ScramExchange begin(
      Candidate candidate, String claimed, String clientFirst, String ownNonce)
      throws ScramException {
    ScramMessage message = ScramMessage.of(clientFirst);
    String binding = message.part();
    String authorization = message.part();
    if (!(binding.equals("n") || binding.equals("y")) || !authorization.isEmpty()) {
      throw new ScramException("neither channel binding nor another identity is supported");
    }
    String name = ScramMessage.unescape(message.value('n'));
    String clientNonce = message.nonce();
    message.end();
    if (!name.isEmpty() && !name.equals(claimed)) {
      throw new ScramException("the user is another one than before");
    }
    String header = binding + ",,";
    return new ScramExchange(
        candidate, header, clientFirst.substring(header.length()), clientNonce + ownNonce);
  }

  /** The server-first-message. */
  public String challenge() {
    return serverFirst;
  }

  /**
   * Takes the client-final-message; to be called once.
   *
   * @return the server-final-message
   * @throws ScramException when it does not prove that the client knows the password
   */
  String finish(String clientFinal) throws ScramException {
    if (finished) {
      throw new ScramException("the exchange is over");
    }
    finished = true;
    ScramMessage message = ScramMessage.of(clientFinal);
    String channel = message.value('c');
    String sentNonce = message.nonce();
    byte[] proof = message.lastBytes('p', ScramLimits.KEY_BYTES);
    String withoutProof = clientFinal.substring(0, clientFinal.lastIndexOf(",p="));
    String exchanged = firstBare + ',' + serverFirst + ',' + withoutProof;
    // All of it whether the user exists or not, so that the time does not tell.
    boolean proved = verifier.isProof(proof, exchanged);
    byte[] signature = verifier.signature(exchanged);
    if (!channel.equals(Base64.getEncoder().encodeToString(utf8(header)))
        || !sentNonce.equals(nonce)
        || !proved
        || !real) {
      throw new ScramException(WRONG);
    }
    return "v=" + Base64.getEncoder().encodeToString(signature);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The user as the catalog has the name. */
  public String user() {
    return user;
  }

  String address() {
    return address;
  }
}
