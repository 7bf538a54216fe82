package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Result;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.PendingWrite;
import io.quorate.server.session.Shown;
import io.quorate.server.session.StatementResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes on the client port whose answer comes when nobody waits for it. */
@Timeout(60)
final class NativeWritesTest {
  private final TestPort port = new TestPort();

  @AfterEach
  void close() {
    port.close();
    assertThat(port.uncaught.get()).isNull();
    assertThat(port.statements.open()).isZero();
  }

  @Test
  void what_comes_behind_a_write_waits_for_its_answer() throws Exception {
    try (WireClient client = WireClient.open(port.address())) {
      int first = client.send(WireClient.execute("LATER a"));
      int second = client.send(WireClient.execute("SHORT b"));
      int third = client.send(WireClient.execute("COUNT 3"));
      PendingWrite write = nextWrite(1);
      assertThat(port.statements.roads).singleElement().asString().startsWith("netty-");

      write.answer().complete(StatementResult.updated(7, Shown.of(500)));

      assertThat(client.receive().callId()).isEqualTo(first);
      assertThat(client.receive().callId()).isEqualTo(second);
      assertThat(client.receive().callId()).isEqualTo(third);
    }
  }

  @Test
  void the_answer_says_what_was_changed_and_at_which_revision() throws Exception {
    try (WireClient client = WireClient.open(port.address())) {
      client.send(WireClient.execute("LATER a"));
      nextWrite(1).answer().complete(StatementResult.updated(7, Shown.of(500)));
      Result result = client.receive(Result.class);
      assertThat(result.updateCount()).isEqualTo(7);
      assertThat(result.state().revision()).isEqualTo(500);
      assertThat(client.ask(WireClient.execute("LATER now"), Result.class).updateCount())
          .isEqualTo(1);
    }
  }

  @Test
  void a_write_that_fails_is_settled_by_a_worker() throws Exception {
    try (WireClient client = WireClient.open(port.address())) {
      client.send(WireClient.execute("LATER a"));
      nextWrite(1)
          .answer()
          .completeExceptionally(new QuorateException(ErrorCode.NO_LEADER, "gone"));
      assertThat(client.receive(Result.class).updateCount()).isEqualTo(2);
      assertThat(port.statements.roads.get(1)).startsWith("statement-");

      client.send(WireClient.execute("LATER fails"));
      nextWrite(2)
          .answer()
          .completeExceptionally(new QuorateException(ErrorCode.OUTCOME_UNKNOWN, "who knows"));
      assertThat(client.receive(Failure.class).code())
          .isEqualTo(ErrorCode.OUTCOME_UNKNOWN.number());
    }
  }

  @Test
  void writes_of_many_connections_are_under_way_at_once() throws Exception {
    List<WireClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        WireClient client = WireClient.open(port.address());
        clients.add(client);
        client.send(WireClient.execute("LATER " + i));
      }
      nextWrite(20);
      port.statements.writes.forEach(
          write -> write.answer().complete(StatementResult.updated(1, Shown.of(200))));
      for (WireClient client : clients) {
        assertThat(client.receive(Result.class).updateCount()).isEqualTo(1);
      }
    } finally {
      for (WireClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void a_session_whose_client_is_gone_ends_behind_its_write() throws Exception {
    WireClient client = WireClient.open(port.address());
    client.send(WireClient.execute("LATER a"));
    PendingWrite write = nextWrite(1);
    client.close();
    assertThat(port.statements.open()).isEqualTo(1);

    write.answer().complete(StatementResult.updated(1, Shown.of(200)));

    await("the node notices the end").until(() -> port.statements.open() == 0);
  }

  private PendingWrite nextWrite(int count) {
    await("it is read by an event loop").until(() -> port.statements.writes.size() == count);
    return port.statements.writes.get(count - 1);
  }
}
