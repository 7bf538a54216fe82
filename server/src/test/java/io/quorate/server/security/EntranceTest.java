package io.quorate.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.auth.SaltedPasswords;
import io.quorate.driver.auth.ScramClient;
import io.quorate.driver.auth.ScramException;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.catalog.Users;
import io.quorate.sql.lang.SqlFailure;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EntranceTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String HERE = "127.0.0.1";

  private final KnownUsers users = new KnownUsers();
  private final AtomicLong nanos = new AtomicLong();
  private final SaltedPasswords known = new SaltedPasswords();

  private Entrance entrance(boolean demanded, boolean exposed, boolean insecure) {
    Entrance made =
        new Entrance(
            new EntryPolicy(demanded, exposed, insecure, 4096),
            users,
            RANDOM,
            nanos::incrementAndGet);
    made.settle();
    return made;
  }

  private Entrance entrance() {
    return entrance(false, false, false);
  }

  private void add(String name, String password) {
    users.with(name, password);
  }

  /** Runs an exchange; the name of who is in. */
  private String enter(Entrance entrance, String user, String password)
      throws EntryRefused, ScramException {
    ScramClient client = new ScramClient(user, password, RANDOM, known);
    ScramExchange exchange = entrance.begin(user, utf8(client.first()), HERE);
    byte[] proof = utf8(client.answer(exchange.challenge()));
    client.verify(new String(entrance.finish(exchange, proof), StandardCharsets.UTF_8));
    return exchange.user();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void everybody_enters_until_somebody_has_a_password() throws EntryRefused {
    Entrance entrance = entrance();
    assertThat(entrance.asksForPassword()).isFalse();
    users.with("A", null);
    assertThat(entrance.asksForPassword()).isFalse();
    add("B", "secret");
    assertThat(entrance.asksForPassword()).isTrue();
  }

  @Test
  void who_knows_the_password_enters_and_learns_that_the_node_knows_it_too() throws Exception {
    add("ALICE", "ålice's påssword");
    add("Bob", "x");
    Entrance entrance = entrance();
    assertThat(enter(entrance, "alice", "ålice's påssword")).isEqualTo("ALICE");
    assertThat(enter(entrance, "Bob", "x")).isEqualTo("Bob");
    assertThat(entrance.enter("alice", "ålice's påssword", HERE)).isEqualTo("ALICE");
    assertThat(entrance.enter("alice", "ålice's påssword", HERE)).isEqualTo("ALICE");
  }

  @Test
  void a_wrong_password_and_an_unknown_user_are_told_the_same() {
    add("ALICE", "right");
    users.with("CAROL", null);
    Entrance entrance = entrance();
    for (String user : new String[] {"alice", "nobody", "bob", "carol", "", "x".repeat(1000)}) {
      assertThatThrownBy(() -> enter(entrance, user, "wrong"))
          .isInstanceOf(EntryRefused.class)
          .hasMessage("user or password is wrong");
      assertThatThrownBy(() -> entrance.enter(user, "wrong", HERE))
          .isInstanceOf(EntryRefused.class)
          .hasMessage("user or password is wrong");
    }
    for (String garbled : new String[] {"", "n", "\u0000\ufffd", "n,,n=alice,r="}) {
      assertThatThrownBy(() -> entrance.begin("alice", utf8(garbled), HERE))
          .hasMessage("user or password is wrong");
    }
  }

  @Test
  void a_password_that_was_right_is_so_no_more_once_there_is_another() throws Exception {
    add("ALICE", "old");
    Entrance entrance = entrance();
    entrance.enter("alice", "old", HERE);
    add("ALICE", "new");
    assertThatThrownBy(() -> entrance.enter("alice", "old", HERE)).isInstanceOf(EntryRefused.class);
    assertThat(entrance.enter("alice", "new", HERE)).isEqualTo("ALICE");
  }

  @Test
  void a_user_who_does_not_exist_has_the_same_salt_on_every_node() throws EntryRefused {
    add("ALICE", "right");
    String one = saltOf(entrance(), "nobody");
    assertThat(saltOf(entrance(), "nobody")).isEqualTo(one);
    assertThat(saltOf(entrance(), "Nobody")).isEqualTo(one);
    assertThat(saltOf(entrance(), "nobody2")).isNotEqualTo(one).hasSameSizeAs(one);
    assertThat(saltOf(entrance(), "alice")).hasSameSizeAs(one);
    users.set(new Users(users.get().byName(), "of another cluster"));
    assertThat(saltOf(entrance(), "nobody")).isNotEqualTo(one);
  }

  private static String saltOf(Entrance entrance, String user) throws EntryRefused {
    String challenge = entrance.begin(user, utf8("n,,n=,r=abc"), HERE).challenge();
    return challenge.substring(challenge.indexOf(",s="));
  }

  @Test
  void no_two_exchanges_have_the_same_nonce() throws EntryRefused {
    Entrance entrance = entrance();
    assertThat(entrance.begin("a", utf8("n,,n=,r=abc"), HERE).challenge())
        .isNotEqualTo(entrance.begin("a", utf8("n,,n=,r=abc"), HERE).challenge());
  }

  @Test
  void nobody_enters_before_the_first_user_where_one_is_demanded_or_the_world_is_near()
      throws EntryRefused {
    assertThatThrownBy(() -> entrance(true, false, false).asksForPassword())
        .isInstanceOf(EntryRefused.class)
        .hasMessageContaining("the first user is being created");
    assertThatThrownBy(() -> entrance(true, false, true).asksForPassword())
        .isInstanceOf(EntryRefused.class);
    assertThatThrownBy(() -> entrance(false, true, false).asksForPassword())
        .isInstanceOf(EntryRefused.class)
        .hasMessageContaining("--insecure");
    assertThat(entrance(false, false, true).asksForPassword()).isFalse();
    add("A", "x");
    assertThat(entrance(true, true, true).asksForPassword()).isTrue();
  }

  @Test
  void a_node_that_cannot_know_yet_lets_nobody_in() throws EntryRefused {
    Entrance entrance =
        new Entrance(
            new EntryPolicy(false, false, false, 4096),
            users,
            RANDOM,
            System::nanoTime,
            Duration.ZERO);
    QuorateException failure =
        catchThrowableOfType(QuorateException.class, entrance::asksForPassword);
    assertThat(failure.code()).isEqualTo(ErrorCode.NO_LEADER);
    add("A", "x");
    assertThat(entrance.asksForPassword()).isTrue();
    users.set(Users.NONE);
    entrance.settle();
    assertThat(entrance.asksForPassword()).isFalse();
  }

  @Test
  void each_failure_takes_longer_until_one_succeeds() throws EntryRefused {
    add("ALICE", "right");
    Entrance entrance = entrance();
    assertThat(entrance.refused("alice", HERE).delay()).isEqualTo(Duration.ofMillis(50));
    assertThat(entrance.refused("alice", HERE).delay()).isEqualTo(Duration.ofMillis(100));
    assertThat(entrance.refused("alice", "other").delay()).isEqualTo(Duration.ofMillis(50));
    for (int i = 0; i < 100; i++) {
      var unused = entrance.refused("alice", HERE);
    }
    assertThat(entrance.refused("alice", HERE).delay()).isEqualTo(Duration.ofMillis(1600));
    entrance.enter("alice", "right", HERE);
    assertThat(entrance.refused("alice", HERE).delay()).isEqualTo(Duration.ofMillis(50));
    nanos.addAndGet(Duration.ofMinutes(3).toNanos());
    assertThat(entrance.refused("alice", HERE).delay()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void a_verifier_is_taken_as_it_is_and_held_against_its_bounds() {
    ScramVerifiers verifiers = new ScramVerifiers(5000);
    String made = verifiers.verifierOf("secret", RANDOM);
    assertThat(made).startsWith("SCRAM-SHA-256$5000:").doesNotContain("secret");
    assertThat(verifiers.verifierOf(made, RANDOM)).isEqualTo(made);
    assertThat(verifiers.verifierOf("secret", RANDOM)).isNotEqualTo(made);
    for (String wrong :
        new String[] {
          "SCRAM-SHA-256$",
          "SCRAM-SHA-256$secret",
          made.replace("$5000:", "$1:"),
          made.replace("$5000:", "$999999999:"),
          made.substring(0, made.length() - 4),
          made + ":x"
        }) {
      assertThatThrownBy(() -> verifiers.verifierOf(wrong, RANDOM))
          .isInstanceOf(SqlFailure.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void a_header_gives_user_and_password() {
    String pair = Base64.getEncoder().encodeToString(utf8("ünal:a:b"));
    assertThat(BasicCredentials.parse("Basic " + pair))
        .contains(new BasicCredentials("ünal", "a:b"));
    assertThat(BasicCredentials.parse("basic  " + pair)).isPresent();
    assertThat(new BasicCredentials("u", "hunter2").toString()).doesNotContain("hunter2");
    for (String none :
        new String[] {null, "", "Basic", "Basic ?", "Bearer " + pair, "Basic YQ=="}) {
      assertThat(BasicCredentials.parse(none)).isEmpty();
    }
  }
}
