package io.quorate.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.config.AdminHttpStatus;
import io.quorate.server.frontend.FakeStatements;
import io.quorate.server.rest.RestEndpoint;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.Entrances;
import io.quorate.server.security.KnownUsers;
import io.quorate.server.session.Topology;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and SQL over HTTP, as the admin port answers them. */
@Timeout(60)
final class AdminRestTest {
  private static final String WAIT = "{\"sql\":\"WAIT\"}";
  private static final String COUNT = "{\"sql\":\"COUNT 1\"}";

  private final FakeStatements statements = new FakeStatements();
  private final ExecutorService administrators = Executors.newFixedThreadPool(2);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Served served = new Served(Entrances.open(), Duration.ofSeconds(30));

  /** A port that is served, with one worker for applications and as many more wait as fit. */
  private final class Served implements AutoCloseable {
    final ThreadPoolExecutor workers;
    final RestEndpoint rest;
    final AdminServer server;

    Served(Entrance entrance, Duration patience) {
      this(entrance, patience, new LinkedBlockingQueue<>(16));
    }

    Served(Entrance entrance, Duration patience, BlockingQueue<Runnable> queue) {
      workers = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, queue);
      rest = new RestEndpoint(statements, entrance, System::nanoTime);
      AdminService service = new AdminService(new FakeView(), new FakeChanges());
      server =
          new AdminServer(
              FakeView.network(0, AdminHttpStatus.PUBLISHED),
              service,
              entrance,
              administrators,
              Optional.empty(),
              patience);
      server.serve(service, entrance, administrators, applications());
      server.open();
    }

    Optional<Applications> applications() {
      return Optional.of(new Applications(rest, workers));
    }

