package io.quorate.driver.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramClientTest {
  /** The exchange of RFC 7677 §3. */
  private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";

  private static final String SERVER_FIRST =
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  private static final String CLIENT_FINAL =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

  private final SaltedPasswords known = new SaltedPasswords();

  private ScramClient client() throws ScramException {
    return new ScramClient("user", "pencil", NONCE, known);
  }

  @Test
  void speaks_as_the_rfc_does() throws ScramException {
    ScramClient client = client();
    assertThat(client.first()).isEqualTo("n,,n=user,r=" + NONCE);
    assertThat(client.answer(SERVER_FIRST)).isEqualTo(CLIENT_FINAL);
    client.verify(SERVER_FINAL);
  }

  @Test
  void a_server_that_does_not_know_the_user_is_found_out() throws ScramException {
    ScramClient client = client();
    assertThatThrownBy(() -> client.verify(SERVER_FINAL)).isInstanceOf(ScramException.class);
    client.answer(SERVER_FIRST);
    byte[] wrong = new byte[32];
    for (String verification :
        new String[] {
          "v=" + Base64.getEncoder().encodeToString(wrong), "v=", "", "e=other-error", "v=QUJD"
        }) {
      assertThatThrownBy(() -> client.verify(verification)).isInstanceOf(ScramException.class);
    }
    client.verify(SERVER_FINAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "r=,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        // another client's, or nothing of the server's own
        "r=xOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        // cheap to guess, or dear to answer
        "r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=600001",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999999999",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-4096",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=QQ==,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=?,i=4096",
        "s=W22ZaJ0SNY7soEsUEjb6gQ==,r=rOprNGfwEbeRWgbNEkqOabc,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==",
        "m=x,r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=rOprNGfwEbeRWgbNEkqOabc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,m=x",
        "r=rOprNGfwEbeRWgbNEkqO\u00e4bc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
      })
  void a_challenge_that_no_server_of_ours_sends_is_refused(String challenge) throws ScramException {
    ScramClient client = client();
    assertThatThrownBy(() -> client.answer(challenge)).isInstanceOf(ScramException.class);
    assertThat(known.size()).isZero();
  }

  @Test
  void a_challenge_of_any_length_is_refused() throws ScramException {
    ScramClient client = client();
    assertThatThrownBy(() -> client.answer(SERVER_FIRST + ",x=" + "y".repeat(10_000)))
        .isInstanceOf(ScramException.class);
  }

  @Test
  void answers_once() throws ScramException {
    ScramClient client = client();
    client.answer(SERVER_FIRST);
    assertThatThrownBy(() -> client.answer(SERVER_FIRST)).isInstanceOf(ScramException.class);
  }

  @Test
  void what_was_computed_is_remembered_and_bounded() throws ScramException {
    for (int i = 0; i < 3; i++) {
      client().answer(SERVER_FIRST);
    }
    assertThat(known.size()).isOne();
    ScramKeys first = known.keys("pencil", new byte[8], 4096);
    assertThat(known.keys("pencil", new byte[8], 4096)).isSameAs(first);
    for (int i = 0; i < 300; i++) {
      known.keys("p" + i, new byte[8], 1);
    }
    assertThat(known.size()).isEqualTo(256);
  }

  @Test
  void a_name_is_escaped() throws ScramException {
    ScramClient client = new ScramClient("a,b=c", "p", NONCE, known);
    assertThat(client.first()).isEqualTo("n,,n=a=2Cb=3Dc,r=" + NONCE);
    assertThat(ScramMessage.unescape("a=2Cb=3Dc")).isEqualTo("a,b=c");
    assertThatThrownBy(() -> ScramMessage.unescape("a=b")).isInstanceOf(ScramException.class);
  }

  @Test
  void no_two_nonces_are_the_same() {
    SecureRandom random = new SecureRandom();
    assertThat(ScramKeys.nonce(random)).hasSize(24).isNotEqualTo(ScramKeys.nonce(random));
  }
}
