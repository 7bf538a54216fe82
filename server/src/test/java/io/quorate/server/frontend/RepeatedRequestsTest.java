package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.config.HostPort;
import io.quorate.server.session.StatementRequest;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests over HTTP that come twice: with a key, and without one. */
@Timeout(60)
final class RepeatedRequestsTest {
  private static final String COUNT = executing("COUNT 3");

  private final TestPort port = new TestPort();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void open() throws Exception {
    open("c");
  }

  @AfterEach
  void close() {
    port.close();
    assertThat(port.uncaught.get()).isNull();
  }

  private void open(String connection) throws Exception {
    send(
        "", "{\"request\":\"openConnection\",\"connectionId\":\"" + connection + "\",\"info\":{}}");
    send("", "{\"request\":\"createStatement\",\"connectionId\":\"" + connection + "\"}");
  }

  private static String executing(String sql) {
    return "{\"request\":\"prepareAndExecute\",\"connectionId\":\"c\",\"statementId\":1,\"sql\":\""
        + sql
        + "\",\"maxRowCount\":-1}";
  }

  private String send(String key, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + port.address() + "/"))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("Idempotency-Key", key);
    }
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }

  private List<StatementRequest> requests() {
    return port.statements.requests;
  }

  @Test
  void a_write_with_a_key_is_done_once_on_its_connection() throws Exception {
    String first = send("\"k1\"", COUNT);
    assertThat(first).contains("\"updateCount\":3");
    assertThat(send("\"k1\"", COUNT)).isEqualTo(first);
    assertThat(send("k1", COUNT)).isEqualTo(first);
    assertThat(requests()).hasSize(1);

    assertThat(send("\"k2\"", COUNT)).isEqualTo(first);
    assertThat(send("", COUNT)).isEqualTo(first);
    assertThat(send("", COUNT)).isEqualTo(first);
    assertThat(requests()).hasSize(4);
  }

  @Test
  void the_same_write_has_the_same_name_on_every_connection_and_no_other_has() throws Exception {
    open("d");
    send("\"k\"", COUNT);
    send("\"k\"", COUNT.replace("\"c\"", "\"d\""));
    open("e");
    send("\"k\"", executing("COUNT 4").replace("\"c\"", "\"e\""));
    send("\"l\"", COUNT);

    assertThat(requests()).hasSize(4);
    assertThat(requests()).allSatisfy(each -> assertThat(each.identity().repeated()).isTrue());
    assertThat(requests().get(1).identity()).isEqualTo(requests().get(0).identity());
    assertThat(requests().stream().map(StatementRequest::identity).distinct()).hasSize(3);
  }

  @Test
  void a_key_belongs_to_one_request() throws Exception {
    send("\"k\"", COUNT);
    assertThat(send("\"k\"", executing("COUNT 4"))).contains("22023", "used for another request");
    assertThat(requests()).hasSize(1);
  }

  @Test
  void a_key_without_characters_or_with_too_many_is_refused() throws Exception {
    for (String key : List.of("\"\"", "x".repeat(256))) {
      assertThat(send(key, COUNT)).contains("22023", "Idempotency-Key has 1 to 255 characters");
    }
    assertThat(requests()).isEmpty();
  }

  @Test
  void a_failure_with_a_key_is_told_again() throws Exception {
    String first = send("\"k\"", executing("FAIL"));
    assertThat(first).contains("23505");
    assertThat(send("\"k\"", executing("FAIL"))).isEqualTo(first);
    assertThat(requests()).hasSize(1);
  }

  @Test
  void rows_are_read_again() throws Exception {
    assertThat(send("\"k\"", executing("ROWS 2"))).contains("row 1");
    assertThat(send("\"k\"", executing("ROWS 2"))).contains("row 1");
    assertThat(requests()).hasSize(2);
  }

  @Test
  void batches_are_done_once_with_a_key() throws Exception {
    send(
        "", "{\"request\":\"prepare\",\"connectionId\":\"c\",\"sql\":\"TAKE\",\"maxRowCount\":-1}");
    String batch =
        "{\"request\":\"executeBatch\",\"connectionId\":\"c\",\"statementId\":2,"
            + "\"parameterValues\":[[{\"type\":\"STRING\",\"value\":\"a\"}],"
            + "[{\"type\":\"STRING\",\"value\":\"b\"}]]}";
    String first = send("\"k\"", batch);
    assertThat(first).contains("\"updateCounts\":[1,1]");
    assertThat(send("\"k\"", batch)).isEqualTo(first);
    assertThat(requests()).hasSize(1);

    String texts =
        "{\"request\":\"prepareAndExecuteBatch\",\"connectionId\":\"c\",\"statementId\":1,"
            + "\"sqlCommands\":[\"COUNT 1\",\"COUNT 1\"]}";
    assertThat(send("\"t\"", texts)).isEqualTo(send("\"t\"", texts));
    assertThat(requests()).hasSize(3);
    assertThat(requests().get(1).identity()).isNotEqualTo(requests().get(2).identity());
  }

  @Test
  void what_a_client_that_is_gone_sends_again_is_not_done_again() throws Exception {
    HostPort address = port.address();
    byte[] wait = executing("WAIT").getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + wait.length + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(wait);
      assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();
    }
    await("the port sees that the client is gone").until(() -> port.connections() == 1);
    var again =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create("http://" + address + "/"))
                .POST(BodyPublishers.ofByteArray(wait))
                .build(),
            BodyHandlers.ofString());
    port.statements.letGo.countDown();

    assertThat(again.get(30, TimeUnit.SECONDS).body()).contains("\"updateCount\":0");
    assertThat(requests()).hasSize(1);

    // The next one is meant.
    assertThat(send("", executing("WAIT"))).contains("\"updateCount\":0");
    assertThat(requests()).hasSize(2);
  }
}
