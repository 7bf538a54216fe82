package io.quorate.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RootTokensTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final SecureRandom random = new SecureRandom();
  private final RootTokens tokens = Tokens.of(Tokens.SECRET);

  @TempDir Path directory;

  @Test
  void a_token_is_good_until_its_time_is_over() {
    String token = tokens.issue(Duration.ofMinutes(15), NOW, random);

    assertThat(token).matches("[A-Za-z0-9._-]+").doesNotContain(Tokens.SECRET);
    assertThat(tokens.isValid(token, NOW)).isTrue();
    assertThat(tokens.isValid(token, NOW.plusSeconds(899))).isTrue();
    assertThat(tokens.isValid(token, NOW.plusSeconds(900))).isFalse();
    assertThat(tokens.issue(Duration.ofMinutes(15), NOW, random)).isNotEqualTo(token);
  }

  @Test
  void a_token_of_another_secret_is_not() {
    String token = tokens.issue(Duration.ofHours(1), NOW, random);

    assertThat(Tokens.of(Tokens.SECRET + "!").isValid(token, NOW)).isFalse();
  }

  @Test
  void no_byte_of_a_token_can_be_changed() {
    String token = tokens.issue(Duration.ofHours(1), NOW, random);

    for (int at = 0; at < token.length(); at++) {
      for (char other : "0A.-".toCharArray()) {
        String changed = token.substring(0, at) + other + token.substring(at + 1);
        assertThat(tokens.isValid(changed, NOW)).as(changed).isEqualTo(changed.equals(token));
      }
    }
    for (int end = 0; end < token.length(); end++) {
      assertThat(tokens.isValid(token.substring(0, end), NOW)).isFalse();
    }
  }

  /** The last is how InsiDB makes its own of {@link Tokens#SECRET}, for ever the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "qrt1..AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "qrt1.999999999999.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "qrt1.9999999999999999999.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ZTc0MTBiMjY1ZTk0NmQ1ZDBlNWIxYjIyZWZlZjY1MTY="
      })
  void what_nobody_has_issued_is_none(String token) {
    assertThat(tokens.isValid(token, NOW)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 999, 7 * 24 * 3600 * 1000L + 1})
  void none_lasts_for_nothing_or_for_ever(long millis) {
    assertThatThrownBy(() -> tokens.issue(Duration.ofMillis(millis), NOW, random))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_line_end_behind_the_secret_does_not_count() throws IOException {
    String token = tokens.issue(Duration.ofHours(1), NOW, random);
    for (String end : new String[] {"", "\n", "\r\n"}) {
      Path file = Files.writeString(directory.resolve("secret"), Tokens.SECRET + end);
      assertThat(new RootTokens(ClusterSecret.read(file)).isValid(token, NOW)).isTrue();
    }
    Path two = Files.writeString(directory.resolve("secret"), Tokens.SECRET + "\n\n");
    assertThat(new RootTokens(ClusterSecret.read(two)).isValid(token, NOW)).isFalse();
  }

  @Test
  void a_file_that_does_not_do_is_refused_without_its_content() throws IOException {
    Path file = directory.resolve("secret");
    assertThatThrownBy(() -> ClusterSecret.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("does not exist");
    Files.writeString(file, "your-cluster-secret");
    assertThatThrownBy(() -> ClusterSecret.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("less than 32 bytes")
        .hasMessageNotContaining("your-cluster-secret");
    Files.writeString(file, "x".repeat(4097));
    assertThatThrownBy(() -> ClusterSecret.read(file)).hasMessageContaining("too large");
    assertThatThrownBy(() -> ClusterSecret.read(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void who_shows_no_good_token_is_told_what_is_wrong() {
    String good = "Bearer " + Tokens.issue(NOW);
    TokenEntrance none = TokenEntrance.closed();
    TokenEntrance plain = Tokens.entrance(false, NOW);
    TokenEntrance encrypted = Tokens.entrance(true, NOW);

    refuses(none, good, "without cluster.secret_file");
    refuses(plain, good, "by TLS only");
    refuses(encrypted, null, "a token is needed");
    refuses(encrypted, "Basic YTpi", "a token is needed");
    refuses(encrypted, good + "x", "of another secret, or its time is over");
    refuses(Tokens.entrance(true, NOW.plusSeconds(3600)), good, "its time is over");
    assertThat(Optional.of(encrypted).filter(TokenEntrance::isOpen)).isPresent();
    assertThat(none.isOpen() || plain.isOpen()).isFalse();
  }

  private static void refuses(TokenEntrance entrance, @Nullable String header, String why) {
    assertThatThrownBy(() -> entrance.enter(header, Entrances.open(), "127.0.0.1"))
        .isInstanceOf(EntryRefused.class)
        .hasMessageContaining(why);
  }
}
