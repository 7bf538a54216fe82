package io.quorate.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.auth.ScramException;
import io.quorate.driver.auth.ScramKeys;
import io.quorate.server.security.ScramExchange.Candidate;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramExchangeTest {
  /** The exchange of RFC 7677 §3. */
  private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";

  private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String SERVER_FIRST =
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  private static final String CLIENT_FINAL =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

  private static Candidate candidate(boolean real) throws ScramException {
    byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    ScramKeys keys = ScramKeys.of("pencil", salt, 4096);
    Base64.Encoder base64 = Base64.getEncoder();
    String verifier =
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
            + base64.encodeToString(keys.storedKey())
            + ":"
            + base64.encodeToString(keys.serverKey());
    return new Candidate("USER", "::1", Verifier.parse(verifier), real);
  }

  private static ScramExchange begin(String nonce) throws ScramException {
    return ScramExchange.begin(candidate(true), "user", CLIENT_FIRST, nonce);
  }

  @Test
  void speaks_as_the_rfc_does() throws ScramException {
    ScramExchange exchange = begin(SERVER_NONCE);
    assertThat(exchange.challenge()).isEqualTo(SERVER_FIRST);
    assertThat(exchange.finish(CLIENT_FINAL)).isEqualTo(SERVER_FINAL);
    assertThat(exchange.user()).isEqualTo("USER");
  }

  @Test
  void what_was_right_once_is_wrong_in_another_exchange() throws ScramException {
    ScramExchange other = begin("another");
    assertThatThrownBy(() -> other.finish(CLIENT_FINAL)).isInstanceOf(ScramException.class);
    String adapted = CLIENT_FINAL.replace(SERVER_NONCE, "another");
    ScramExchange third = begin("another");
    assertThatThrownBy(() -> third.finish(adapted)).isInstanceOf(ScramException.class);
  }

  @Test
  void an_exchange_ends_with_its_first_proof() throws ScramException {
    ScramExchange exchange = begin(SERVER_NONCE);
    assertThatThrownBy(() -> exchange.finish(CLIENT_FINAL.replace("p=d", "p=e")))
        .isInstanceOf(ScramException.class);
    assertThatThrownBy(() -> exchange.finish(CLIENT_FINAL)).isInstanceOf(ScramException.class);
  }

  @Test
  void who_does_not_exist_proves_nothing() throws ScramException {
    ScramExchange exchange =
        ScramExchange.begin(candidate(false), "user", CLIENT_FIRST, SERVER_NONCE);
    assertThatThrownBy(() -> exchange.finish(CLIENT_FINAL)).isInstanceOf(ScramException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n,,",
        "n,,n=user",
        "n,,r=abc,n=user",
        "n,,n=user,r=",
        "n,,n=user,r=a b",
        "n,,n=other,r=abc",
        "n,,n=us=er,r=abc",
        "n,a=admin,n=user,r=abc",
        "p=tls-unique,,n=user,r=abc",
        "q,,n=user,r=abc",
        "n,,m=x,n=user,r=abc",
        "n,,n=user,r=abc,m=x",
        "n,,n=user,r=abc,,",
        "r=abc"
      })
  void a_first_message_that_is_none_is_refused(String message) {
    assertThatThrownBy(() -> ScramExchange.begin(candidate(true), "user", message, "x"))
        .isInstanceOf(ScramException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c=biws",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AAAA",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=,p=AAAA",
        "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
      })
  void a_last_message_that_is_none_is_refused(String message) throws ScramException {
    ScramExchange exchange = begin(SERVER_NONCE);
    assertThatThrownBy(() -> exchange.finish(message)).isInstanceOf(ScramException.class);
  }

  @Test
  void a_message_of_any_length_is_refused() throws ScramException {
    ScramExchange exchange = begin(SERVER_NONCE);
    assertThatThrownBy(() -> exchange.finish("c=biws,x=" + "y".repeat(100_000)))
        .isInstanceOf(ScramException.class);
  }
}
