package io.quorate.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.driver.ErrorCode;
import io.quorate.server.config.AdminHttpStatus;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.NetworkConfig;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.Entrances;
import io.quorate.server.security.KnownUsers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminServerTest {
  private static final NetworkConfig ANY_PORT = FakeView.network(0, AdminHttpStatus.PUBLISHED);

  private final FakeView view = new FakeView();
  private final FakeChanges changes = new FakeChanges();
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server =
      new AdminServer(
          ANY_PORT,
          new AdminService(view, changes),
          Entrances.open(),
          workers,
          Optional.empty(),
          Duration.ofSeconds(30));

  @BeforeEach
  void open() {
    server.open();
  }

  @AfterEach
  void close() {
    server.close();
    workers.shutdownNow();
  }

  @Test
  void what_the_node_counts_is_told() throws Exception {
    assertThat(get("/admin/metrics").body())
        .isEqualTo("{\"error_code\":0,\"metrics\":{\"reads_local\":5}}");
    HttpResponse<String> page = get("/metrics");
    assertThat(page.headers().firstValue("Content-Type")).hasValue(MetricsPage.CONTENT_TYPE);
    assertThat(page.body())
        .contains("quorate_reads_local_total 5.0")
        .contains("quorate_member_lag_entries{member=\"n2\"} 7.0");
  }

  @Test
  void the_current_node_is_told_in_both_published_forms() throws Exception {
    HttpResponse<String> response = get("/admin/node/current");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.body())
        .isEqualTo(
            "{\"error_code\":0,\"node_role\":\"leader\",\"node\":{\"name\":\"n1\","
                + "\"role\":\"leader\",\"status\":\"alive\",\"address\":\"127.0.0.1:8965\","
                + "\"last_update\":\"2026-01-02T03:04:05Z\",\"heartbeat\":\"17\",\"term\":\"3\","
                + "\"applied_revision\":\"120\",\"durable_revision\":\"118\",\"lag\":\"2\","
                + "\"leader\":\"n1\",\"member_id\":\"n1:42\",\"zone\":\"z1\"}}");
  }

  @Test
  void a_node_is_found_by_its_name() throws Exception {
    JsonNode answer = json(get("/admin/node/n2"));

    assertThat(answer.path("error_code").asInt()).isZero();
    assertThat(answer.path("node").path("status").textValue()).isEqualTo("lost connection");
  }

  @Test
  void members_are_told_with_what_they_do() throws Exception {
    assertThat(get("/servers").body())
        .isEqualTo(
            "{\"error_code\":0,\"servers\":["
                + "{\"service\":\"data_nodes\",\"id\":1,\"http_addr\":\"127.0.0.1:8765\","
                + "\"tcp_addr\":\"127.0.0.1:8965\"},"
                + "{\"service\":\"meta_nodes\",\"id\":1,\"http_addr\":\"127.0.0.1:8865\","
                + "\"tcp_addr\":\"127.0.0.1:8965\"}]}");

    view.current = FakeView.node("n1", NodeRecord.Role.STANDALONE, NodeRecord.Status.STARTED);
    assertThat(get("/servers").statusCode()).isEqualTo(200);
    view.current = FakeView.node("n1", NodeRecord.Role.ADMIN, NodeRecord.Status.STARTED);
    assertRefusal(get("/servers"), 3032, "SHOW SERVERS does not work in mode admin");
  }

  @Test
  void a_name_that_no_node_has_is_7019() throws Exception {
    HttpResponse<String> response = get("/admin/node/n%209");

    assertThat(response.statusCode()).isEqualTo(500);
    assertRefusal(response, 7019, "Node doesn't exist: n 9");
  }

  @Test
  void all_nodes_are_listed_and_every_value_is_a_string() throws Exception {
    JsonNode nodes = json(get("/admin/nodes")).path("nodes");

    assertThat(nodes).hasSize(3);
    assertThat(nodes.get(2).path("name").textValue()).isEqualTo("n3");
    nodes.forEach(node -> node.forEach(value -> assertThat(value.isTextual()).isTrue()));
  }

  @Test
  void outside_of_a_cluster_only_the_current_node_is_shown() throws Exception {
    view.current = FakeView.node("n1", NodeRecord.Role.STANDALONE, NodeRecord.Status.STARTED);

    assertThat(get("/admin/node/current").statusCode()).isEqualTo(200);
    assertRefusal(get("/admin/nodes"), 3032, "'ADMIN SHOW NODES' only works in cluster mode");
    assertRefusal(get("/admin/node/n1"), 3032, "SHOW NODE only works in cluster mode");
  }

  @Test
  void health_and_readiness_are_told_apart() throws Exception {
    assertThat(get("/ping").statusCode()).isEqualTo(200);
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);

    view.notReadyReason = "no leader";
    view.healthy = false;
    assertThat(get("/ping").statusCode()).isEqualTo(200);
    assertThat(get("/healthz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertRefusal(get("/readyz"), 503, "no leader");
  }

  @Test
  void once_there_are_passwords_only_its_health_is_told_without() throws Exception {
    server.close();
    KnownUsers users = new KnownUsers().with("ALICE", "pässword");
    server =
        new AdminServer(
            ANY_PORT,
            new AdminService(view, changes),
            Entrances.of(users),
            workers,
            Optional.empty(),
            Duration.ofSeconds(30));
    server.open();
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    for (String path : List.of("/ping", "/admin/nodes", "/admin/node/current", "/admin/node/x")) {
      for (String pair : new String[] {null, "alice:guess", "bob:pässword", "alice"}) {
        HttpResponse<String> refused = get(path, pair);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
            .startsWith("Basic ");
        assertThat(refused.body()).contains("10350").doesNotContain("n1").doesNotContain("guess");
      }
    }
    assertThat(get("/admin/nodes", "alice:pässword").statusCode()).isEqualTo(200);
    assertThat(get("/ping", "ALICE:pässword").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path, @Nullable String pair)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + server.boundAddress() + path));
    if (pair != null) {
      byte[] utf8 = pair.getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(utf8));
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/admin", "/admin/node/", "/admin/node/a/b", "/admin/nodes/", "/x"})
  void an_unknown_path_is_404(String path) throws Exception {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertRefusal(response, 404, "there is no such path");
  }

  @Test
  void another_method_is_405_and_told_which_are_allowed() throws Exception {
    HttpResponse<String> response =
        send(request("/admin/nodes").POST(BodyPublishers.ofString("{}")));

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
    assertRefusal(response, 405, "this path answers GET, HEAD only");
  }

  @Test
  void head_answers_without_a_body() throws Exception {
    HttpResponse<String> response =
        send(request("/healthz").method("HEAD", BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void a_body_beyond_the_bound_is_413() throws Exception {
    HttpResponse<String> response =
        send(request("/admin/nodes").POST(BodyPublishers.ofByteArray(new byte[(64 << 10) + 1])));

    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void an_error_of_ours_shows_nothing_of_its_cause() throws Exception {
    view.before =
        () -> {
          throw new IllegalStateException("password is hunter2");
        };

    HttpResponse<String> response = get("/admin/node/current");

    assertThat(response.statusCode()).isEqualTo(500);
    assertRefusal(response, 10901, "internal error; the node's log says more");
  }

  @Test
  void what_the_workers_cannot_take_is_refused_at_once() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    view.before =
        () -> {
          busy.countDown();
          await(release);
        };
    CompletableFuture<HttpResponse<String>> slow =
        client.sendAsync(request("/admin/node/current").build(), BodyHandlers.ofString());
    await(busy);

    List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      others.add(client.sendAsync(request("/ping").build(), BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> other : others) {
      assertThat(other.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
      assertRefusal(
          other.join(), ErrorCode.OVERLOADED.number(), "too many administrative requests at once");
    }

    release.countDown();
    assertThat(slow.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void a_node_that_does_not_answer_in_time_is_503() throws Exception {
    server.close();
    server =
        new AdminServer(
            ANY_PORT,
            new AdminService(view, changes),
            Entrances.open(),
            workers,
            Optional.empty(),
            Duration.ofMillis(20));
    server.open();
    CountDownLatch never = new CountDownLatch(1);
    view.before = () -> await(never);

    HttpResponse<String> response = get("/admin/node/current");

    assertThat(response.statusCode()).isEqualTo(503);
    assertRefusal(response, ErrorCode.CANCELLED.number(), "the node did not answer in time");
    never.countDown();
  }

  @Test
  void a_port_that_is_taken_is_one_clear_failure() {
    HostPort taken = server.boundAddress();
    AdminServer second =
        new AdminServer(
            FakeView.network(taken.port(), AdminHttpStatus.PUBLISHED),
            new AdminService(view, changes),
            Entrances.open(),
            workers,
            Optional.empty());

    assertThatThrownBy(second::open)
        .isInstanceOf(QuorateException.class)
        .hasMessage("cannot open admin port " + taken + ": Address already in use");
    second.close();
  }

  @Test
  void closing_twice_is_closing_once_and_the_port_is_free_again() throws Exception {
    HostPort address = server.boundAddress();
    server.close();
    server.close();
    server =
        new AdminServer(
            FakeView.network(address.port(), AdminHttpStatus.PUBLISHED),
            new AdminService(view, changes),
            Entrances.open(),
            workers,
            Optional.empty());
    server.open();

    assertThat(get("/ping").statusCode()).isEqualTo(200);
  }

  private static void assertRefusal(HttpResponse<String> response, int code, String message)
      throws IOException {
    JsonNode body = json(response);
    assertThat(body.path("error_code").intValue()).isEqualTo(code);
    assertThat(body.path("error_message").textValue()).isEqualTo(message);
    assertThat(body.path("error_msg").textValue()).isEqualTo(message);
    assertThat(body).hasSize(3);
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + server.boundAddress() + path))
        .timeout(Duration.ofSeconds(30));
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
}
