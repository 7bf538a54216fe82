package io.quorate.server.fuzz;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.Authenticate;
import io.quorate.driver.wire.BatchResult;
import io.quorate.driver.wire.Cancel;
import io.quorate.driver.wire.Challenge;
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
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.MetadataCall;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.RowBlock;
import io.quorate.driver.wire.Rows;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.SetSettings;
import io.quorate.driver.wire.Signal;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.Welcome;
import io.quorate.driver.wire.WireColumn;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WireType;
import io.quorate.driver.wire.WireWriter;
import io.quorate.driver.wire.WriteStamp;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Valid messages of the native protocol, each type at least once, and frames around bytes. */
final class NativeRecordings {
  /** A value of each type that a statement may have as a parameter. */
  private static final List<@Nullable Object> VALUES =
      Arrays.asList(
          true,
          (byte) -7,
          (short) 300,
          70_000,
          5_000_000_000L,
          new BigDecimal("1234.50"),
          1.5f,
          -2.25d,
          "Grüße, 世界 🙂",
          new byte[] {-1, 0, 127},
          LocalDate.of(1969, 7, 20),
          LocalTime.of(23, 59, 58, 123_000_000),
          LocalDateTime.of(2026, 2, 28, 13, 14, 15, 123_456_789),
          UUID.fromString("12345678-1234-5678-1234-567812345678"),
          null);

  static final Signature COLUMNS = new Signature(columns());
  static final Hello HELLO =
      new Hello(0, "fuzz", "someone", new byte[0], Map.of("schema", "PUBLIC"));

  private NativeRecordings() {}

