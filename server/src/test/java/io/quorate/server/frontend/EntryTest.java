package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.QuorateDriver;
import io.quorate.driver.auth.SaltedPasswords;
import io.quorate.driver.auth.ScramClient;
import io.quorate.driver.wire.Authenticate;
import io.quorate.driver.wire.Cancel;
import io.quorate.driver.wire.Challenge;
import io.quorate.driver.wire.Done;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.MetadataCall;
import io.quorate.driver.wire.Signal;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WireLimits;
import io.quorate.server.security.Entrances;
import io.quorate.server.security.KnownUsers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.apache.calcite.avatica.remote.Driver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client port of a node whose users have passwords. */
@Timeout(60)
final class EntryTest {
  private static final String WRONG = "user or password is wrong";

  private final KnownUsers users = new KnownUsers().with("ALICE", "sécret");
  private final TestPort port = new TestPort(Entrances.of(users));
  private final SecureRandom random = new SecureRandom();

  @AfterEach
  void close() {
    port.close();
    assertThat(port.uncaught.get()).isNull();
    assertThat(port.statements.open()).isZero();
  }

  private static Properties login(@Nullable String user, @Nullable String password) {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    return properties;
  }

  // Our own driver

  private Connection connect(@Nullable String user, @Nullable String password) throws SQLException {
    return Objects.requireNonNull(
        new QuorateDriver()
            .connect("jdbc:quorate://" + port.address() + "/", login(user, password)));
  }

  @Test
  void the_driver_enters_with_the_password() throws SQLException {
    for (String user : List.of("alice", "ALICE", "Alice")) {
      try (Connection connection = connect(user, "sécret");
          Statement statement = connection.createStatement()) {
        assertThat(statement.executeUpdate("COUNT 1")).isEqualTo(1);
      }
    }
    assertThat(port.statements.openedWith)
        .hasSize(3)
        .allSatisfy(options -> assertThat(options.user()).isEqualTo("ALICE"));
  }

  @Test
  void the_driver_is_told_that_it_may_not_enter() {
    assertRefused(() -> connect("alice", "wrong"), WRONG);
    assertRefused(() -> connect("bob", "sécret"), WRONG);
    assertRefused(() -> connect("alice", "\u0007"), "not allowed");
    assertRefused(() -> connect("alice", null), "are needed");
    assertRefused(() -> connect(null, null), "are needed");
    assertRefused(() -> connect(null, "sécret"), WRONG);
    assertThat(port.statements.openedWith).isEmpty();
  }

  private interface Attempt {
    @Nullable Connection make() throws SQLException;
  }

  private static void assertRefused(Attempt attempt, String message) {
    SQLException failure = catchThrowableOfType(SQLException.class, attempt::make);
    assertThat((Exception) failure)
        .isInstanceOf(SQLInvalidAuthorizationSpecException.class)
        .hasMessageContaining(message);
    assertThat(failure.getSQLState()).isEqualTo("28000");
  }

  // Frames

  private ScramClient scram(String user, String password) throws Exception {
    return new ScramClient(user, password, random, new SaltedPasswords());
  }

