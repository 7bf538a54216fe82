package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode.RetryAdvice;
import io.quorate.driver.wire.BatchResult;
import io.quorate.driver.wire.Cancel;
import io.quorate.driver.wire.CloseCursor;
import io.quorate.driver.wire.Commit;
import io.quorate.driver.wire.Describe;
import io.quorate.driver.wire.Description;
import io.quorate.driver.wire.Done;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.ExecuteBatch;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Fetch;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.LargeValue;
import io.quorate.driver.wire.MetadataCall;
import io.quorate.driver.wire.ReadValue;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.Rows;
import io.quorate.driver.wire.SavepointCall;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.SetSettings;
import io.quorate.driver.wire.Signal;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WireLimits;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WireType;
import io.quorate.driver.wire.WriteStamp;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.RequestId;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.Topology;
import io.quorate.server.session.WriteIdentity;
import io.quorate.sql.catalog.SqlType;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The native protocol on the client port, message by message. */
@Timeout(60)
final class NativeRequestsTest {
  private final TestPort port = new TestPort();

  @AfterEach
  void close() {
    port.close();
    assertThat(port.uncaught.get()).isNull();
    assertThat(port.statements.open()).isZero();
  }

  private WireClient open() throws Exception {
    return WireClient.open(port.address());
  }

  @ParameterizedTest
  @EnumSource(SqlType.Name.class)
  void types_have_the_same_numbers_and_classes_on_the_wire_and_inside(SqlType.Name type) {
    WireType wire = WireType.of(type.number());

    assertThat(wire.name()).isEqualTo(type.name());
    assertThat(wire.valueClass()).isEqualTo(type.isLarge() ? LargeValue.class : type.valueClass());
    assertThat(WireType.values()).hasSameSizeAs(SqlType.Name.values());
  }

  @Test
  void a_welcome_says_who_answers_and_how_the_session_begins() throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      Welcome welcome = client.ask(WireClient.hello(Map.of("schema", "SALES")), Welcome.class);

      assertThat(welcome.state().revision()).isEqualTo(100);

