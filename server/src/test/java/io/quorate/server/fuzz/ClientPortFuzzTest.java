package io.quorate.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.Signal;
import io.quorate.driver.wire.WireLimits;
import io.quorate.server.config.ClientsConfig;
import io.quorate.server.config.HostPort;
import io.quorate.server.frontend.ClientPort;
import io.quorate.server.frontend.ClientPortConfig;
import io.quorate.server.frontend.avatica.AvaticaEndpoint.Encoding;
import io.quorate.server.fuzz.PortClient.Received;
import io.quorate.server.fuzz.PortClient.Response;
import io.quorate.server.security.Entrances;
import io.quorate.server.security.KnownUsers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A client port in front of which clients say anything: each of them gets an answer or an end, and
 * when all are gone nothing of them is left.
 */
final class ClientPortFuzzTest {
  private static final int LANES = 4;
  private static final long IN_THE_BUILD = 4_000;
  private static final long IN_A_LONG_RUN = 325_000;

  /** Of a request that this side makes whole where the mutation left it open. */
  private static final int FILLED_MAX = 1 << 17;

  private static final int PING_CALL = 0x7fabcdef;

  /** All that a client may hear before it is let in; DONE answers PING and CANCEL. */
  private static final Set<FrameType> BEFORE_WELCOME =
      Set.of(FrameType.ERROR, FrameType.WELCOME, FrameType.CHALLENGE, FrameType.DONE);

  private final FuzzStatements statements = new FuzzStatements();
  private final AtomicReference<@Nullable Throwable> uncaught = new AtomicReference<>();
  private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
  private final LogAlarm alarm = LogAlarm.begin();
  private final KnownUsers users = new KnownUsers();
  private final ClientPort port =
      new ClientPort(
          ClientPortConfig.of(
              new HostPort("127.0.0.1", 0),
              Optional.empty(),
              new ClientsConfig(10_000, Duration.ofSeconds(60))),
          statements.service(),
          Entrances.forgetful(users),
          name ->
              task -> {
                Thread thread = new Thread(task, name + "-fuzz");
                thread.setDaemon(true);
                thread.setUncaughtExceptionHandler((dead, cause) -> uncaught.set(cause));
                return thread;
              },
          System::nanoTime);

