package io.quorate.server.frontend.avatica;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.driver.wire.WireLimits;
import io.quorate.server.frontend.FakeStatements;
import io.quorate.server.frontend.avatica.AvaticaEndpoint.Answer;
import io.quorate.server.frontend.avatica.AvaticaEndpoint.Encoding;
import io.quorate.server.security.Entrances;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Requests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long connections without sockets live, and what a request may cost. */
@Timeout(60)
final class AvaticaEndpointTest {
  private static final Caller SOMEBODY = new Caller("", Optional.empty(), Repetition.NONE);

  private final FakeStatements statements = new FakeStatements();
  private final AtomicLong nanos = new AtomicLong(1);
  private final AvaticaEndpoint endpoint =
      new AvaticaEndpoint(statements, Entrances.open(), nanos::get, "1.2.3");

  @AfterEach
  void close() {
    endpoint.close();
    assertThat(statements.open()).isZero();
  }

  private void after(Duration time) {
    nanos.addAndGet(time.toNanos());
    endpoint.expire();
  }

  private String open(String connection) {
    return json("{\"request\":\"openConnection\",\"connectionId\":\"" + connection + "\"}");
  }

  private String use(String connection) {
    return json("{\"request\":\"databaseProperties\",\"connectionId\":\"" + connection + "\"}");
  }

  private String json(String body) {
    return text(endpoint.answer(Encoding.JSON, body.getBytes(StandardCharsets.UTF_8), SOMEBODY));
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void a_connection_lives_over_night_and_while_it_is_used() {
    open("c");
    after(Duration.ofHours(23));
    assertThat(use("c")).contains("Quorate");
    after(Duration.ofHours(23));
    assertThat(use("c")).contains("Quorate");
    after(AvaticaLimits.CONNECTION_IDLE.plusSeconds(1));
    assertThat(use("c")).contains("08003", "\"errorCode\":1,");
    assertThat(statements.open()).isZero();
  }

  @Test
  void the_connection_that_rests_longest_makes_room_when_there_is_none() {
    for (int i = 0; i < AvaticaLimits.CONNECTIONS; i++) {
      open("c" + i);
      nanos.addAndGet(1);
    }
    assertThat(open("one-too-many")).contains("53000");

    after(AvaticaLimits.MAKES_ROOM);
    assertThat(use("c0")).contains("Quorate");
    json("{\"request\":\"createStatement\",\"connectionId\":\"c1\"}");
    json(
        "{\"request\":\"prepareAndExecute\",\"connectionId\":\"c1\",\"statementId\":1,"
            + "\"sql\":\"BEGIN\",\"maxRowCount\":-1}");
    nanos.addAndGet(AvaticaLimits.MAKES_ROOM.toNanos() / 2);
    assertThat(open("next")).contains("openConnection");

    assertThat(use("c2")).contains("08003");
    assertThat(use("c0")).contains("Quorate");
    assertThat(use("c1")).contains("Quorate");
    assertThat(endpoint.connections()).isEqualTo(AvaticaLimits.CONNECTIONS);
  }

  @Test
  void an_overloaded_node_does_not_answer_503_which_makes_clients_ask_without_end() {
    String body =
        "{\"request\":\"openConnection\",\"connectionId\":\"c\",\"info\":{\"user\":\"nobody\"}}";
    Answer answer = endpoint.answer(Encoding.JSON, body.getBytes(StandardCharsets.UTF_8), SOMEBODY);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(text(answer)).contains("53000");
  }

  @Test
  void a_number_of_a_million_digits_is_refused_before_it_is_read() {
    Common.TypedValue digits =
        Common.TypedValue.newBuilder()
            .setType(Common.Rep.BIG_DECIMAL)
            .setStringValue("7".repeat(8 << 20))
            .build();
    Requests.ExecuteRequest request =
        Requests.ExecuteRequest.newBuilder()
            .setStatementHandle(Common.StatementHandle.newBuilder().setConnectionId("c").setId(1))
            .setHasParameterValues(true)
            .addParameterValues(
                Common.TypedValue.newBuilder().setType(Common.Rep.ARRAY).addArrayValue(digits))
            .build();
    byte[] body =
        Common.WireMessage.newBuilder()
            .setName(Requests.ExecuteRequest.class.getName())
            .setWrappedMessage(ByteString.copyFrom(request.toByteArray()))
            .build()
            .toByteArray();

    Answer answer = endpoint.answer(Encoding.PROTOBUF, body, SOMEBODY);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(text(answer)).contains("08P01");
  }

  @Test
  void numbers_that_no_column_takes_are_refused() {
    open("c");
    json("{\"request\":\"prepare\",\"connectionId\":\"c\",\"sql\":\"ECHO\",\"maxRowCount\":-1}");
    String execute =
        "{\"request\":\"execute\",\"statementHandle\":{\"connectionId\":\"c\",\"id\":1,"
            + "\"signature\":null},\"parameterValues\":[{\"type\":\"NUMBER\",\"value\":%s}],"
            + "\"maxRowCount\":-1}";
    assertThat(json(execute.formatted("1.5"))).contains("BigDecimal 1.5");
    assertThat(json(execute.formatted("1e999999999"))).contains("22003");
    assertThat(json(execute.formatted("1e-" + WireLimits.DECIMAL_SCALE_MAX + "9")))
        .contains("22003");
  }

  @Test
  void nesting_without_end_is_refused() {
    for (String open : new String[] {"[", "{\"a\":"}) {
      assertThat(json("{\"request\":\"execute\",\"x\":" + open.repeat(1 << 20))).contains("08P01");
    }
    byte[] groups = new byte[1 << 20];
    Arrays.fill(groups, (byte) 0x0b);
    assertThat(text(endpoint.answer(Encoding.PROTOBUF, groups, SOMEBODY))).contains("08P01");
  }

  @Test
  void an_id_that_a_client_made_up_does_not_break_a_message() {
    String answer = use("a\\nb\\u0000" + "c".repeat(1_000));
    assertThat(answer).contains("connection a?b?ccc").doesNotContain("c".repeat(100));
  }
}