  private static Hello hello(String user, String first) {
    return new Hello(0, "test", user, utf8(first), Map.of());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static void assertRefused(WireClient client, Failure failure) throws Exception {
    assertThat(failure.sqlState()).isEqualTo("28000");
    assertThat(failure.message()).isEqualTo(WRONG);
    assertThat(failure.leader()).isEmpty();
    assertThat(failure.state().topology()).isEmpty();
    assertThat(failure.state().revision()).isZero();
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void a_recorded_exchange_is_worth_nothing() throws Exception {
    ScramClient scram = scram("alice", "sécret");
    Hello hello = hello("alice", scram.first());
    Authenticate proof;
    try (WireClient client = new WireClient(port.address())) {
      Challenge challenge = client.ask(hello, Challenge.class);
      proof = new Authenticate(utf8(scram.answer(text(challenge.bytes()))));
      Welcome welcome = client.ask(proof, Welcome.class);
      scram.verify(text(welcome.verification()));
    }
    try (WireClient replay = new WireClient(port.address())) {
      replay.ask(hello, Challenge.class);
      assertRefused(replay, replay.ask(proof, Failure.class));
    }
  }

  @Test
  void nothing_is_answered_before_the_proof() throws Exception {
    for (Message message :
        List.of(
            WireClient.execute("COUNT 1"),
            new MetadataCall(1, List.of(), 0, Map.of()),
            Signal.ROLLBACK,
            new Authenticate(new byte[0]))) {
      try (WireClient client = new WireClient(port.address())) {
        Failure failure = client.ask(message, Failure.class);
        assertThat(failure.sqlState()).isEqualTo("08P01");
        assertThat(failure.state().topology()).isEmpty();
        assertThat(client.atEnd()).isTrue();
      }
      try (WireClient client = new WireClient(port.address())) {
        client.ask(hello("alice", scram("alice", "x").first()), Challenge.class);
        Failure failure = client.ask(message, Failure.class);
        assertThat(failure.sqlState()).isIn("08P01", "28000");
        assertThat(failure.state().topology()).isEmpty();
        assertThat(client.atEnd()).isTrue();
      }
    }
    assertThat(port.statements.openedWith).isEmpty();
  }

  @Test
  void a_ping_before_tells_that_somebody_is_there_and_nothing_else() throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      Done pong = client.ask(Signal.PING, Done.class);
      assertThat(pong.state().topology()).isEmpty();
      assertThat(pong.state().revision()).isZero();
      client.ask(hello("alice", scram("alice", "x").first()), Challenge.class);
      assertThat(client.ask(Signal.PING, Done.class).state().topology()).isEmpty();
    }
    try (WireClient client = new WireClient(port.address())) {
      assertThat(client.ask(new Cancel("guessed"), Done.class).state().revision()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"n", "n,,", "p=tls-unique,,n=alice,r=x", "n,,n=bob,r=x", "n,a=bob,n=,r=x"})
  void a_first_message_that_is_none_is_refused(String first) throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      assertRefused(client, client.ask(hello("alice", first), Failure.class));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "c=biws", "c=biws,r=x,p=AAAA", "\u0000"})
  void a_proof_that_is_none_is_refused(String proof) throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      client.ask(hello("alice", scram("alice", "x").first()), Challenge.class);
      assertRefused(client, client.ask(new Authenticate(utf8(proof)), Failure.class));
    }
  }

  @Test
  void a_second_greeting_is_refused() throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      client.ask(hello("alice", scram("alice", "x").first()), Challenge.class);
      Failure failure = client.ask(hello("alice", scram("alice", "x").first()), Failure.class);
      assertThat(failure.sqlState()).isEqualTo("08P01");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void who_is_outside_sends_little() throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      client.raw(
          ByteBuffer.allocate(9)
              .putInt(WireLimits.GREETING_BYTES_MAX + 1)
              .put((byte) 1)
              .putInt(1)
              .array());
      assertThat(client.receive(Failure.class).sqlState()).isEqualTo("08P01");
      assertThat(client.atEnd()).isTrue();
    }
    try (WireClient client = new WireClient(port.address())) {
      for (int i = 0; i < Limits.FRAMES_OUTSIDE; i++) {
        client.ask(Signal.PING, Done.class);
      }
      assertThat(client.ask(Signal.PING, Failure.class).sqlState()).isEqualTo("08P01");
      assertThat(client.atEnd()).isTrue();
    }
  }

  // Avatica

  private Connection avatica(String serialization, String more, Properties properties)
      throws SQLException {
    return Objects.requireNonNull(
        new Driver()
            .connect(
                "jdbc:avatica:remote:url=http://"
                    + port.address()
                    + ";serialization="
                    + serialization
                    + more,
                properties));
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void avatica_enters_with_the_password(String serialization) throws SQLException {
    try (Connection connection = avatica(serialization, "", login("alice", "sécret"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("COUNT 1")).isEqualTo(1);
    }
    assertThat(port.statements.openedWith.get(0).user()).isEqualTo("ALICE");
    for (Properties wrong :
        List.of(login("alice", "wrong"), login("bob", "sécret"), login("alice", ""))) {
      // The stock driver throws what it is told while it connects as it is, and no SQLException.
      AvaticaClientRuntimeException failure =
          catchThrowableOfType(
              AvaticaClientRuntimeException.class,
              () -> avatica(serialization, "", wrong).createStatement());
      assertThat(failure).hasMessageContaining(WRONG).hasMessageNotContaining("sécret");
      assertThat(failure.getSqlState()).isEqualTo("28000");
    }
    assertThat(port.statements.openedWith).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void avatica_enters_by_the_header_of_http(String serialization) throws SQLException {
    users.with("BOB", "b");
    String basic = ";authentication=BASIC;avatica_user=bob;avatica_password=b";
    try (Connection connection = avatica(serialization, basic, new Properties());
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("COUNT 1")).isEqualTo(1);
    }
    assertThat(port.statements.openedWith.get(0).user()).isEqualTo("BOB");
    assertThatThrownBy(
            () ->
                avatica(serialization, basic.replace("password=b", "password=c"), new Properties())
                    .createStatement())
        .isInstanceOf(RuntimeException.class);
    assertThat(port.statements.openedWith).hasSize(1);
  }

  private HttpResponse<String> json(String body, @Nullable String pair) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + port.address() + "/"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (pair != null) {
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(utf8(pair)));
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void avaticas_other_requests_need_a_connection_that_was_opened_by_right() throws Exception {
    users.with("BOB", "b");
    String open = "{\"request\":\"openConnection\",\"connectionId\":\"c1\",\"info\":{%s}}";
    HttpResponse<String> nobody = json(open.formatted(""), null);
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Basic");
    assertThat(nobody.body()).contains("28000");
    for (String request :
        List.of(
            "{\"request\":\"databaseProperties\",\"connectionId\":\"c1\"}",
            "{\"request\":\"createStatement\",\"connectionId\":\"c1\"}",
            "{\"request\":\"getTables\",\"connectionId\":\"c1\"}",
            "{\"request\":\"prepare\",\"connectionId\":\"c1\",\"sql\":\"COUNT 1\"}")) {
      HttpResponse<String> answer = json(request, null);
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).contains("08003");
    }
    String alice = open.formatted("\"user\":\"alice\",\"password\":\"sécret\"");
    assertThat(json(alice, null).statusCode()).isEqualTo(200);
    assertThat(json(alice, "alice:sécret").statusCode()).isEqualTo(200);
    assertThat(json(open.formatted(""), "bob:b").body()).contains("28000");
    for (String pair : List.of("bob:b", "alice:wrong")) {
      assertThat(json(alice.replace("c1", "c2"), pair).body()).contains("28000");
    }
    String create = "{\"request\":\"createStatement\",\"connectionId\":\"c1\"}";
    assertThat(json(create, null).statusCode()).isEqualTo(200);
    assertThat(json(create, "alice:sécret").statusCode()).isEqualTo(200);
    for (String pair : List.of("bob:b", "alice:wrong", "nobody:x")) {
      assertThat(json(create, pair).body()).contains("28000");
      assertThat(json("{\"request\":\"closeConnection\",\"connectionId\":\"c1\"}", pair).body())
          .contains("28000");
    }
    assertThat(port.statements.openedWith).hasSize(1);
    json("{\"request\":\"closeConnection\",\"connectionId\":\"c1\"}", null);
    await("the session is closed").until(() -> port.statements.open() == 0);
  }
}
