package io.quorate.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.config.AdminHttpStatus;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.Entrances;
import io.quorate.server.security.KnownUsers;
import io.quorate.server.security.TokenEntrance;
import io.quorate.server.security.Tokens;
import io.quorate.server.tls.TestTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens instead of passwords, and InsiDB's call to join, which needs one. */
@Timeout(60)
final class AdminTokensTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final String JOIN =
      "/db/api/v1/join?followerId=node2&followerAddr=192.168.1.100:7002";

  private final FakeView view = new FakeView();
  private final FakeChanges changes = new FakeChanges();
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final String good = "Bearer " + Tokens.issue(NOW);
  private @Nullable AdminServer server;

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
    workers.shutdownNow();
  }

  private AdminServer open(boolean insidb, boolean tls, TokenEntrance tokens, Entrance entrance) {
    AdminServer opened =
        new AdminServer(
            new AdminPortConfig(
                FakeView.network(0, AdminHttpStatus.PUBLISHED),
                insidb,
                tls ? Optional.of(TestTls.node()) : Optional.empty(),
                tokens));
    opened.open();
    opened.serve(new AdminService(view, changes), entrance, workers, Optional.empty());
    server = opened;
    return opened;
  }

  private AdminServer insidb(Entrance entrance) {
    return open(true, true, Tokens.entrance(true, NOW), entrance);
  }

  private static HttpResponse<String> send(
      AdminServer server, boolean tls, String method, String path, @Nullable String authorization)
      throws Exception {
    HttpClient.Builder client = HttpClient.newBuilder();
    if (tls) {
      client.sslContext(TestTls.client());
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create((tls ? "https://" : "http://") + server.boundAddress() + path))
            .method(method, BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(30));
    if (authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    return client.build().send(request.build(), BodyHandlers.ofString());
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_token_stands_for_an_administrator() throws Exception {
    KnownUsers users = new KnownUsers().with("ROOT", "secret");
    AdminServer admin = open(false, true, Tokens.entrance(true, NOW), Entrances.of(users));

    assertThat(send(admin, true, "GET", "/admin/nodes", good).statusCode()).isEqualTo(200);
    assertThat(send(admin, true, "DELETE", "/admin/node/n2", good).statusCode()).isEqualTo(200);
    assertThat(changes.made).containsExactly(new MembershipChange.Remove("n2"));
    assertThat(send(admin, true, "GET", "/admin/nodes", basic("root", "secret")).statusCode())
        .isEqualTo(200);

    HttpResponse<String> refused = send(admin, true, "GET", "/admin/nodes", good + "x");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("\"error_code\":10350", "of another secret");
    assertThat(refused.headers().allValues("WWW-Authenticate"))
        .anyMatch(challenge -> challenge.startsWith("Basic"))
        .anyMatch(challenge -> challenge.startsWith("Bearer"));
    assertThat(send(admin, true, "GET", "/admin/nodes", null).statusCode()).isEqualTo(401);
  }

  @Test
  void a_wrong_token_is_refused_also_where_nobody_needs_one() throws Exception {
    AdminServer admin =
        open(false, true, Tokens.entrance(true, NOW.plusSeconds(3600)), Entrances.open());

    assertThat(send(admin, true, "GET", "/admin/nodes", good).statusCode()).isEqualTo(401);
    assertThat(send(admin, true, "GET", "/admin/nodes", null).statusCode()).isEqualTo(200);
  }

  @Test
  void a_token_is_not_taken_in_plain_text_nor_without_a_secret() throws Exception {
    AdminServer plain = open(true, false, Tokens.entrance(false, NOW), Entrances.open());
    HttpResponse<String> refused = send(plain, false, "GET", JOIN, good);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("by TLS only");
    assertThat(refused.headers().allValues("WWW-Authenticate")).hasSize(1);
    plain.close();

    AdminServer without = open(true, true, TokenEntrance.closed(), Entrances.open());
    assertThat(send(without, true, "GET", JOIN, good).body())
        .contains("without cluster.secret_file");
    assertThat(changes.made).isEmpty();
  }

  @Test
  void the_published_call_adds_a_voter() throws Exception {
    AdminServer admin = insidb(Entrances.open());

    HttpResponse<String> added = send(admin, true, "GET", JOIN, good);
    assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
    assertThat(changes.made)
        .containsExactly(
            new MembershipChange.Add("node2", "192.168.1.100:7002", IdentityConfig.Role.VOTER));
    assertThat(send(admin, true, "GET", "/db/api/v1/join?followerId=node2", good).statusCode())
        .isEqualTo(400);
    changes.during =
        change -> {
          throw new IllegalStateException("cannot be done");
        };
    assertThat(send(admin, true, "GET", JOIN, good).statusCode()).isEqualTo(500);
  }

  /** A page in a browser sends a GET with the password that the browser knows, and no Origin. */
  @Test
  void a_password_or_nothing_does_not_do_for_it() throws Exception {
    AdminServer open = insidb(Entrances.open());
    assertThat(send(open, true, "GET", JOIN, null).statusCode()).isEqualTo(401);
    open.close();

    AdminServer closed = insidb(Entrances.of(new KnownUsers().with("ROOT", "secret")));
    HttpResponse<String> refused = send(closed, true, "GET", JOIN, basic("root", "secret"));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("a token is needed");
    assertThat(changes.made).isEmpty();
    assertThat(send(closed, true, "POST", JOIN, basic("root", "secret")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_follower_sends_it_to_the_leader() throws Exception {
    view.current = FakeView.node("n2", NodeRecord.Role.FOLLOWER, NodeRecord.Status.ALIVE);
    AdminServer admin = insidb(Entrances.open());

    HttpResponse<String> elsewhere = send(admin, true, "GET", JOIN, good);
    assertThat(elsewhere.statusCode()).isEqualTo(307);
    assertThat(elsewhere.headers().firstValue("Location"))
        .hasValue(
            "https://127.0.0.1:8865/db/api/v1/join?followerAddr=192.168.1.100%3A7002&followerId=node2");
    assertThat(elsewhere.body()).contains("n1 does");
    assertThat(send(admin, true, "GET", "/db/api/v1/join", good).statusCode()).isEqualTo(400);
    view.nodes = List.of();
    assertThat(send(admin, true, "GET", JOIN, good).statusCode()).isEqualTo(500);
    assertThat(changes.made).isEmpty();
  }

  @Test
  void without_the_setting_it_is_no_method_of_the_path() throws Exception {
    AdminServer admin = open(false, true, Tokens.entrance(true, NOW), Entrances.open());

    HttpResponse<String> refused = send(admin, true, "GET", JOIN, good);
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Allow")).hasValue("POST");
    assertThat(refused.body()).contains("compat.insidb = true");
    assertThat(send(admin, true, "POST", JOIN, good).statusCode()).isEqualTo(200);
  }
}
