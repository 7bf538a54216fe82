package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.Signal;
import io.quorate.driver.wire.Welcome;
import io.quorate.server.config.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client cannot make the client port keep or wait for. */
@Timeout(60)
final class ClientPortBoundsTest {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final PortLimits.Waits PATIENT =
      new PortLimits.Waits(NEVER, NEVER, NEVER, new PortLimits.Idle(NEVER, NEVER));

  private final List<Socket> sockets = new ArrayList<>();
  private @Nullable TestPort opened;

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    TestPort port = opened;
    if (port != null) {
      port.close();
      assertThat(port.uncaught.get()).isNull();
      assertThat(port.statements.open()).isZero();
    }
  }

  private TestPort open(PortLimits limits) {
    TestPort port = new TestPort(Optional.empty(), limits);
    opened = port;
    return port;
  }

  private TestPort open(PortLimits.Waits waits) {
    return open(PortLimits.DEFAULT.withWaits(waits));
  }

  private Socket connect(HostPort address) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    // Before connecting, or the window is larger than that.
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(address.host(), address.port()));
    socket.setSoTimeout(30_000);
    return socket;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Q", "QR"})
  void who_does_not_say_what_he_speaks_is_cut_off(String first) throws Exception {
    TestPort port = open(new PortLimits.Waits(SOON, NEVER, NEVER, PATIENT.idle()));
    Socket socket = connect(port.address());
    socket.getOutputStream().write(first.getBytes(StandardCharsets.US_ASCII));

    assertThat(socket.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void one_connection_more_than_there_may_be_is_closed() throws Exception {
    TestPort port = open(PortLimits.DEFAULT.withConnections(2));
    try (WireClient first = WireClient.open(port.address());
        WireClient second = WireClient.open(port.address())) {
      assertThat(connect(port.address()).getInputStream().read()).isEqualTo(-1);

      first.send(Signal.BYE);
      assertThat(first.atEnd()).isTrue();
      await("the place of the one that went is free").until(() -> letsIn(port.address()));
      second.ask(WireClient.execute("COUNT 1"), Result.class);
    }
  }

  private boolean letsIn(HostPort address) throws IOException {
    try (WireClient client = new WireClient(connect(address))) {
      client.ask(WireClient.hello(Map.of()), Welcome.class);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "QRT\u0001",
        "QRT\u0001\u0000\u0000\u0000 \u0001",
        "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{",
        "GET /ping HTTP/1.1\r\nHost:",
      })
  void a_request_that_stops_in_its_middle_is_cut_off(String half) throws Exception {
    TestPort port = open(new PortLimits.Waits(NEVER, SOON, NEVER, new PortLimits.Idle(SOON, SOON)));
    Socket socket = connect(port.address());
    socket.getOutputStream().write(half.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(socket.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void a_session_that_rests_too_long_is_ended_and_one_that_works_is_not() throws Exception {
    TestPort port =
        open(new PortLimits.Waits(NEVER, SOON, NEVER, new PortLimits.Idle(SOON, NEVER)));
    try (WireClient working = WireClient.open(port.address());
        WireClient resting = new WireClient(port.address())) {
      int call = working.send(WireClient.execute("WAIT"));
      assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();
      resting.ask(WireClient.hello(Map.of()), Welcome.class);

      assertThat(resting.atEnd()).isTrue();

      await("its session is ended").until(() -> port.statements.open() == 1);
      port.statements.letGo.countDown();
      assertThat(working.receive().callId()).isEqualTo(call);
    }
  }

  @Test
  void an_http_connection_that_rests_too_long_is_closed() throws Exception {
    TestPort port =
        open(new PortLimits.Waits(NEVER, SOON, NEVER, new PortLimits.Idle(NEVER, SOON)));
    Socket socket = connect(port.address());
    socket
        .getOutputStream()
        .write("GET /ping HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

    assertThat(answer).startsWith("HTTP/1.1 200").contains("\"status\":\"ok\"");
  }

  @Test
  void a_statement_beyond_those_that_may_wait_is_refused_and_its_connection_stays()
      throws Exception {
    TestPort port = open(PortLimits.DEFAULT.withStatements(new PortLimits.Statements(1, 0)));
    try (WireClient working = WireClient.open(port.address());
        WireClient other = WireClient.open(port.address())) {
      working.send(WireClient.execute("WAIT"));
      assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();

      Failure failure = other.ask(WireClient.execute("COUNT 1"), Failure.class);

      assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED.number());
      assertThat(failure.sqlState()).isEqualTo("53000");
      assertThat(http(port.address())).contains("HTTP/1.1 500").contains("53000");
      port.statements.letGo.countDown();
      working.receive(Result.class);
      await("the worker is free again")
          .until(() -> other.ask(WireClient.execute("COUNT 1"), Message.class) instanceof Result);
    }
  }

  private String http(HostPort address) throws IOException {
    String body = "{\"request\":\"openConnection\",\"connectionId\":\"c\",\"info\":{}}";
    Socket socket = connect(address);
    String request =
        "POST / HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  /** Asks for more than the buffers of both systems take, and reads none of it. */
  private WireClient stall(TestPort port) throws IOException {
    WireClient client = new WireClient(connect(port.address()));
    client.ask(WireClient.hello(Map.of()), Welcome.class);
    for (int i = 0; i < 2 * Limits.REQUESTS_READ; i++) {
      client.send(WireClient.execute("LARGE 600000"));
    }
    return client;
  }

  @Test
  void a_client_that_does_not_take_its_answers_runs_nothing_more_and_is_cut_off() throws Exception {
    TestPort port = open(new PortLimits.Waits(NEVER, NEVER, Duration.ofSeconds(1), PATIENT.idle()));
    var unused = stall(port);

    await("its session is ended").atMost(PATIENCE).until(() -> port.statements.open() == 0);

    assertThat(port.statements.requests).hasSizeLessThan(2 * Limits.REQUESTS_READ);
  }

  @Test
  void clients_that_take_nothing_are_cut_off_when_together_they_keep_too_much() throws Exception {
    TestPort port = open(PortLimits.DEFAULT.withWaits(PATIENT).withAnswerBytes(2 << 20));
    try (WireClient reading = WireClient.open(port.address())) {
      for (int i = 0; i < 10; i++) {
        var unused = stall(port);
        assertThat(reading.ask(WireClient.execute("LARGE 600000"), Result.class).rows().rowCount())
            .isPositive();
      }
      // An answer of more than half a MiB each, so three of them may stay, and who reads.
      await("those that were there longest are gone")
          .atMost(PATIENCE)
          .until(() -> port.statements.open() <= 4);
      reading.ask(WireClient.execute("COUNT 1"), Result.class);
    }
  }
}
