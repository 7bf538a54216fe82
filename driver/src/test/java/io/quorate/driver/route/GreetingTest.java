package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.driver.wire.Authenticate;
import io.quorate.driver.wire.Challenge;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.Welcome;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the driver says to a node that asks for a password, or pretends to. */
class GreetingTest {
  private final FakeCluster cluster = FakeCluster.of(1);
  private final CopyOnWriteArrayList<String> greetings = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    cluster.close();
  }

  /** Asks as a node does, and lets everybody in without a proof of its own. */
  private void ask(String suffix) {
    cluster
        .leader()
        .always(
            (peer, request) -> {
              if (request.type() == FrameType.AUTHENTICATE) {
                return welcome();
              }
              if (request.type() != FrameType.HELLO) {
                return null;
              }
              String first = new String(((Hello) request).authentication(), StandardCharsets.UTF_8);
              greetings.add(first);
              String nonce = first.substring(first.indexOf("r=") + 2);
              return challenge("r=" + nonce + suffix);
            });
  }

  private static Message welcome() {
    String proof = "v=" + Base64.getEncoder().encodeToString(new byte[32]);
    return new Welcome(
        1,
        0,
        "1",
        "n1",
        "c",
        "s",
        proof.getBytes(StandardCharsets.UTF_8),
        Map.of("autocommit", "true", "schema", "PUBLIC"),
        SessionState.NOTHING);
  }

  private static Message challenge(String text) {
    return new Challenge(text.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Connection connect(String address, String password) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "alice");
    properties.setProperty("password", password);
    return DriverManager.getConnection("jdbc:quorate://" + address + "/", properties);
  }

  private void assertRefused(String password, String message) {
    SQLException failure =
        catchThrowableOfType(
            SQLException.class, () -> connect(cluster.leader().address(), password));
    assertThat((Exception) failure).hasMessageContaining(message).hasMessageNotContaining("pw");
    assertThat(failure.getSQLState()).isEqualTo("28000");
  }

  @Test
  void a_node_that_cannot_prove_itself_is_left() {
    ask("abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    assertRefused("pw", "does not prove");
    assertThat(cluster.leader().requests(Authenticate.class)).hasSize(1);
  }

  @Test
  void a_node_that_asks_too_little_or_too_much_gets_no_proof() {
    ask("abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1");
    assertRefused("pw", "iterations");
    ask("abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=100000000");
    assertRefused("pw", "iterations");
    cluster.leader().always((peer, request) -> challengeOfNobody(request));
    assertRefused("pw", "another client");
    assertThat(cluster.leader().requests(Authenticate.class)).isEmpty();
  }

  private static @Nullable Message challengeOfNobody(Message request) {
    return request.type() == FrameType.HELLO
        ? challenge("r=stolen,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
        : null;
  }

  @Test
  void no_greeting_is_said_twice_and_none_holds_the_password() {
    ask("abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    assertRefused("pw", "does not prove");
    assertRefused("pw", "does not prove");
    assertThat(greetings).hasSize(2).doesNotHaveDuplicates();
    assertThat(greetings).allSatisfy(g -> assertThat(g).startsWith("n,,n=alice,r="));
  }

  @Test
  void without_a_password_there_is_nothing_to_prove() {
    cluster
        .leader()
        .always(
            (peer, request) ->
                request.type() == FrameType.HELLO ? challenge("r=x,s=QUJDREVGR0g=,i=4096") : null);
    assertRefused("", "a password is needed");
  }

  @Test
  void a_node_where_nobody_has_one_lets_everybody_in() throws SQLException {
    try (Connection connection = connect(cluster.leader().address(), "pw")) {
      assertThat(connection).isNotNull();
    }
  }
}