      assertThat(welcome.protocolVersion()).isEqualTo(Frame.VERSION);
      assertThat(welcome.node()).isEqualTo("n1");
      assertThat(welcome.cluster()).isEqualTo("fake");
      assertThat(welcome.settings())
          .containsEntry("schema", "SALES")
          .containsEntry("autocommit", "true")
          .containsKeys("read_only", "isolation");
      WireTopology topology = welcome.state().topology().orElseThrow();
      assertThat(topology.leader()).isEqualTo("n2");
      assertThat(topology.leaderMember().orElseThrow().address()).isEqualTo("127.0.0.1:2");
      assertThat(port.statements.openedWith.get(0).user()).isEqualTo("someone");
    }
  }

  @Test
  void a_large_request_that_waits_when_its_client_goes_is_given_back() throws Exception {
    try (WireClient client = open()) {
      client.send(WireClient.execute("WAIT"));
      assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();
      client.send(WireClient.execute("x".repeat(Limits.SMALL_REQUEST_BYTES)));
      await("the request waits").until(() -> port.requestBytes() > 0);
    }
    await("its bytes come back").until(() -> port.requestBytes() == 0);
  }

  /** Found by fuzzing: the bytes of such frames were never given back. */
  @Test
  void a_large_frame_that_says_all_by_its_type_is_refused_and_given_back() throws Exception {
    for (FrameType type : List.of(FrameType.PING, FrameType.BYE, FrameType.CANCEL)) {
      try (WireClient client = open()) {
        int length = Limits.SMALL_REQUEST_BYTES + 1;
        ByteBuffer large = ByteBuffer.allocate(Integer.BYTES + length);
        large.putInt(length).put((byte) type.number()).putInt(9);
        client.raw(large.array());
        assertRefused(client);
      }
      await("its bytes come back").until(() -> port.requestBytes() == 0);
    }
  }

  @Test
  void a_ping_tells_what_a_read_would_find_now_and_not_what_the_last_one_found() throws Exception {
    try (WireClient client = open()) {
      SessionState read = client.ask(WireClient.execute("ALL TYPES"), Result.class).state();
      SessionState pong = client.ask(Signal.PING, Done.class).state();

      assertThat(read.freshness().stalenessMillis()).isEqualTo(7);
      assertThat(pong.freshness())
          .isEqualTo(new Freshness(FakeStatements.NOW_REVISION, FakeStatements.NOW_MILLIS, true));
      assertThat(pong.revision()).as("what the session has seen").isEqualTo(read.revision());
    }
  }

  @Test
  void values_of_every_type_arrive() throws Exception {
    try (WireClient client = open()) {
      Result result = client.ask(WireClient.execute("ALL TYPES"), Result.class);
      Signature signature = result.signature().orElseThrow();

      List<@Nullable Object[]> rows = result.rows().decode(signature);
      assertThat(rows).hasSize(1);
      assertThat(rows.get(0)).usingRecursiveComparison().isEqualTo(FakeStatements.VALUES.toArray());
      assertThat(result.cursor()).isZero();
      assertThat(result.state().freshness().stalenessMillis()).isEqualTo(7);
      assertThat(result.state().freshness().quorate()).isTrue();
      assertThat(signature.columns().get(5).precision()).isEqualTo(12);
      assertThat(signature.columns().get(5).table()).isEqualTo("ALL_TYPES");

      Result nulls = client.ask(WireClient.execute("ALL NULLS", 0, signature.hash()), Result.class);
      assertThat(nulls.signature()).isEmpty();
      assertThat(nulls.rows().decode(signature).get(0)).containsOnlyNulls();
    }
  }

  @Test
  void a_request_carries_identity_token_bounds_and_settings() throws Exception {
    try (WireClient client = open()) {
      Result result =
          client.ask(
              new Execute(
                  "COUNT 3",
                  Arrays.asList(5, null, "x"),
                  new WriteStamp(77, 9, 42, true),
                  41,
                  10,
                  100,
                  2500,
                  0,
                  Map.of("schema", "S")),
              Result.class);

      assertThat(result.updateCount()).isEqualTo(3);
      assertThat(result.state().revision()).isEqualTo(101);
      assertThat(result.state().settings()).isEmpty();
      StatementRequest request = port.statements.requests.get(0);
      assertThat(request.parameters()).containsExactly(5, null, "x");
      assertThat(request.identity())
          .isEqualTo(new WriteIdentity(Optional.of(new RequestId(77, 9)), 42, true));
      assertThat(request.readAfter()).isEqualTo(41);
      assertThat(request.rowsMax()).isEqualTo(100);
      assertThat(request.timeout()).isEqualTo(Duration.ofMillis(2500));
      Result shown = client.ask(WireClient.execute("SHOW schema"), Result.class);
      assertThat(shown.rows().decode(shown.signature().orElseThrow()).get(0)).containsExactly("S");
    }
  }

  @Test
  void a_setting_that_sql_changed_is_told() throws Exception {
    try (WireClient client = open()) {
      Result set = client.ask(WireClient.execute("SET schema OTHER"), Result.class);
      assertThat(set.state().settings()).containsExactly(Map.entry("schema", "OTHER"));
      Result next = client.ask(WireClient.execute("COUNT 1"), Result.class);
      assertThat(next.state().settings()).isEmpty();
      Done done = client.ask(new SetSettings(Map.of("autocommit", "false")), Done.class);
      assertThat(done.state().settings()).isEmpty();
    }
  }

  @Test
  void a_transaction_is_told() throws Exception {
    try (WireClient client = open()) {
      Result begun = client.ask(WireClient.execute("BEGIN"), Result.class);
      assertThat(begun.state().inTransaction()).isTrue();
      Done committed = client.ask(new Commit(WriteStamp.NONE, 0), Done.class);
      assertThat(committed.state().inTransaction()).isFalse();
      assertThat(committed.state().revision()).isEqualTo(102);
      client.ask(WireClient.execute("BEGIN"), Result.class);
      assertThat(client.ask(Signal.ROLLBACK, Done.class).state().inTransaction()).isFalse();
    }
  }

  @Test
  void a_savepoint_carries_settings_and_is_done_or_refused() throws Exception {
    try (WireClient client = open()) {
      SavepointCall set =
          new SavepointCall(SavepointCall.Step.SET, "s", 0, 0, Map.of("autocommit", "false"));
      assertThat(client.ask(set, Done.class).state().inTransaction()).isTrue();
      assertThat(port.statements.requests).isEmpty();
      SavepointCall other =
          new SavepointCall(SavepointCall.Step.ROLLBACK_TO, "other", 0, 0, Map.of());
      assertThat(client.ask(other, Failure.class).sqlState()).isEqualTo("3B001");
    }
  }

  @Test
  void what_this_version_only_knows_the_frames_of_is_refused_as_such() throws Exception {
    try (WireClient client = open()) {
      assertThat(client.ask(Signal.NEXT_RESULT, Failure.class).sqlState()).isEqualTo("0A000");
      ReadValue ofNoResult = new ReadValue(1, 5, 0, 100);
      assertThat(client.ask(ofNoResult, Failure.class).sqlState()).isEqualTo("08003");
      client.ask(Signal.PING, Done.class);
    }
  }

  @Test
  void rows_come_in_the_parts_that_are_asked_for() throws Exception {
    try (WireClient client = open()) {
      Result first = client.ask(WireClient.execute("ROWS 1000", 300, 0), Result.class);
      Signature signature = first.signature().orElseThrow();
      List<@Nullable Object[]> rows = new ArrayList<>(first.rows().decode(signature));
      assertThat(rows).hasSize(300);
      long cursor = first.cursor();
      while (cursor != 0) {
        Rows next = client.ask(new Fetch(cursor, 299), Rows.class);
        rows.addAll(next.rows().decode(signature));
        cursor = next.cursor();
      }
      assertThat(rows).hasSize(1000);
      for (int i = 0; i < rows.size(); i++) {
        assertThat(rows.get(i)[0]).isEqualTo(i);
      }
      assertThat(openCursors(client)).isEqualTo("0");
    }
  }

  private static @Nullable Object openCursors(WireClient client) throws Exception {
    Result shown = client.ask(WireClient.execute("SHOW cursors"), Result.class);
    return shown.rows().decode(shown.signature().orElseThrow()).get(0)[0];
  }

  @Test
  void a_large_result_comes_in_blocks_of_bounded_bytes() throws Exception {
    try (WireClient client = open()) {
      int call = client.send(WireClient.execute("ROWS 200000"));
      Frame answer = client.receive();
      assertThat(answer.callId()).isEqualTo(call);
      Result first = (Result) answer.message();
      Signature signature = first.signature().orElseThrow();
      int count = first.rows().rowCount();
      long cursor = first.cursor();
      int blocks = 1;
      while (cursor != 0) {
        Rows next = client.ask(new Fetch(cursor, Integer.MAX_VALUE), Rows.class);
        List<@Nullable Object[]> rows = next.rows().decode(signature);
        assertThat(rows.get(0)[0]).isEqualTo(count);
        count += rows.size();
        cursor = next.cursor();
        blocks++;
      }
      assertThat(count).isEqualTo(200_000);
      assertThat((double) blocks).isCloseTo(4, within(3.0));
    }
  }

  @Test
  void a_closed_cursor_is_closed_behind_and_fetching_it_fails() throws Exception {
    try (WireClient client = open()) {
      Result result = client.ask(WireClient.execute("ROWS 1000", 10, 0), Result.class);
      assertThat(openCursors(client)).isEqualTo("1");
      client.send(new CloseCursor(result.cursor()));
      assertThat(openCursors(client)).isEqualTo("0");
      Failure failure = client.ask(new Fetch(result.cursor(), 10), Failure.class);
      assertThat(failure.sqlState()).isEqualTo("08003");
    }
  }

  @Test
  void a_batch_has_its_counts() throws Exception {
    try (WireClient client = open()) {
      BatchResult result =
          client.ask(
              new ExecuteBatch(
                  "TAKE",
                  List.of(List.of("a"), List.of("b", "c"), List.of()),
                  new WriteStamp(1, 2, 3, false),
                  0,
                  0,
                  Map.of()),
              BatchResult.class);
      assertThat(result.updateCounts()).containsExactly(1, 2, 0);
      assertThat(result.state().revision()).isEqualTo(101);
    }
  }

  @Test
  void a_statement_describes_itself() throws Exception {
    try (WireClient client = open()) {
      Description description = client.ask(new Describe("ECHO", 7, Map.of()), Description.class);
      assertThat(description.returnsRows()).isTrue();
      assertThat(description.columns().size()).isEqualTo(1);
      assertThat(description.parameters().columns().get(0).type()).isEqualTo(WireType.VARCHAR);
      Description update = client.ask(new Describe("COUNT 1", 0, Map.of()), Description.class);
      assertThat(update.returnsRows()).isFalse();
    }
  }

  @Test
  void metadata_is_answered_in_rows() throws Exception {
    try (WireClient client = open()) {
      Result keys =
          client.ask(
              new MetadataCall(
                  MetadataCall.Call.PRIMARY_KEYS.number(),
                  Arrays.asList(null, "PUBLIC", "ORDERS"),
                  0,
                  Map.of()),
              Result.class);
      assertThat(WireClient.rows(keys.rows().decode(keys.signature().orElseThrow())))
          .containsExactly(List.of("QUORATE", "PUBLIC", "ORDERS", "ID", (short) 1, "PK_ORDERS"));
      Failure unknown = client.ask(new MetadataCall(99, List.of(), 0, Map.of()), Failure.class);
      assertThat(unknown.sqlState()).isEqualTo("0A000");
    }
  }

  @Test
  void failures_have_their_code_and_the_connection_goes_on() throws Exception {
    try (WireClient client = open()) {
      Failure failure = client.ask(WireClient.execute("FAIL"), Failure.class);
      assertThat(failure.sqlState()).isEqualTo("23505");
      assertThat(failure.code()).isEqualTo(10102);
      assertThat(failure.message()).isEqualTo("key 1 is there already");
      assertThat(failure.advice()).isEqualTo(RetryAdvice.NEVER);
      assertThat(failure.leader()).isEmpty();
      Failure broken = client.ask(WireClient.execute("BREAK"), Failure.class);
      assertThat(broken.sqlState()).isEqualTo("XX000");
      assertThat(broken.message()).doesNotContain("secret").doesNotContain("\n");
      assertThat(client.ask(WireClient.execute("COUNT 1"), Result.class).updateCount())
          .isEqualTo(1);
    }
  }

  @Test
  void a_new_topology_is_told_once() throws Exception {
    try (WireClient client = open()) {
      assertThat(client.ask(Signal.PING, Done.class).state().topology()).isEmpty();
      port.statements.topology = new Topology(2, "fake", "n1", Optional.of("n1"), List.of());
      assertThat(client.ask(Signal.PING, Done.class).state().topology().orElseThrow().leader())
          .isEqualTo("n1");
      assertThat(client.ask(Signal.PING, Done.class).state().topology()).isEmpty();
    }
  }

  @Test
  void requests_may_be_sent_ahead_and_are_answered_in_order() throws Exception {
    try (WireClient client = open()) {
      List<Integer> calls = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        calls.add(client.send(i % 7 == 0 ? Signal.PING : WireClient.execute("COUNT " + i)));
      }
      for (int i = 0; i < 500; i++) {
        Frame answer = client.receive();
        assertThat(answer.callId()).isEqualTo(calls.get(i));
        if (answer.type() == FrameType.RESULT) {
          assertThat(((Result) answer.message()).updateCount()).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void a_short_read_runs_on_the_event_loop_and_anything_else_on_a_worker() throws Exception {
    try (WireClient client = open()) {
      assertThat(shortRead(client, "a")).isEqualTo("a");
      client.ask(WireClient.execute("COUNT 1"), Result.class);
      client.ask(WireClient.execute("BEGIN"), Result.class);
      assertThat(shortRead(client, "b")).isEqualTo("b");

      assertThat(port.statements.roads).hasSize(4);
      assertThat(port.statements.roads.get(0)).startsWith("netty-");
      assertThat(port.statements.roads.subList(1, 4))
          .allMatch(name -> name.startsWith("statement-"));
    }
  }

  private static @Nullable Object shortRead(WireClient client, String what) throws Exception {
    Result result = client.ask(WireClient.execute("SHORT " + what), Result.class);
    assertThat(result.state().revision()).isPositive();
    return result.rows().decode(result.signature().orElseThrow()).get(0)[0];
  }

  @Test
  void a_short_read_with_settings_runs_on_a_worker_that_may_wait_for_them() throws Exception {
    try (WireClient client = open()) {
      client.ask(
          new Execute("SHORT a", List.of(), WriteStamp.NONE, 0, 0, 0, 0, 0, Map.of("schema", "S")),
          Result.class);
      assertThat(port.statements.roads).singleElement().asString().startsWith("statement-");
    }
  }

  @Test
  void a_short_read_that_fails_on_the_event_loop_is_answered_as_any_other() throws Exception {
    try (WireClient client = open()) {
      Failure failure = client.ask(WireClient.execute("SHORT fails"), Failure.class);
      assertThat(failure.sqlState()).isEqualTo("22023");
      assertThat(shortRead(client, "a")).isEqualTo("a");
      assertThat(port.statements.roads).hasSize(2).allMatch(name -> name.startsWith("netty-"));
    }
  }

  @Test
  void a_statement_that_takes_long_holds_up_no_other_connection() throws Exception {
    List<WireClient> others = new ArrayList<>();
    try (WireClient client = open()) {
      client.send(WireClient.execute("WAIT"));
      assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();
      // More connections than there are event loops, so that one of them shares the first one's.
      for (int i = 0; i < 8; i++) {
        others.add(open());
        assertThat(shortRead(others.get(i), "a")).isEqualTo("a");
      }
      int behind = client.send(WireClient.execute("SHORT behind"));
      port.statements.letGo.countDown();
      assertThat(client.receive(Result.class).updateCount()).isZero();
      assertThat(client.receive().callId()).isEqualTo(behind);
    } finally {
      for (WireClient other : others) {
        other.close();
      }
    }
  }

  @Test
  void short_reads_that_are_sent_ahead_are_answered_in_order_with_all_others() throws Exception {
    try (WireClient client = open()) {
      List<Integer> calls = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        calls.add(client.send(WireClient.execute((i % 10 == 9 ? "COUNT " : "SHORT ") + i)));
      }
      client.send(Signal.BYE);
      for (int i = 0; i < 1000; i++) {
        Frame answer = client.receive();
        assertThat(answer.callId()).isEqualTo(calls.get(i));
      }
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void a_broken_invariant_on_the_event_loop_is_told_by_a_worker_as_any_other() throws Exception {
    try (WireClient client = open()) {
      client.send(WireClient.execute("SHORT broken"));
      await("its thread's handler is told").until(() -> port.uncaught.get() != null);
      assertThat(port.uncaught.getAndSet(null)).isInstanceOf(InvariantViolation.class);
    }
  }

  @Test
  void another_connection_cancels_what_runs() throws Exception {
    try (WireClient client = new WireClient(port.address());
        WireClient other = new WireClient(port.address())) {
      Welcome welcome = client.ask(WireClient.hello(Map.of()), Welcome.class);
      client.send(WireClient.execute("WAIT"));
      assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();

      other.ask(new Cancel(welcome.sessionId()), Done.class);

      assertThat(other.atEnd()).isTrue();
      assertThat(client.receive(Failure.class).sqlState()).isEqualTo("57014");
    }
  }

  @Test
  void a_session_ends_with_its_connection_and_what_it_runs_is_cancelled() throws Exception {
    WireClient client = open();
    client.send(WireClient.execute("WAIT"));
    assertThat(port.statements.waiting.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(port.statements.open()).isEqualTo(1);

    client.close();

    await("the node notices the end").until(() -> port.statements.open() == 0);
  }

  @Test
  void a_bye_ends_session_and_connection() throws Exception {
    try (WireClient client = open()) {
      client.send(WireClient.execute("COUNT 1"));
      client.send(Signal.BYE);
      assertThat(client.receive().type()).isEqualTo(FrameType.RESULT);
      assertThat(client.atEnd()).isTrue();
      await("the session is closed behind").until(() -> port.statements.open() == 0);
    }
  }

  @Test
  void a_client_that_is_not_let_in_is_told_why() throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      Failure failure =
          client.ask(new Hello(0, "test", "nobody", new byte[0], Map.of()), Failure.class);
      assertThat(failure.sqlState()).isEqualTo("53000");
      assertThat(failure.leader()).isEmpty();
      assertThat(client.atEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 4, WireLimits.FRAME_BYTES_MAX + 1, Integer.MIN_VALUE})
  void a_frame_of_no_length_is_refused(int length) throws Exception {
    try (WireClient client = open()) {
      client.raw(ByteBuffer.allocate(16).putInt(length).array());
      assertRefused(client);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 64, 65, 99, 255, 1})
  void a_frame_that_is_no_request_is_refused(int type) throws Exception {
    try (WireClient client = open()) {
      client.raw(ByteBuffer.allocate(9).putInt(5).put((byte) type).putInt(1).array());
      assertRefused(client);
    }
  }

  @Test
  void a_message_that_ends_too_early_or_late_is_refused() throws Exception {
    for (int extra : new int[] {-1, 1}) {
      try (WireClient client = open()) {
        byte[] fetch = {0, 0, 0, 7, 5, 0, 0, 0, 9, 1, 1};
        byte[] bent = Arrays.copyOf(fetch, fetch.length + extra);
        bent[3] += (byte) extra;
        client.raw(bent);
        assertRefused(client);
      }
    }
  }

  @Test
  void what_comes_before_hello_is_refused() throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      client.send(WireClient.execute("COUNT 1"));
      assertRefused(client);
    }
    assertThat(port.statements.requests).isEmpty();
  }

  private static void assertRefused(WireClient client) throws Exception {
    Failure failure = client.receive(Failure.class);
    assertThat(failure.sqlState()).isEqualTo("08P01");
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void another_version_is_refused_by_name() throws Exception {
    try (WireClient client = new WireClient(port.address())) {
      client.ask(Signal.PING, Done.class);
    }
    try (Socket socket = new Socket(port.address().host(), port.address().port())) {
      socket.getOutputStream().write(new byte[] {'Q', 'R', 'T', 9});
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.ISO_8859_1))
          .contains("0A000")
          .contains("version 1");
    }
  }

  @Test
  void a_preamble_in_single_bytes_is_understood() throws Exception {
    try (Socket socket = new Socket(port.address().host(), port.address().port())) {
      socket.setTcpNoDelay(true);
      for (byte next : new byte[] {'Q', 'R', 'T', 1, 0, 0, 0, 5, 11, 0, 0, 0, 3}) {
        socket.getOutputStream().write(next);
        socket.getOutputStream().flush();
      }
      assertThat(socket.getInputStream().readNBytes(9)).endsWith(69, 0, 0, 0, 3);
    }
  }
}