  @BeforeEach
  void open() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    port.open();
  }

  @AfterEach
  void nothing_is_left() {
    await("connections that end with their clients")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(port.connections()).as("connections").isZero();
              assertThat(port.requestBytes()).as("bytes of requests").isZero();
            });
    port.close();
    assertThat(statements.open()).isZero();
    assertThat(statements.cursors()).isZero();
    assertThat(uncaught.get()).isNull();
    findLeaks();
    ResourceLeakDetector.setLevel(level);
    assertThat(alarm.end()).isEmpty();
  }

  /** Buffers that were collected unreleased are told, at ERROR, when the next one is made. */
  private static void findLeaks() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      PooledByteBufAllocator.DEFAULT.buffer(64).release();
      PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
      UnpooledByteBufAllocator.DEFAULT.buffer(64).release();
    }
  }

  @Test
  void frames_in_a_session_are_answered_or_end_it() throws Exception {
    run(1, IN_THE_BUILD, NativeRecordings.words(), sessions(), this::inSession);
  }

  @Test
  void without_a_session_nothing_is_answered_but_greetings() throws Exception {
    run(2, IN_THE_BUILD, NativeRecordings.words(), strangers(), this::beforeWelcome);
    assertThat(statements.opened()).isPositive();
  }

  @Test
  void without_a_password_nobody_gets_a_session() throws Exception {
    users.with("SOMEONE", "secret");
    run(5, IN_THE_BUILD / 2, NativeRecordings.words(), strangers(), this::beforeWelcome);
    run(6, IN_THE_BUILD / 2, AvaticaRecordings.words(Encoding.JSON), bodies(), this::overHttp);
    assertThat(statements.opened()).isZero();
  }

  @Test
  void whatever_is_said_first_has_an_end() throws Exception {
    run(3, IN_THE_BUILD, AvaticaRecordings.words(Encoding.JSON), anything(), this::anyProtocol);
  }

  @Test
  void bodies_are_answered() throws Exception {
    run(4, IN_THE_BUILD, AvaticaRecordings.words(Encoding.JSON), bodies(), this::overHttp);
  }

  @Test
  @Tag("soak")
  void anything_is_answered_or_has_an_end_for_long() throws Exception {
    long seed = 1_000_000_000L;
    List<byte[]> frames = NativeRecordings.words();
    List<byte[]> json = AvaticaRecordings.words(Encoding.JSON);
    run(seed, IN_A_LONG_RUN, frames, sessions(), this::inSession);
    run(2 * seed, IN_A_LONG_RUN, frames, strangers(), this::beforeWelcome);
    run(3 * seed, IN_A_LONG_RUN, json, anything(), this::anyProtocol);
    run(4 * seed, IN_A_LONG_RUN, json, bodies(), this::overHttp);
  }

  private void run(
      long seed, long count, List<byte[]> words, FuzzRun.Source source, FuzzRun.Check check)
      throws Exception {
    FuzzRun.Check quiet =
        input -> {
          check.check(input);
          alarm.requireQuiet();
        };
    Lanes.run(
        LANES,
        lane ->
            new FuzzRun("port.hex", Long.MAX_VALUE / 2, 0)
                .run(seed + lane * count, count / LANES, words, source, quiet));
  }

  // What is sent

  private static FuzzRun.Source sessions() {
    List<byte[]> bodies = NativeRecordings.bodies(NativeRecordings.requests());
    return mutator -> stream(mutator, bodies);
  }

  private static FuzzRun.Source strangers() {
    List<Message> all = new ArrayList<>(NativeRecordings.greetings());
    all.addAll(NativeRecordings.requests());
    all.addAll(NativeRecordings.answers());
    List<byte[]> bodies = NativeRecordings.bodies(all);
    return mutator -> stream(mutator, bodies);
  }

  /** Up to three frames; most of them have a length that is true. */
  private static byte[] stream(Mutator mutator, List<byte[]> bodies) {
    byte[] stream = new byte[0];
    for (int i = mutator.random().nextInt(3); i >= 0; i--) {
      byte[] frame =
          mutator.chance(0.8)
              ? NativeRecordings.framed(
                  mutator.chance(0.8) ? mutator.mutate(bodies) : mutator.pick(bodies))
              : mutator.mutate(bodies.stream().map(NativeRecordings::framed).toList());
      stream = Mutator.join(stream, frame);
    }
    return stream;
  }

  private static FuzzRun.Source anything() {
    List<byte[]> openings = new ArrayList<>();
    for (Message greeting : NativeRecordings.greetings()) {
      openings.add(Mutator.join(NativeRecordings.preamble(), NativeRecordings.frame(greeting, 1)));
    }
    for (Encoding encoding : Encoding.values()) {
      for (byte[] body : AvaticaRecordings.encode(encoding, AvaticaRecordings.all())) {
        openings.add(PortClient.post(encoding.contentType(), body));
      }
    }
    openings.add(Mutator.ascii("GET /ping HTTP/1.1\r\nHost: fuzz\r\n\r\n"));
    openings.add(
        Mutator.ascii(
            "POST / HTTP/1.1\r\nHost: fuzz\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue"
                + "\r\nIdempotency-Key: \"k-1\"\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n"));
    openings.add(new byte[] {0x16, 3, 1, 0, 4, 1, 0, 0, 0});
    return mutator -> mutator.mutate(openings);
  }

  /** The first byte says the encoding. */
  private static FuzzRun.Source bodies() {
    List<byte[]> json = AvaticaRecordings.encode(Encoding.JSON, AvaticaRecordings.all());
    List<byte[]> protobuf = AvaticaRecordings.encode(Encoding.PROTOBUF, AvaticaRecordings.all());
    return mutator -> {
      Encoding encoding = mutator.pick(List.of(Encoding.values()));
      byte[] body =
          AvaticaRecordings.mutate(mutator, encoding, encoding == Encoding.JSON ? json : protobuf);
      return Mutator.join(new byte[] {(byte) (encoding == Encoding.JSON ? 1 : 0)}, body);
    };
  }

  // What must come of it

  private void inSession(byte[] stream) throws Exception {
    try (PortClient client = new PortClient(port.boundAddress())) {
      client.send(NativeRecordings.preamble());
      client.send(NativeRecordings.frame(NativeRecordings.HELLO, 1));
      Received welcome = client.receive().orElseThrow();
      assertThat(welcome.message().type()).isEqualTo(FrameType.WELCOME);
      converse(client, stream, true);
    }
  }

  private void beforeWelcome(byte[] stream) throws Exception {
    try (PortClient client = new PortClient(port.boundAddress())) {
      client.send(NativeRecordings.preamble());
      converse(client, stream, false);
    }
  }

  /** Says it, and then asks whether the port still lives, or has hung up. */
  private static void converse(PortClient client, byte[] stream, boolean letIn) throws Exception {
    client.send(stream);
    int missing = missing(stream);
    if (missing > FILLED_MAX) {
      // Nothing to wait for: the port waits for what will not come, for as long as it likes.
      return;
    }
    client.send(new byte[missing]);
    client.send(NativeRecordings.frame(Signal.PING, PING_CALL));
    boolean welcome = letIn;
    int answers = 0;
    while (true) {
      Optional<Received> received = client.receive();
      if (received.isEmpty()) {
        return;
      }
      FrameType type = received.get().message().type();
      assertThat(type.fromClient()).as("%s from a server", type).isFalse();
      assertThat(welcome || BEFORE_WELCOME.contains(type)).as("%s before WELCOME", type).isTrue();
      welcome |= type == FrameType.WELCOME;
      if (received.get().callId() == PING_CALL && type == FrameType.DONE) {
        return;
      }
      assertThat(++answers).as("answers").isLessThan(stream.length + 2);
    }
  }

  /** How many bytes the last frame of a stream lacks, as its length says; 0 where it breaks. */
  private static int missing(byte[] stream) {
    ByteBuffer bytes = ByteBuffer.wrap(stream);
    while (bytes.remaining() >= Frame.LENGTH_BYTES) {
      int length = bytes.getInt();
      if (!isLength(length)) {
        return 0;
      }
      if (length > bytes.remaining()) {
        return length - bytes.remaining();
      }
      bytes.position(bytes.position() + length);
    }
    if (!bytes.hasRemaining()) {
      return 0;
    }
    byte[] word = Arrays.copyOfRange(stream, bytes.position(), bytes.position() + Integer.BYTES);
    int length = ByteBuffer.wrap(word).getInt();
    int owed = Integer.BYTES - bytes.remaining();
    return isLength(length) ? owed + length : owed;
  }

  private static boolean isLength(int length) {
    return length >= Frame.HEAD_BYTES && length <= WireLimits.FRAME_BYTES_MAX;
  }

  private void anyProtocol(byte[] opening) throws Exception {
    try (PortClient client = new PortClient(port.boundAddress())) {
      client.send(opening);
      client.endOutput();
      assertThat(new String(client.readAll(), StandardCharsets.ISO_8859_1)).doesNotContain("\tat ");
    }
  }

  private void overHttp(byte[] input) throws Exception {
    Encoding encoding = (input[0] & 1) == 1 ? Encoding.JSON : Encoding.PROTOBUF;
    byte[] body = Arrays.copyOfRange(input, 1, input.length);
    try (PortClient client = new PortClient(port.boundAddress())) {
      client.send(PortClient.post(encoding.contentType(), body));
      Response response = client.receiveHttp();
      assertThat(response.type()).isEqualTo(encoding.contentType());
      var unused = AvaticaAnswers.require(encoding, response.status(), response.body());
    }
  }
}
