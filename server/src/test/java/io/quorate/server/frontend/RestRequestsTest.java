package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.rest.RestAnswer;
import io.quorate.server.rest.RestEndpoint;
import io.quorate.server.rest.RestRequest;
import io.quorate.server.security.Entrances;
import io.quorate.server.security.KnownUsers;
import io.quorate.server.session.Topology;
import java.io.IOException;
import java.net.Socket;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and SQL over HTTP, as the client port answers them. */
@Timeout(60)
final class RestRequestsTest {
  private static final String ALICE =
      Base64.getEncoder().encodeToString("alice:pw".getBytes(StandardCharsets.UTF_8));

  private TestPort port = new TestPort();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    assertThat(port.statements.open()).as("sessions left open").isZero();
    port.close();
    assertThat(port.uncaught.get()).isNull();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + port.address() + path))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send(to(path).POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> sql(String sql) throws IOException, InterruptedException {
    return post("/sql", "{\"sql\":\"" + sql + "\"}");
  }

  private void cluster(String leader, String address, boolean tls) {
    port.statements.topology =
        new Topology(
            2,
            "fake",
            "n1",
            Optional.of(leader).filter(name -> !name.isEmpty()),
            List.of(
                new Topology.Member("n1", "127.0.0.1:1", Topology.Role.VOTER, "", true),
                new Topology.Member("n2", address, Topology.Role.VOTER, "", true, tls)));
  }

  @Test
  void values_of_each_type_are_written_without_losing_a_digit() throws Exception {
    HttpResponse<String> answer = sql("ALL TYPES");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .startsWith("{\"error_code\":0,")
        .contains("{\"name\":\"C_DECIMAL\",\"type\":\"DECIMAL(12, 2)\"}")
        .endsWith(
            "\"rows\":[[true,-7,300,70000,5000000000,\"1234.50\",1.5,-2.25,\"abc\","
                + "\"Grüße, 世界 🙂\",\"AQI=\",\"/wB/\",\"1969-07-20\",\"23:59:58.123\","
                + "\"2026-02-28T13:14:15.123456789\",\"12345678-1234-5678-1234-567812345678\"]]}");
    assertThat(sql("ALL NULLS").body())
        .endsWith("[[" + "null,".repeat(FakeStatements.VALUES.size() - 1) + "null]]}");
  }

  @Test
  void a_change_tells_how_many_rows_and_which_revision() throws Exception {
    assertThat(sql("COUNT 5").body())
        .isEqualTo("{\"error_code\":0,\"update_count\":5,\"revision\":101}");
  }

  @Test
  void parameters_keep_their_kind_and_their_digits() throws Exception {
    HttpResponse<String> answer =
        post(
            "/sql",
            "{\"sql\":\"ECHO\",\"params\":[\"ä\\ud83d\\ude42\",1,-9223372036854775808,"
                + "9223372036854775808,1.10,1e2,true,null,],}");

    assertThat(answer.body())
        .endsWith(
            "\"rows\":[[\"String ä🙂\"],[\"Long 1\"],[\"Long -9223372036854775808\"],"
                + "[\"BigDecimal 9223372036854775808\"],[\"BigDecimal 1.10\"],"
                + "[\"BigDecimal 1E+2\"],[\"Boolean true\"],[\"null\"]]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"sql\":1}",
        "{\"sql\":\"ECHO\"} {}",
        "{\"sql\":\"ECHO\",\"sql\":\"ECHO\"}",
        "{\"sql\":\"ECHO\",\"parameters\":[]}",
        "{\"sql\":\"ECHO\",\"params\":{}}",
        "{\"sql\":\"ECHO\",\"params\":[[1]]}",
        "{\"sql\":\"ECHO\",\"params\":[\"\\ud800\"]}",
        "{\"sql\":\"ECHO\",\"params\":[1e-999999999]}",
        "{\"sql\":\"ECHO\",\"params\":[1e999999999]}",
        "{\"sql\":\"ECHO\",\"timeout_ms\":0}",
        "{\"sql\":\"ECHO\",\"timeout_ms\":60001}",
        "{\"sql\":\"ECHO\",\"timeout_ms\":1.5}",
        "{\"sql\":\"ECHO\",\"read_after\":-1}",
        "{'sql':'ECHO'}",
      })
  void a_body_that_is_no_request_is_refused(String body) throws Exception {
    HttpResponse<String> answer = post("/sql", body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body())
        .startsWith("{\"error_code\":10")
        .contains("\"error_msg\":", "\"sqlstate\":")
        .doesNotContain("jackson")
        .doesNotContain("\\tat ");
    assertThat(port.statements.requests).isEmpty();
  }

  @Test
  void a_body_of_a_million_brackets_is_refused() throws Exception {
    assertThat(post("/sql", "{\"sql\":" + "[".repeat(1_000_000)).statusCode()).isEqualTo(400);
  }

  @Test
  void a_body_that_is_no_utf8_is_refused() throws Exception {
    byte[] latin = "{\"sql\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1);
    HttpResponse<String> answer = send(to("/sql").POST(BodyPublishers.ofByteArray(latin)));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("not UTF-8");
  }

  @Test
  void a_body_beyond_the_bound_is_413_and_the_connection_stays() throws Exception {
    String large = " ".repeat(RestEndpoint.BODY_BYTES_MAX + 1);
    HttpResponse<String> answer = post("/set", large);

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("\"error_code\":10501", "\"sqlstate\":\"54000\"");
    String largest = "{\"sql\":\"COUNT 1\"}";
    String filled = largest + " ".repeat(RestEndpoint.BODY_BYTES_MAX - largest.length());
    assertThat(post("/sql", filled).statusCode()).isEqualTo(200);
  }

  @Test
  void rows_and_bytes_of_an_answer_are_bounded() throws Exception {
    assertThat(sql("ROWS 10000").body()).endsWith(",[9999,\"row 9999\"]]}");
    HttpResponse<String> rows = sql("ROWS 10001");
    assertThat(rows.statusCode()).isEqualTo(400);
    assertThat(rows.body()).contains("\"error_code\":10501", "more than 10000 rows");
    HttpResponse<String> bytes = sql("LARGE " + (9 << 20));
    assertThat(bytes.body()).contains("\"error_code\":10501", "more than 8388608 bytes");
    HttpResponse<String> escaped = sql("ESCAPED " + (2 << 20));
    assertThat(escaped.body()).contains("\"error_code\":10501", "more than 8388608 bytes");
  }

  @Test
  void all_rows_of_an_answer_have_the_time_of_one_statement() {
    AtomicLong seconds = new AtomicLong();
    try (RestEndpoint rest =
        new RestEndpoint(
            port.statements,
            Entrances.open(),
            () -> TimeUnit.SECONDS.toNanos(seconds.incrementAndGet()))) {
      RestRequest request = new RestRequest("POST", "/sql", "", Optional.empty(), "here");
      byte[] body = "{\"sql\":\"ROWS 1000\",\"timeout_ms\":5000}".getBytes(StandardCharsets.UTF_8);
      RestAnswer late = rest.answer(request, body);
      assertThat(late.status()).isEqualTo(400);
      assertThat(new String(late.body(), StandardCharsets.UTF_8))
          .contains("\"error_code\":10501", "timeout_ms");
      byte[] more = "{\"sql\":\"ROWS 1000\",\"timeout_ms\":15000}".getBytes(StandardCharsets.UTF_8);
      assertThat(rest.answer(request, more).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"FAIL, 409, 10102, 23505", "NONSENSE, 400, 10301, 42601", "BREAK, 500, 10901, XX000"})
  void failures_have_a_code_a_state_and_a_fitting_status(
      String sql, int status, int code, String state) throws Exception {
    HttpResponse<String> answer = sql(sql);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .startsWith("{\"error_code\":" + code + ",\"error_msg\":\"")
        .endsWith("\",\"sqlstate\":\"" + state + "\"}")
        .doesNotContain("secret");
  }

  @Test
  void no_transaction_outlives_its_request() throws Exception {
    HttpResponse<String> answer = sql("BEGIN");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"sqlstate\":\"25000\"");
  }

  @Test
  void a_statement_that_runs_is_cancelled_when_the_port_closes() throws Exception {
    var waiting =
        client.sendAsync(
            to("/sql").POST(BodyPublishers.ofString("{\"sql\":\"WAIT\"}")).build(),
            BodyHandlers.ofString());
    port.statements.waiting.await();
    port.close();

    assertThat(waiting.get().statusCode()).isEqualTo(504);
    assertThat(waiting.get().body()).contains("\"sqlstate\":\"57014\"");
  }

  @Test
  void a_write_on_a_node_that_does_not_lead_is_sent_to_the_leader() throws Exception {
    cluster("n2", "db.example.com:8765", false);
    HttpResponse<String> set = post("/set?x=%20", "{\"action\":\"set\"," + pair("k", "v") + "}");
    assertThat(set.statusCode()).isEqualTo(307);
    assertThat(set.headers().firstValue("Location"))
        .contains("http://db.example.com:8765/set?x=%20");

    cluster("n2", "[::1]:8765", true);
    assertThat(post("/db/api/v1/set", "{" + pair("k", "v") + "}").headers().firstValue("Location"))
        .contains("https://[::1]:8765/db/api/v1/set");
    assertThat(port.statements.requests).isEmpty();
  }

  @Test
  void without_a_leader_a_write_is_503() throws Exception {
    cluster("", "127.0.0.1:2", false);
    HttpResponse<String> none = post("/set", "{\"action\":\"delete\",\"key\":\"k\"}");
    assertThat(none.statusCode()).isEqualTo(503);
    assertThat(none.headers().firstValue("Retry-After")).contains("1");
    assertThat(none.body()).contains("\"error_code\":10001", "\"sqlstate\":\"08006\"");
    cluster("n2", "", false);
    assertThat(post("/set", "{\"action\":\"delete\",\"key\":\"k\"}").statusCode()).isEqualTo(503);
  }

  @Test
  void a_leader_that_finds_itself_deposed_sends_the_write_to_the_new_one() throws Exception {
    cluster("n2", "db.example.com:8765", false);
    Topology then = port.statements.topology;
    cluster("n1", "db.example.com:8765", false);
    Topology before = port.statements.topology;
    port.statements.leadershipLost.set(then);
    assertThat(post("/set", "{\"action\":\"delete\",\"key\":\"k\"}").statusCode()).isEqualTo(307);

    cluster("n1", "db.example.com:8765", false);
    port.statements.leadershipLost.set(before);
    assertThat(post("/set", "{\"action\":\"delete\",\"key\":\"k\"}").statusCode()).isEqualTo(503);
    assertThat(post("/set", "{\"action\":\"delete\",\"key\":\"k\"}").statusCode()).isEqualTo(200);
    assertThat(port.statements.openedWith.get(0).settings())
        .containsEntry("write_routing", "redirect");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"key\":\"k\",\"value\":\"v\"}",
        "{\"action\":\"put\",\"key\":\"k\",\"value\":\"v\"}",
        "{\"action\":\"set\",\"key\":\"k\"}",
        "{\"action\":\"set\",\"key\":\"k\",\"value\":1}",
        "{\"action\":\"set\",\"key\":\"\",\"value\":\"v\"}",
        "{\"action\":\"set\",\"value\":\"v\"}",
        "{\"action\":\"delete\"}",
        "foo=bar",
      })
  void a_body_that_sets_nothing_is_400(String body) throws Exception {
    cluster("n1", "127.0.0.1:2", false);
    HttpResponse<String> answer = post("/set", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("nvalid body");
  }

  @Test
  void keys_are_bounded_before_anything_is_asked() throws Exception {
    cluster("n1", "127.0.0.1:2", false);
    String longest = "🙂".repeat(1024);
    assertThat(post("/set", "{\"action\":\"set\"," + pair(longest, "v") + "}").statusCode())
        .isEqualTo(200);
    HttpResponse<String> longer =
        post("/set", "{\"action\":\"set\"," + pair(longest + "x", "v") + "}");
    assertThat(longer.statusCode()).isEqualTo(400);
    assertThat(longer.body()).contains("\"sqlstate\":\"22001\"");
  }

  private static String pair(String key, String value) {
    return "\"key\":\"" + key + "\",\"value\":\"" + value + "\"";
  }

  @ParameterizedTest
  @CsvSource({
    "'', Missing key",
    "?key=, Missing key",
    "?other=1, Missing key",
    "?key=%, escaped",
    "?key=%4, escaped",
    "?key=%zz, escaped",
    "?key=%ff, not UTF-8",
    "?key=a&key=b, twice",
    "?key=a&read_after=x, read_after",
  })
  void a_query_that_names_no_key_is_400(String query, String why) throws Exception {
    assertThat(raw("GET /get" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains(why);
    assertThat(port.statements.requests).isEmpty();
  }

  /** What comes back, to the end of the connection. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(port.address().host(), port.address().port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({"0xe4, 307, ?x=%E4", "0x7e, 307, ?x=~", "0x00, 400, bad", "0x1b, 400, bad"})
  void a_query_is_in_a_redirect_as_it_was_or_refused(int sent, int status, String shown)
      throws Exception {
    cluster("n2", "db.example.com:8765", false);
    String body = "{\"action\":\"delete\",\"key\":\"k\"}";
    String answer =
        raw(
            "POST /set?x="
                + (char) sent
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains(shown);
    assertThat(port.statements.requests).isEmpty();
  }

  @Test
  void answers_come_in_the_order_of_their_requests_though_a_refusal_is_held_back()
      throws Exception {
    port.close();
    port = new TestPort(Entrances.of(new KnownUsers().with("ALICE", "pw")));
    String answers =
        raw(
            "GET /ping HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YWxpY2U6cHg=\r\n\r\n"
                + "HEAD /ping HTTP/1.1\r\nHost: x\r\nAuthorization: Basic "
                + ALICE
                + "\r\nConnection: close\r\n\r\n");
    assertThat(answers).startsWith("HTTP/1.1 401 ");
    assertThat(answers.indexOf("\"sqlstate\":\"28000\""))
        .isPositive()
        .isLessThan(answers.indexOf("HTTP/1.1 200 "));
    assertThat(answers).endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource({"/set, POST", "/sql, POST", "/, POST", "/get?key=k, GET"})
  void what_a_page_in_a_browser_sends_is_not_done(String path, String method) throws Exception {
    HttpResponse<String> answer =
        send(
            to(path)
                .header("Origin", "http://elsewhere.example")
                .method(method, BodyPublishers.ofString("{\"sql\":\"COUNT 1\"}")));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(port.statements.openedWith).isEmpty();
    assertThat(port.requestBytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "/set, GET, POST",
    "/db/api/v1/set, PUT, POST",
    "/sql, GET, POST",
    "/get, POST, 'GET, HEAD'",
    "/ping, POST, 'GET, HEAD'"
  })
  void other_methods_are_405(String path, String method, String allowed) throws Exception {
    HttpResponse<String> answer = send(to(path).method(method, BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
  }

  @Test
  void once_there_are_passwords_each_request_needs_one() throws Exception {
    port.close();
    port = new TestPort(Entrances.of(new KnownUsers().with("ALICE", "pw")));
    for (String path : List.of("/ping", "/get?key=k")) {
      HttpResponse<String> nobody = send(to(path).GET());
      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(nobody.headers().firstValue("WWW-Authenticate")).isPresent();
      assertThat(nobody.body()).contains("\"error_code\":10350", "\"sqlstate\":\"28000\"");
    }
    assertThat(sql("COUNT 1").statusCode()).isEqualTo(401);
    String wrong = Base64.getEncoder().encodeToString("alice:px".getBytes(StandardCharsets.UTF_8));
    assertThat(send(to("/ping").header("Authorization", "Basic " + wrong)).statusCode())
        .isEqualTo(401);
    assertThat(port.statements.openedWith).isEmpty();

    HttpResponse<String> ping = send(to("/ping").header("Authorization", "Basic " + ALICE));
    assertThat(ping.statusCode()).isEqualTo(200);
    assertThat(ping.body()).contains("\"user\":\"ALICE\"");
    send(
        to("/sql")
            .header("Authorization", "Basic " + ALICE)
            .POST(BodyPublishers.ofString("{\"sql\":\"COUNT 1\"}")));
    assertThat(port.statements.openedWith.get(0).user()).isEqualTo("ALICE");
  }
}
