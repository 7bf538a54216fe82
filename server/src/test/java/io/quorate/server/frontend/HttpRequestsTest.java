package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.config.HostPort;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.Entrances;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client port does with whatever else comes over HTTP. */
@Timeout(60)
final class HttpRequestsTest {
  private final TestPort port = new TestPort();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
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

  private HttpResponse<String> json(String body) throws IOException, InterruptedException {
    return send(
        to("/").header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
  }

  @Test
  void ping_is_answered() throws Exception {
    HttpResponse<String> pong = send(to("/ping").GET());
    assertThat(pong.statusCode()).isEqualTo(200);
    assertThat(pong.body()).contains("\"error_code\":0", "\"node\":\"n1\"", "\"leader\":\"n2\"");
    assertThat(send(to("/ping?now").method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(200);
  }

  @Test
  void other_methods_and_paths_are_refused() throws Exception {
    HttpResponse<String> get = send(to("/").GET());
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).contains("POST");
    assertThat(send(to("/ping").DELETE()).statusCode()).isEqualTo(405);
    assertThat(send(to("/sqL").POST(BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(404);
    assertThat(send(to("/elsewhere").GET()).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "{\"request\":\"fly\"}",
        "{\"request\":\"fetch\"}",
        "{\"request\":\"openConnection\"}",
        "{\"request\":\"execute\",\"statementHandle\":null}",
        "\u0001\u0002garbage"
      })
  void a_body_that_is_no_request_is_answered_without_a_stack_trace(String body) throws Exception {
    for (String type : new String[] {"application/octet-stream", "application/json", "text/x"}) {
      HttpResponse<String> answer =
          send(to("/").header("Content-Type", type).POST(BodyPublishers.ofString(body)));

      assertThat(answer.statusCode()).as(type).isEqualTo(500);
      assertThat(answer.body()).as(type).doesNotContain("\tat ").doesNotContain("jackson");
      assertThat(answer.body()).containsAnyOf("08P01", "08003");
    }
    assertThat(send(to("/ping").GET()).statusCode()).isEqualTo(200);
  }

  @Test
  void a_body_beyond_the_bound_is_read_and_refused() throws Exception {
    HttpResponse<String> answer =
        send(
            to("/")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(new byte[Limits.HTTP_BODY_BYTES + 1])));

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("54000").contains("a request has at most");
  }

  @Test
  void an_unknown_connection_has_avaticas_own_number() throws Exception {
    HttpResponse<String> answer = json("{\"request\":\"commit\",\"connectionId\":\"c\"}");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("\"errorCode\":1,").contains("\"sqlState\":\"08003\"");
  }

  @Test
  void a_connection_is_opened_once_however_often_it_is_asked_for() throws Exception {
    String open = "{\"request\":\"openConnection\",\"connectionId\":\"c\",\"info\":{}}";
    assertThat(json(open).statusCode()).isEqualTo(200);
    assertThat(json(open).statusCode()).isEqualTo(200);
    assertThat(port.statements.open()).isEqualTo(1);
    String close = "{\"request\":\"closeConnection\",\"connectionId\":\"c\"}";
    assertThat(json(close).statusCode()).isEqualTo(200);
    assertThat(json(close).statusCode()).isEqualTo(200);
    assertThat(port.statements.open()).isZero();
  }

  @Test
  void a_frame_is_given_again_to_a_client_that_lost_it() throws Exception {
    json("{\"request\":\"openConnection\",\"connectionId\":\"c\",\"info\":{}}");
    json("{\"request\":\"createStatement\",\"connectionId\":\"c\"}");
    json(
        "{\"request\":\"prepareAndExecute\",\"connectionId\":\"c\",\"statementId\":1,"
            + "\"sql\":\"ROWS 10\",\"maxRowCount\":-1,\"maxRowsInFirstFrame\":4}");
    String fetch =
        "{\"request\":\"fetch\",\"connectionId\":\"c\",\"statementId\":1,"
            + "\"offset\":%s,\"fetchMaxRowCount\":4}";

    String second = json(fetch.formatted(4)).body();
    assertThat(second).contains("row 4", "row 7").contains("\"done\":false");
    assertThat(json(fetch.formatted(4)).body()).isEqualTo(second);
    assertThat(json(fetch.formatted(8)).body()).contains("row 9").contains("\"done\":true");
    assertThat(json(fetch.formatted(4)).body()).contains("\"missingResults\":true");
  }

  @Test
  void a_forgotten_statement_is_prepared_again_by_its_own_text() throws Exception {
    json("{\"request\":\"openConnection\",\"connectionId\":\"c\",\"info\":{}}");
    String execute =
        "{\"request\":\"execute\",\"statementHandle\":{\"connectionId\":\"c\",\"id\":77,"
            + "\"signature\":%s},\"parameterValues\":[],\"maxRowCount\":-1}";

    assertThat(
            json(execute.formatted("{\"columns\":[],\"sql\":\"ROWS 2\",\"parameters\":[]}")).body())
        .contains("row 1");
    assertThat(json(execute.formatted("null").replace("77", "78")).body())
        .contains("\"missingStatement\":true");
  }

  @Test
  void requests_of_one_connection_are_answered_in_their_order() throws Exception {
    HostPort address = port.address();
    try (Socket socket = new Socket(address.host(), address.port())) {
      StringBuilder requests = new StringBuilder();
      // Netty takes 128 requests that wait for their answers.
      for (int i = 0; i < 60; i++) {
        requests.append("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
        requests.append("GET /path").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
      }
      requests.append("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      String statuses =
          Pattern.compile("HTTP/1.1 (\\d{3})")
              .matcher(answers)
              .results()
              .map(status -> status.group(1))
              .collect(Collectors.joining());
      assertThat(statuses).isEqualTo("200404".repeat(60) + "200");
    }
  }

  @Test
  void bytes_that_are_no_http_are_refused_and_the_connection_is_closed() throws Exception {
    HostPort address = port.address();
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.getOutputStream().write("no http at all\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400 ");
    }
    try (Socket tls = new Socket(address.host(), address.port())) {
      tls.getOutputStream().write(new byte[] {0x16, 3, 1, 0, 5});
      assertThat(tls.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void a_client_that_reads_nothing_does_not_make_the_node_keep_answers() throws Exception {
    json("{\"request\":\"openConnection\",\"connectionId\":\"c\",\"info\":{}}");
    json("{\"request\":\"createStatement\",\"connectionId\":\"c\"}");
    byte[] body =
        ("{\"request\":\"prepareAndExecute\",\"connectionId\":\"c\",\"statementId\":1,"
                + "\"sql\":\"ROWS 10000\",\"maxRowCount\":-1,\"maxRowsInFirstFrame\":-1}")
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream requests = new ByteArrayOutputStream();
    for (int i = 0; i < 120; i++) {
      requests.writeBytes(
          ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      requests.writeBytes(body);
    }
    HostPort address = port.address();
    try (Socket lazy = new Socket()) {
      lazy.setReceiveBufferSize(4096);
      lazy.connect(new InetSocketAddress(address.host(), address.port()));
      lazy.getOutputStream().write(requests.toByteArray());
      // Others are served meanwhile; by then this one would have been answered, were it not lazy.
      for (int i = 0; i < 50; i++) {
        assertThat(json("{\"request\":\"databaseProperties\",\"connectionId\":\"c\"}").statusCode())
            .isEqualTo(200);
      }
      assertThat(port.statements.requests.size()).isLessThan(120);
      InputStream in = lazy.getInputStream();
      assertThat(in.read()).isEqualTo('H');
    }
  }

  @Test
  void a_body_that_waits_when_its_client_goes_is_given_back() throws Exception {
    json("{\"request\":\"openConnection\",\"connectionId\":\"c\",\"info\":{}}");
    json("{\"request\":\"createStatement\",\"connectionId\":\"c\"}");
    String body =
        "{\"request\":\"prepareAndExecute\",\"connectionId\":\"c\",\"statementId\":1,"
            + "\"sql\":\"WAIT\",\"maxRowCount\":-1}";
    String request =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    HostPort address = port.address();
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.getOutputStream().write(request.repeat(3).getBytes(StandardCharsets.US_ASCII));
      assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();
      await("all of them wait").until(() -> port.requestBytes() == 3L * body.length());
    }
    await("the bytes of two come back").until(() -> port.requestBytes() == body.length());
    port.statements.letGo.countDown();
    await("and then those of the first").until(() -> port.requestBytes() == 0);
  }

  @Test
  void closing_cancels_what_runs_and_answers_it() throws Exception {
    json("{\"request\":\"openConnection\",\"connectionId\":\"c\",\"info\":{}}");
    json("{\"request\":\"createStatement\",\"connectionId\":\"c\"}");
    var running =
        client.sendAsync(
            to("/")
                .POST(
                    BodyPublishers.ofString(
                        "{\"request\":\"prepareAndExecute\",\"connectionId\":\"c\","
                            + "\"statementId\":1,\"sql\":\"WAIT\",\"maxRowCount\":-1}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();

    port.close();

    assertThat(running.get(30, TimeUnit.SECONDS).body()).contains("57014");
    assertThat(port.statements.open()).isZero();
  }

  @Test
  void a_taken_port_is_one_clear_line() {
    ClientPort second =
        new ClientPort(
            new ClientPortConfig(port.address(), Optional.empty(), PortLimits.DEFAULT),
            new FakeStatements(),
            Entrances.open(),
            name -> Thread::new,
            System::nanoTime);

    assertThatThrownBy(second::open)
        .isInstanceOfSatisfying(
            QuorateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR))
        .hasMessage("cannot open client port " + port.address() + ": Address already in use");
  }
}
