package io.quorate.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import io.quorate.server.frontend.avatica.AvaticaEndpoint;
import io.quorate.server.frontend.avatica.AvaticaEndpoint.Answer;
import io.quorate.server.frontend.avatica.AvaticaEndpoint.Encoding;
import io.quorate.server.frontend.avatica.Caller;
import io.quorate.server.frontend.avatica.Repetition;
import io.quorate.server.security.Entrances;
import io.quorate.server.security.KnownUsers;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the body, Avatica's endpoint answers what a stock client can read. */
final class AvaticaFuzzTest {
  private static final long IN_THE_BUILD = 4_000;
  private static final long IN_A_LONG_RUN = 300_000;

  /** Reading JSON, and telling why it cannot be read, takes longer. */
  private static final int PROTOBUF_TIMES = 3;

  private static final int ANSWERS_PER_CONNECTION = 500;

  /** Some input has closed it. */
  private static final int OPENED_EVERY = 10;

  /** A thousand rows, twice each, and Avatica's buffers. */
  private static final long BYTES_AT_LEAST = 4 << 20;

  private static final long BYTES_PER_BYTE = 400;

  private static final Caller SOMEBODY =
      new Caller("127.0.0.1", Optional.empty(), new Repetition(Optional.empty(), () -> false));

  private long asked;
  private final FuzzStatements statements = new FuzzStatements();
  private final KnownUsers users = new KnownUsers();
  private final LogAlarm alarm = LogAlarm.begin();
  private final AvaticaEndpoint endpoint =
      new AvaticaEndpoint(
          statements.service(), Entrances.forgetful(users), System::nanoTime, "1.2.3");

  @BeforeEach
  void open() {
    endpoint.announce("127.0.0.1:1");
  }

  @AfterEach
  void everything_that_was_opened_is_closed() {
    endpoint.close();
    assertThat(endpoint.connections()).isZero();
    assertThat(statements.open()).isZero();
    assertThat(statements.cursors()).isZero();
    assertThat(alarm.end()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void every_body_is_answered(Encoding encoding) {
    run(encoding, 1, times(encoding) * IN_THE_BUILD);
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  @Tag("soak")
  void every_body_is_answered_for_long(Encoding encoding) {
    run(encoding, 1_000_000_000L, times(encoding) * IN_A_LONG_RUN);
  }

  private static long times(Encoding encoding) {
    return encoding == Encoding.PROTOBUF ? PROTOBUF_TIMES : 1;
  }

  private void run(Encoding encoding, long seed, long count) {
    List<byte[]> valid = AvaticaRecordings.encode(encoding, AvaticaRecordings.all());
    byte[] open = AvaticaRecordings.encode(encoding, AvaticaRecordings.open());
    new FuzzRun("avatica.hex", BYTES_AT_LEAST, BYTES_PER_BYTE)
        .run(
            seed,
            count,
            AvaticaRecordings.words(encoding),
            mutator -> AvaticaRecordings.mutate(mutator, encoding, valid),
            body -> {
              if (asked % ANSWERS_PER_CONNECTION == 0) {
                // Before its statements are as many as it may have.
                endpoint.close();
              }
              if (asked++ % OPENED_EVERY == 0) {
                openAgain(encoding, open);
              }
              var unused = answered(encoding, body);
            });
  }

  /** An input may have opened the connection for another user, who keeps it. */
  private void openAgain(Encoding encoding, byte[] open) throws Exception {
    if (answered(encoding, open) instanceof Service.ErrorResponse taken) {
      assertThat(taken.sqlState).isEqualTo(ErrorCode.AUTHENTICATION_FAILED.sqlState());
      endpoint.close();
      assertThat(answered(encoding, open)).isInstanceOf(Service.OpenConnectionResponse.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void without_a_connection_nothing_is_answered_but_failures(Encoding encoding) {
    List<byte[]> valid = AvaticaRecordings.encode(encoding, AvaticaRecordings.requests());
    new FuzzRun("avatica.hex", BYTES_AT_LEAST, BYTES_PER_BYTE)
        .run(
            2,
            times(encoding) * IN_THE_BUILD / 4,
            AvaticaRecordings.words(encoding),
            mutator -> AvaticaRecordings.mutate(mutator, encoding, valid),
            body -> {
              Service.Response response = answered(encoding, body);
              // A splice may become a request that opens or closes one.
              assertThat(response)
                  .isInstanceOfAny(
                      Service.ErrorResponse.class,
                      Service.OpenConnectionResponse.class,
                      Service.CloseConnectionResponse.class);
              if (response instanceof Service.OpenConnectionResponse) {
                endpoint.close();
              }
            });
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void without_a_password_nobody_opens_a_connection(Encoding encoding) {
    users.with("SOMEONE", "secret");
    List<byte[]> valid = AvaticaRecordings.encode(encoding, AvaticaRecordings.all());
    new FuzzRun("avatica.hex", BYTES_AT_LEAST, BYTES_PER_BYTE)
        .run(
            3,
            times(encoding) * IN_THE_BUILD / 4,
            AvaticaRecordings.words(encoding),
            mutator -> AvaticaRecordings.mutate(mutator, encoding, valid),
            body ->
                assertThat(answered(encoding, body))
                    .isInstanceOfAny(
                        Service.ErrorResponse.class, Service.CloseConnectionResponse.class));
    assertThat(statements.opened()).isZero();
  }

  private Service.Response answered(Encoding encoding, byte[] body) throws Exception {
    Answer answer = endpoint.answer(encoding, body, SOMEBODY);
    alarm.requireQuiet();
    return AvaticaAnswers.require(encoding, answer.status(), answer.body());
  }
}