    @Override
    public void close() {
      server.close();
      rest.close();
      workers.shutdownNow();
    }
  }

  @AfterEach
  void close() {
    served.close();
    administrators.shutdownNow();
    assertThat(statements.open()).as("sessions left open").isZero();
  }

  private void serveAnew(Served next) {
    served.close();
    served = next;
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + served.server.boundAddress() + path))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(to(path).GET());
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send(to(path).POST(BodyPublishers.ofString(body)));
  }

  private CompletableFuture<HttpResponse<String>> begin(String path, String body) {
    return client.sendAsync(
        to(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder as(String login, HttpRequest.Builder request) {
    byte[] utf8 = login.getBytes(StandardCharsets.UTF_8);
    return request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(utf8));
  }

  private void cluster(String leader, String address) {
    statements.topology =
        new Topology(
            2,
            "fake",
            "n1",
            Optional.of(leader).filter(name -> !name.isEmpty()),
            List.of(
                new Topology.Member("n1", "127.0.0.1:1", Topology.Role.VOTER, "", true),
                new Topology.Member("n2", address, Topology.Role.VOTER, "", true, false)));
  }

  @Test
  void statements_and_keys_are_answered_as_on_the_client_port() throws Exception {
    HttpResponse<String> rows = post("/sql", "{\"sql\":\"ECHO\",\"params\":[\"ä🙂\",1.10]}");
    assertThat(rows.statusCode()).isEqualTo(200);
    assertThat(rows.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(rows.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(rows.body()).endsWith("\"rows\":[[\"String ä🙂\"],[\"BigDecimal 1.10\"]]}");
    assertThat(post("/sql", "{\"sql\":\"FAIL\"}").statusCode()).isEqualTo(409);
    assertThat(post("/sql", "{").statusCode()).isEqualTo(400);

    cluster("n1", "127.0.0.1:2");
    String set = "{\"action\":\"set\",\"key\":\"k\",\"value\":\"v\"}";
    assertThat(post("/set", set).body())
        .isEqualTo("{\"error_code\":0,\"message\":\"Set successful\",\"revision\":101}");
    assertThat(post("/db/api/v1/set", "{\"key\":\"k\",\"value\":\"v\"}").statusCode())
        .isEqualTo(200);
    assertThat(get("/get").body()).contains("Missing key");
    assertThat(get("/get?key=k&read_after=x").statusCode()).isEqualTo(400);
    assertThat(get("/db/api/v1/ping").body()).contains("\"status\":\"ok\"", "\"node\":\"n1\"");
  }

  @Test
  void a_write_on_a_node_that_does_not_lead_is_sent_to_the_leaders_client_port() throws Exception {
    cluster("n2", "db.example.com:8765");
    HttpResponse<String> sent = post("/set?x=%20", "{\"action\":\"delete\",\"key\":\"k\"}");
    assertThat(sent.statusCode()).isEqualTo(307);
    assertThat(sent.headers().firstValue("Location"))
        .contains("http://db.example.com:8765/set?x=%20");

    cluster("", "db.example.com:8765");
    HttpResponse<String> none = post("/set", "{\"action\":\"delete\",\"key\":\"k\"}");
    assertThat(none.statusCode()).isEqualTo(503);
    assertThat(none.headers().firstValue("Retry-After")).contains("1");
    assertThat(statements.requests).isEmpty();
  }

  @Test
  void whoever_has_a_password_is_answered_and_nobody_else() throws Exception {
    serveAnew(
        new Served(
            Entrances.of(new KnownUsers().with("ALICE", "pw").with("BOB", "pw")),
            Duration.ofSeconds(30)));
    HttpResponse<String> nobody = post("/sql", COUNT);
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Basic ");
    HttpResponse<String> wrong =
        send(as("alice:px", to("/sql").POST(BodyPublishers.ofString(COUNT))));
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.body()).contains("\"error_code\":10350", "\"sqlstate\":\"28000\"");
    assertThat(statements.openedWith).isEmpty();

    for (String user : List.of("alice", "bob")) {
      HttpResponse<String> done =
          send(as(user + ":pw", to("/sql").POST(BodyPublishers.ofString(COUNT))));
      assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    }
    assertThat(statements.openedWith).extracting("user").containsExactly("ALICE", "BOB");
  }

  @ParameterizedTest
  @CsvSource({"/set, POST", "/sql, POST", "/get?key=k, GET", "/db/api/v1/ping, GET"})
  void what_a_page_in_a_browser_sends_is_not_done(String path, String method) throws Exception {
    HttpResponse<String> answer =
        send(
            to(path)
                .header("Origin", "http://elsewhere.example")
                .method(method, BodyPublishers.ofString(COUNT)));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(statements.openedWith).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/set, GET, POST",
    "/db/api/v1/set, PUT, POST",
    "/sql, DELETE, POST",
    "/get, POST, 'GET, HEAD'"
  })
  void other_methods_are_405(String path, String method, String allowed) throws Exception {
    HttpResponse<String> answer = send(to(path).method(method, BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
  }

  @Test
  void a_head_has_no_body() throws Exception {
    HttpResponse<String> head = send(to("/db/api/v1/ping").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(get("/db/api/v1/ping").statusCode()).isEqualTo(200);
  }

  @Test
  void a_body_beyond_the_bound_is_413() throws Exception {
    HttpResponse<String> answer = post("/set", " ".repeat(RestEndpoint.BODY_BYTES_MAX + 1));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("\"error_code\":10501", "\"sqlstate\":\"54000\"");
    assertThat(post("/set", " ".repeat(3 * RestEndpoint.BODY_BYTES_MAX)).statusCode())
        .isEqualTo(413);
    String filled = COUNT + " ".repeat(RestEndpoint.BODY_BYTES_MAX - COUNT.length());
    assertThat(post("/sql", filled).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz", "/ping", "/admin/nodes", "/metrics"})
  void administrators_are_answered_while_a_statement_runs(String path) throws Exception {
    serveAnew(new Served(Entrances.open(), Duration.ofSeconds(30), new SynchronousQueue<>()));
    CompletableFuture<HttpResponse<String>> slow = begin("/sql", WAIT);
    statements.waiting.await();
    for (int i = 0; i < 8; i++) {
      HttpResponse<String> refused = post("/sql", COUNT);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("\"error_code\":10401");
    }
    assertThat(get(path).statusCode()).isEqualTo(200);
    assertThat(slow).isNotDone();
    statements.letGo.countDown();
    assertThat(slow.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void a_request_that_waits_too_long_is_refused_and_never_done() throws Exception {
    serveAnew(new Served(Entrances.open(), Duration.ofMillis(500)));
    CompletableFuture<HttpResponse<String>> slow = begin("/sql", WAIT);
    statements.waiting.await();
    HttpResponse<String> refused = post("/sql", COUNT);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("the node did not answer in time");
    statements.letGo.countDown();
    assertThat(slow.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(post("/sql", "{\"sql\":\"COUNT 2\"}").statusCode()).isEqualTo(200);
    assertThat(statements.requests).extracting("sql").containsExactly("WAIT", "COUNT 2");
  }

  @Test
  void a_request_waits_for_the_next_node_behind_the_port() throws Exception {
    served.server.pause();
    CompletableFuture<HttpResponse<String>> early = begin("/sql", COUNT);
    CompletableFuture<HttpResponse<String>> other =
        client.sendAsync(to("/ping").build(), BodyHandlers.ofString());
    AdminService service = new AdminService(new FakeView(), new FakeChanges());
    served.server.serve(service, Entrances.open(), administrators, served.applications());
    assertThat(early.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(other.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void a_statement_that_runs_is_cancelled_when_the_node_ends() throws Exception {
    CompletableFuture<HttpResponse<String>> waiting = begin("/sql", WAIT);
    statements.waiting.await();
    served.rest.close();
    assertThat(waiting.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
    assertThat(waiting.get().body()).contains("\"sqlstate\":\"57014\"");
  }

  @Test
  void a_port_without_applications_does_not_know_their_paths() throws Exception {
    AdminService service = new AdminService(new FakeView(), new FakeChanges());
    served.server.serve(service, Entrances.open(), administrators, Optional.empty());
    assertThat(post("/sql", COUNT).statusCode()).isEqualTo(404);
    assertThat(get("/ping").statusCode()).isEqualTo(200);
  }
}
