package io.quorate.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.driver.ErrorCode;
import io.quorate.server.config.AdminHttpStatus;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.Entrances;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admin port is asked to change, and what it shows of the node itself. */
@Timeout(60)
final class AdminChangesTest {
  private static final String PROMOTE = "/admin/promote";
  private static final String LEADER = "/admin/leader";

  private final FakeView view = new FakeView();
  private final FakeChanges changes = new FakeChanges();
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server = server(AdminHttpStatus.PUBLISHED);

  private AdminServer server(AdminHttpStatus statuses) {
    return new AdminServer(
        FakeView.network(0, statuses),
        new AdminService(view, changes),
        Entrances.open(),
        workers,
        Optional.empty());
  }

  @BeforeEach
  void open() {
    server.open();
  }

  @AfterEach
  void close() {
    server.close();
    workers.shutdownNow();
  }

  private HttpRequest.Builder request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://" + server.boundAddress() + path))
        .method(method, BodyPublishers.ofString(body))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(request(method, path, body).build(), BodyHandlers.ofString());
  }

  private static void assertRefused(HttpResponse<String> response, int code, String message)
      throws IOException {
    JsonNode body = new ObjectMapper().readTree(response.body());
    assertThat(body.path("error_code").intValue()).as(response.body()).isEqualTo(code);
    assertThat(body.path("error_msg").textValue()).contains(message);
    assertThat(body.path("error_message")).isEqualTo(body.path("error_msg"));
  }

  @Test
  void variables_and_configs_are_told_as_texts() throws Exception {
    assertThat(send("GET", "/admin/variables", "").body())
        .isEqualTo("{\"error_code\":0,\"max_followers\":\"3\",\"role\":\"leader\"}");
    assertThat(send("GET", "/admin/variables/role", "").body())
        .isEqualTo("{\"error_code\":0,\"role\":\"leader\"}");
    assertThat(send("GET", "/admin/variables/server_role", "").body())
        .isEqualTo("{\"error_code\":0,\"server_role\":\"leader\"}");
    assertRefused(
        send("GET", "/admin/variables/r%C3%B6le", ""), 3027, "variable does not exist : röle.");
    assertThat(send("GET", "/admin/configs", "").body())
        .isEqualTo("{\"error_code\":0,\"network.client_domain\":\"(unset)\",\"node.id\":\"n1\"}");
    view.current = FakeView.node("n1", NodeRecord.Role.ADMIN, NodeRecord.Status.STARTED);
    assertThat(send("GET", "/admin/variables", "").body())
        .isEqualTo("{\"error_code\":0,\"role\":\"admin\"}");
    assertThat(send("GET", "/admin/configs", "").statusCode()).isEqualTo(200);
  }

  @Test
  void each_change_is_made_once_and_answered_by_0() throws Exception {
    assertThat(send("POST", PROMOTE, "{\"name\":\"n3\",}").body()).isEqualTo("{\"error_code\":0}");
    assertThat(send("POST", PROMOTE, "{\"name\":\"n3\",\"when\":\"READY\"}").statusCode())
        .isEqualTo(200);
    assertThat(send("POST", LEADER, "{\"name\":\"n 2\"}").body()).isEqualTo("{\"error_code\":0}");
    assertThat(send("DELETE", "/admin/node/n%202", "").body())
        .isEqualTo("{\"error_code\":0,\"message\":\"Node n 2 removed successfully.\"}");

    assertThat(changes.made)
        .containsExactly(
            new MembershipChange.Promote("n3", false),
            new MembershipChange.Promote("n3", true),
            new MembershipChange.Transfer("n 2"),
            new MembershipChange.Remove("n 2"));
  }

  @Test
  void a_limit_of_followers_is_set() throws Exception {
    for (String value : List.of("0", "4", "default")) {
      HttpResponse<String> set =
          send("POST", "/admin/variables/MAX_followers", "{\"value\":\"" + value + "\"}");
      assertThat(set.body()).isEqualTo("{\"error_code\":0}");
    }
    assertThat(changes.made)
        .containsExactly(
            new MembershipChange.LimitFollowers(0),
            new MembershipChange.LimitFollowers(4),
            new MembershipChange.LimitFollowers(4));
  }

  @Test
  void voters_are_added_in_the_words_of_infinitystore_and_of_insidb() throws Exception {
    HttpResponse<String> added = send("POST", "/join?nodeid=n%2B4&nodeaddr=localhost:8002", "");
    assertThat(added.statusCode()).isEqualTo(200);
    assertThat(added.body()).isEqualTo("{\"error_code\":0,\"message\":\"Voter added\"}");
    assertThat(send("POST", "/db/api/v1/join?followerAddr=h:1&followerId=n5&x", "").statusCode())
        .isEqualTo(200);
    for (String lacking : List.of("/join", "/join?nodeid=n4", "/join?nodeid=&nodeaddr=h:1")) {
      HttpResponse<String> refused = send("POST", lacking, "");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertRefused(refused, 3076, "Missing parameter node");
    }
    assertThat(send("GET", "/join?nodeid=n4&nodeaddr=h:1", "").statusCode()).isEqualTo(405);

    assertThat(changes.made)
        .containsExactly(
            new MembershipChange.Add("n+4", "localhost:8002", IdentityConfig.Role.VOTER),
            new MembershipChange.Add("n5", "h:1", IdentityConfig.Role.VOTER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":|3067|the body is not valid JSON",
        "name=n2|3067|the body is not valid JSON",
        "''|3067|the body must be a JSON object",
        "[]|3067|the body must be a JSON object",
        "null|3067|the body must be a JSON object",
        "{}|3076|Field 'name' is required",
        "{\"name\":null}|3076|Field 'name' is required",
        "{\"name\":2}|3076|Field 'name' must be a text in quotes",
        "{\"name\":[\"n2\"]}|3076|Field 'name' must be a text in quotes",
      })
  void a_body_that_names_nobody_is_refused(String body, int code, String message) throws Exception {
    for (String path : new String[] {PROMOTE, LEADER}) {
      HttpResponse<String> response = send("POST", path, body);
      assertThat(response.statusCode()).isEqualTo(500);
      assertRefused(response, code, message);
    }
    assertThat(changes.made).isEmpty();
  }

  @Test
  void when_is_ready_or_not_there() throws Exception {
    assertRefused(
        send("POST", PROMOTE, "{\"name\":\"n3\",\"when\":\"now\"}"),
        10116,
        "Field 'when' must be \"ready\"");
    assertThat(changes.made).isEmpty();
  }

  @Test
  void only_the_leader_removes() throws Exception {
    view.current = FakeView.node("n2", NodeRecord.Role.FOLLOWER, NodeRecord.Status.ALIVE);

    assertRefused(
        send("DELETE", "/admin/node/n3", ""),
        8007,
        "Can't remove node in follower mode; ask the leader, n1");
    assertThat(changes.made).isEmpty();
    assertThat(send("POST", LEADER, "{\"name\":\"n2\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void outside_of_a_cluster_nothing_is_changed() throws Exception {
    view.current = FakeView.node("n1", NodeRecord.Role.ADMIN, NodeRecord.Status.STARTED);
    assertRefused(send("DELETE", "/admin/node/n3", ""), 3032, "only works in cluster mode");
    assertRefused(send("POST", LEADER, "{\"name\":\"n2\"}"), 3032, "only works in cluster mode");
    view.current = FakeView.node("n1", NodeRecord.Role.ADMIN, NodeRecord.Status.REMOVED);
    assertRefused(send("DELETE", "/admin/node/n3", ""), 7025, "Not registered node: n1; it was");
    assertRefused(send("GET", "/admin/nodes", ""), 7025, "Not registered node: n1; it was");
    assertThat(changes.made).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "VARIABLE_NOT_FOUND, 3027, 404",
    "INVALID_VARIABLE, 3028, 400",
    "READ_ONLY_VARIABLE, 3029, 409",
    "NOT_IN_CLUSTER, 3032, 409",
    "INVALID_JSON, 3067, 400",
    "FIELD_REQUIRED, 3076, 400",
    "INVALID_NODE_ADDRESS, 7016, 400",
    "NODE_NOT_FOUND, 7019, 404",
    "DUPLICATE_NODE, 7020, 409",
    "LEADER_UNREACHABLE, 7021, 503",
    "NODE_NOT_REGISTERED, 7025, 409",
    "TOO_MANY_LEARNERS, 7028, 409",
    "CANNOT_LEAD, 7026, 409",
    "TOO_MANY_FOLLOWERS, 7027, 409",
    "INVALID_ROLE_CHANGE, 8007, 409",
    "NODE_UNREACHABLE, 7018, 503",
    "NO_LEADER, 10001, 503",
    "OVERLOADED, 10401, 503",
    "OUTCOME_UNKNOWN, 10202, 504",
    "INTERNAL_ERROR, 10901, 500",
  })
  void a_refusal_has_its_number_and_the_status_that_is_configured(
      ErrorCode code, int number, int status) throws Exception {
    changes.during =
        change -> {
          throw new QuorateException(code, "no " + change.node());
        };

    HttpResponse<String> published = send("POST", LEADER, "{\"name\":\"n2\"}");
    assertThat(published.statusCode()).isEqualTo(500);
    assertRefused(published, number, "no n2");
    server.close();
    server = server(AdminHttpStatus.SEMANTIC);
    server.open();
    HttpResponse<String> semantic = send("POST", LEADER, "{\"name\":\"n2\"}");
    assertThat(semantic.statusCode()).isEqualTo(status);
    assertRefused(semantic, number, "no n2");
    assertThat(send("POST", LEADER, "{").statusCode()).isEqualTo(400);
    assertThat(send("GET", "/admin/variables/x", "").statusCode()).isEqualTo(404);
  }

  @Test
  void who_waits_for_a_change_keeps_neither_questions_nor_a_second_worker() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    changes.during =
        change -> {
          begun.countDown();
          await(release);
        };
    CompletableFuture<HttpResponse<String>> slow =
        client.sendAsync(
            request("POST", LEADER, "{\"name\":\"n2\"}").build(), BodyHandlers.ofString());
    await(begun);

    assertRefused(
        send("DELETE", "/admin/node/n3", ""),
        ErrorCode.OVERLOADED.number(),
        "this node waits for another change");
    assertThat(send("GET", "/healthz", "").statusCode()).isEqualTo(200);
    release.countDown();
    assertThat(slow.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(send("DELETE", "/admin/node/n3", "").statusCode()).isEqualTo(200);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody came");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST " + LEADER, "POST " + PROMOTE, "DELETE /admin/node/n3"})
  void a_page_in_a_browser_changes_nothing(String line) throws Exception {
    String[] parts = line.split(" ", 2);
    HttpRequest request =
        request(parts[0], parts[1], "{\"name\":\"n2\"}").header("Origin", "http://evil").build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(403);
    assertRefused(response, 403, "pages in browsers may not change the cluster");
    assertThat(changes.made).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/admin/leader|POST",
        "GET|/admin/promote|POST",
        "DELETE|/admin/nodes|GET, HEAD",
        "DELETE|/admin/variables/role|GET, HEAD, POST",
        "POST|/admin/node/n2|GET, HEAD, DELETE",
      })
  void a_path_tells_its_methods(String method, String path, String allowed) throws Exception {
    HttpResponse<String> response = send(method, path, "{}");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
  }

  @Test
  void the_current_node_is_no_node_to_remove() throws Exception {
    HttpResponse<String> response = send("DELETE", "/admin/node/current", "");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(changes.made).isEmpty();
  }
}