  /** In this order always: a seed is worth nothing when the recordings differ. */
  private static Map<String, String> settings(String... namesAndValues) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return settings;
  }

  private static List<WireColumn> columns() {
    List<WireColumn> columns = new ArrayList<>();
    for (Object value : VALUES) {
      WireType type = value == null ? WireType.INTEGER : WireType.ofValue(value);
      columns.add(new WireColumn("C_" + type, type, -1, 0, true, "PUBLIC", "T", "C"));
    }
    return columns;
  }

  /** What a driver says once it is let in. */
  static List<Message> requests() {
    return List.of(
        execute("COUNT 3", WriteStamp.NONE),
        execute("COUNT 1", new WriteStamp(77, 9, 42, false)),
        execute("ROWS 300", WriteStamp.NONE),
        new Execute(
            "ROWS 40",
            VALUES,
            new WriteStamp(-1, 1, 0, true),
            5,
            10,
            20,
            2_500,
            COLUMNS.hash(),
            settings("autocommit", "false", "read_level", "LOCAL")),
        new ExecuteBatch(
            "COUNT 2",
            List.of(VALUES, List.of(), Arrays.asList(1, null, "x")),
            new WriteStamp(77, 10, 42, true),
            7,
            1_000,
            Map.of("schema", "S")),
        new Describe("ROWS 2", 3, Map.of("schema", "S")),
        new Fetch(1, 10),
        new Fetch(2, 0),
        new CloseCursor(1),
        new Commit(new WriteStamp(77, 11, 43, false), 500),
        Signal.ROLLBACK,
        new SetSettings(settings("application_name", "fuzz", "isolation", "READ COMMITTED")),
        new MetadataCall(
            MetadataCall.Call.TABLES.number(),
            Arrays.asList(null, "PUBLIC", "%", "TABLE,VIEW"),
            0,
            Map.of()),
        new MetadataCall(MetadataCall.Call.TYPE_INFO.number(), List.of(), 0, Map.of()),
        Signal.PING,
        Signal.BYE);
  }

  /** What a driver says before it is let in. */
  static List<Message> greetings() {
    return List.of(
        HELLO,
        new Hello(1, "", "", Mutator.ascii("n,,n=,r=abcdefghijklmnop"), Map.of()),
        new Authenticate(Mutator.ascii("c=biws,r=abcdefghijklmnop,p=" + "A".repeat(43) + "=")),
        new Cancel("0123456789abcdef"),
        Signal.PING);
  }

  private static Execute execute(String sql, WriteStamp stamp) {
    return new Execute(sql, List.of(), stamp, 0, 0, 0, 0, 0, Map.of());
  }

  /** What a server says. */
  static List<Message> answers() {
    SessionState plain = SessionState.of(1_000, false, new Freshness(1_000, 20, true));
    SessionState full =
        new SessionState(
            5_000_000_000L,
            true,
            Freshness.UNKNOWN,
            topology(),
            settings("autocommit", "false", "schema", "S"));
    return List.of(
        welcome(),
        new Challenge(Mutator.ascii("r=abcdefghijklmnop,s=QSXCR+Q6sek8bf92,i=4096")),
        Result.updated(3, plain),
        Result.updated(0, full),
        Result.rows(COLUMNS, 0, rows(), 0, plain),
        Result.rows(COLUMNS, 0, rows(), 7, full),
        Result.rows(COLUMNS, COLUMNS.hash(), rows(), 7, plain),
        new Rows(7, plain, rows()),
        new Rows(0, full, rows()),
        new BatchResult(new long[] {1, 0, -2, 1L << 40}, plain),
        new Description(true, COLUMNS, COLUMNS, plain),
        new Done(plain),
        new Done(full),
        failure(ErrorCode.UNIQUE_VIOLATION, plain),
        failure(ErrorCode.NO_LEADER, full),
        failure(ErrorCode.OUTCOME_UNKNOWN, plain),
        failure(ErrorCode.OVERLOADED, plain));
  }

  static Welcome welcome() {
    return new Welcome(
        Frame.VERSION,
        0,
        "9.8.7",
        "n1",
        "fuzz",
        "0123456789abcdef",
        new byte[0],
        settings(
            "autocommit", "true",
            "read_only", "false",
            "isolation", "REPEATABLE READ",
            "schema", "PUBLIC"),
        new SessionState(1, false, Freshness.UNKNOWN, topology(), Map.of()));
  }

  private static Failure failure(ErrorCode code, SessionState state) {
    return new Failure(
        code.sqlState(),
        code.number(),
        "it cannot be done",
        code.retryAdvice(),
        "127.0.0.1:1",
        new long[] {1, 2},
        state);
  }

  /** The only member is nowhere, so that a driver that believes it reaches nothing else. */
  private static WireTopology topology() {
    return new WireTopology(
        3,
        "fuzz",
        "n1",
        "n1",
        List.of(
            new WireTopology.Member("n1", "", WireTopology.Role.VOTER, "z1", true),
            new WireTopology.Member("n2", "", WireTopology.Role.LEARNER, "", false)));
  }

  private static RowBlock rows() {
    @Nullable Object[] full = VALUES.toArray();
    @Nullable Object[] empty = new @Nullable Object[full.length];
    return RowBlock.encode(COLUMNS, List.<@Nullable Object[]>of(full, empty, full), 0);
  }

  /** Type, call id and payload of each, without the length before them. */
  static List<byte[]> bodies(List<Message> messages) {
    return messages.stream()
        .map(message -> frame(message, 1))
        .map(frame -> Arrays.copyOfRange(frame, Frame.LENGTH_BYTES, frame.length))
        .toList();
  }

  /** Whole frames. */
  static List<byte[]> frames(List<Message> messages) {
    return messages.stream().map(message -> frame(message, 1)).toList();
  }

  static byte[] frame(Message message, int callId) {
    WireWriter writer = new WireWriter();
    message.writeFrame(writer, callId);
    return writer.toByteArray();
  }

  static byte[] preamble() {
    return new WireWriter().preamble().toByteArray();
  }

  /** A frame whose length is true, around whatever there is. */
  static byte[] framed(byte[] body) {
    int length = body.length;
    return Mutator.join(
        new byte[] {
          (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        },
        body);
  }

  /** Pieces that make a mutation go deeper than noise would. */
  static List<byte[]> words() {
    List<byte[]> words = new ArrayList<>();
    for (String text : List.of("ROWS 5", "COUNT 1", "SHOW schema", "autocommit", "true")) {
      byte[] bytes = Mutator.ascii(text);
      words.add(Mutator.join(new byte[] {(byte) bytes.length}, bytes));
    }
    words.add(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x07});
    words.add(new byte[300]);
    byte[] nulls = new byte[600];
    Arrays.fill(nulls, (byte) WireType.NULL.number());
    words.add(nulls);
    return words;
  }
}
