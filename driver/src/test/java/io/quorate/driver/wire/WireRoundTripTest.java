package io.quorate.driver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import io.quorate.driver.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WireRoundTripTest {
  private static final int ROUNDS = 300;

  @Test
  void any_parameters_come_out_as_they_went_in() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      List<@Nullable Object> values = randomValues(random, random.nextInt(40));
      Execute back =
          (Execute)
              roundTrip(new Execute("é", values, WriteStamp.NONE, 1, 2, 3, 4, 5, Map.of("a", "b")));
      assertThat(back.parameters())
          .as("SEED=%s", seed)
          .usingRecursiveComparison()
          .isEqualTo(values);
    }
  }

  @Test
  void any_rows_come_out_as_they_went_in() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Signature signature = randomSignature(random);
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int i = random.nextInt(20); i > 0; i--) {
        rows.add(randomRow(random, signature));
      }
      RowBlock block = RowBlock.encode(signature, rows, 0);
      Result back =
          (Result)
              roundTrip(
                  Result.rows(signature, 0, block, 9, SessionState.of(1, true, Freshness.UNKNOWN)));
      assertThat(back.signature()).as("SEED=%s", seed).contains(signature);
      assertThat(back.rows().decode(signature))
          .as("SEED=%s", seed)
          .usingRecursiveComparison()
          .isEqualTo(rows);
    }
  }

  @Test
  void columns_that_are_known_are_not_sent_again() {
    Signature signature = new Signature(List.of(WireColumn.computed("A", WireType.INTEGER)));
    RowBlock block = RowBlock.encode(signature, List.<@Nullable Object[]>of(new Object[] {1}), 0);
    Result back =
        (Result)
            roundTrip(
                Result.rows(
                    signature,
                    signature.hash(),
                    block,
                    0,
                    SessionState.of(1, false, Freshness.UNKNOWN)));
    assertThat(back.signature()).isEmpty();
    assertThat(back.signatureHash()).isEqualTo(signature.hash());
  }

  @Test
  void rows_above_the_size_of_a_block_are_left_for_later() {
    Signature signature = new Signature(List.of(WireColumn.computed("A", WireType.VARCHAR)));
    String large = "x".repeat(WireLimits.ROW_BLOCK_BYTES / 2);
    @Nullable Object[] row = {large};
    List<@Nullable Object[]> rows = Collections.nCopies(4, row);
    assertThat(RowBlock.encode(signature, rows, 0).rowCount()).isEqualTo(1);
    assertThat(RowBlock.encode(signature, rows, 4).rowCount()).isZero();
    @Nullable Object[] huge = {large.repeat(4)};
    assertThat(RowBlock.encode(signature, List.<@Nullable Object[]>of(huge, row), 0).rowCount())
        .isEqualTo(1);
  }

  @Test
  void each_message_comes_out_as_it_went_in() {
    WireTopology topology =
        new WireTopology(
            1,
            "c",
            "a",
            "",
            List.of(new WireTopology.Member("a", "h:1", WireTopology.Role.WITNESS, "z", false)));
    SessionState state =
        new SessionState(7, true, new Freshness(6, 40, true), topology, Map.of("schema", "S"));
    Signature signature = new Signature(List.of(WireColumn.computed("A", WireType.NULL)));
    WriteStamp stamp = new WriteStamp(-1, 2, 3, false);
    List<@Nullable Object> parameters = Arrays.asList(1L, null);
    for (Message message :
        List.of(
            new Hello(1, "c", "u", new byte[] {1, 2}, Map.of("x", "y")),
            new Challenge(new byte[] {3}),
            new Authenticate(new byte[0]),
            new Welcome(1, 2, "v", "n", "c", "s", new byte[] {4}, Map.of("a", "b"), state),
            new ExecuteBatch("s", List.of(parameters, parameters), stamp, 1, 2, Map.of()),
            new Describe("s", 4, Map.of()),
            new Description(true, signature, Signature.NONE, state),
            new Fetch(1, 2),
            new CloseCursor(3),
            new Commit(stamp.again(), 5),
            new SetSettings(Map.of("k", "v")),
            new MetadataCall(3, Arrays.asList(null, "T"), 8, Map.of()),
            new Cancel("id"),
            new SavepointCall(SavepointCall.Step.RELEASE, "p", 1, 2, Map.of("k", "v")),
            Signal.PING,
            Signal.BYE,
            Signal.ROLLBACK,
            Result.updated(5, state),
            new BatchResult(new long[] {1, 2}, state),
            Result.updated(5, RowSet.of(signature, 0, RowBlock.NONE, 4), state).andAnother(),
            Result.updatedWithoutKeys(5, state),
            new BatchResult(new long[] {1}, RowSet.of(signature, 0, RowBlock.NONE, 0), state),
            BatchResult.withoutKeys(new long[] {1}, state),
            new Execute("s", parameters, stamp, 1, 2, 3, 4, 5, Map.of())
                .asking(KeysAsked.byName(List.of("A", "b"))),
            new ExecuteBatch("s", List.of(parameters), stamp, 1, 2, Map.of())
                .asking(KeysAsked.byNumber(List.of(2, 1))),
            Signal.NEXT_RESULT,
            new ReadValue(1, 2, 3, 4),
            new WriteValue(1, 2, new byte[] {3, 4}, true),
            new ValuePart(true, state, new byte[] {1}),
            new Rows(1, state, RowBlock.NONE),
            new Done(state),
            new Failure("XX000", 1, "m", ErrorCode.RetryAdvice.SAFE, "", new long[0], state))) {
      Message back = roundTrip(message);
      assertThat(back).hasSameClassAs(message);
      assertThat(frame(back)).isEqualTo(frame(message));
    }
  }

  @Test
  void garbage_is_refused_and_nothing_else_happens() {
    int refused = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[5 + random.nextInt(60)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (random.nextBoolean() ? 1 + random.nextInt(18) : 64 + random.nextInt(9));
      refused += refusedOrRead(bytes, seed) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(10_000);
  }

  @Test
  void damaged_messages_are_refused_or_read_but_never_hang() {
    byte[] whole =
        frame(
            new Execute(
                "select 1",
                randomValues(new Random(1), 30),
                WriteStamp.NONE,
                1,
                2,
                3,
                4,
                5,
                Map.of()));
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = Arrays.copyOfRange(whole, 4, whole.length - random.nextInt(3));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      refusedOrRead(bytes, seed);
    }
  }

  private static boolean refusedOrRead(byte[] bytes, int seed) {
    try {
      Message message = Frame.read(new WireReader(bytes)).message();
      if (message instanceof Result) {
        Signature some = new Signature(List.of(WireColumn.computed("", WireType.DECIMAL)));
        ((Result) message)
            .rowSet()
            .ifPresent(rows -> rows.rows().decode(rows.signature().orElse(some)));
      }
      return false;
    } catch (ProtocolException e) {
      return true;
    } catch (RuntimeException e) {
      return fail("SEED=" + seed, e);
    }
  }

  @Test
  void counts_are_held_against_the_bytes_that_are_there() {
    WireWriter writer = new WireWriter();
    writer.varint(5_000_000);
    assertRefused(() -> RowBlock.read(new WireReader(writer.toByteArray())));
    assertRefused(() -> new WireReader(writer.toByteArray()).text());
    assertRefused(() -> Frame.requireLength(WireLimits.FRAME_BYTES_MAX + 1));
    assertRefused(() -> Frame.requireLength(-1));
    assertRefused(() -> Frame.requireLength(4));
  }

  @Test
  void a_message_above_the_bound_leaves_nothing_behind() {
    WireWriter writer = new WireWriter();
    Signal.PING.writeFrame(writer, 1);
    int before = writer.length();
    String huge = "x".repeat(WireLimits.FRAME_BYTES_MAX);
    assertRefused(() -> new Describe(huge, 0, Map.of()).writeFrame(writer, 2));
    assertThat(writer.length()).isEqualTo(before);
    Signal.PING.writeFrame(writer, 3);
    assertThat(writer.length()).isEqualTo(2 * before);
  }

  @Test
  void text_that_is_no_unicode_is_refused_on_both_sides() {
    assertRefused(() -> new WireWriter().text("a\uD800b"));
    assertRefused(() -> new WireWriter().text("\uDC00"));
    assertRefused(() -> new WireReader(new byte[] {2, (byte) 0xc3, 'x'}).text());
    WireWriter writer = new WireWriter();
    writer.text("\uFFFD");
    assertThat(new WireReader(writer.toByteArray()).text()).isEqualTo("\uFFFD");
  }

  @Test
  void numbers_at_the_edges() {
    WireWriter writer = new WireWriter();
    long[] numbers = {0, 1, -1, 127, 128, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE};
    for (long number : numbers) {
      writer.signed(number);
      writer.varint(number);
      writer.fixedLong(number);
    }
    WireReader reader = new WireReader(writer.toByteArray());
    for (long number : numbers) {
      assertThat(reader.signed()).isEqualTo(number);
      assertThat(reader.varint()).isEqualTo(number);
      assertThat(reader.fixedLong()).isEqualTo(number);
    }
    reader.end();
    byte[] tooLong = new byte[10];
    Arrays.fill(tooLong, (byte) 0xff);
    assertRefused(() -> new WireReader(tooLong).varint());
  }

  @Test
  void a_frame_is_read_from_a_buffer_outside_the_heap() {
    byte[] bytes = frame(new Cancel("id"));
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length);
    direct.put(bytes).flip().position(Frame.LENGTH_BYTES);
    Frame frame = Frame.read(WireReader.of(direct));
    assertThat(frame.callId()).isEqualTo(7);
    assertThat(((Cancel) frame.message()).sessionId()).isEqualTo("id");
  }

  private static void assertRefused(Runnable action) {
    assertThatExceptionOfType(ProtocolException.class).isThrownBy(action::run);
  }

  private static byte[] frame(Message message) {
    WireWriter writer = new WireWriter();
    message.writeFrame(writer, 7);
    return writer.toByteArray();
  }

  private static Message roundTrip(Message message) {
    byte[] bytes = frame(message);
    WireReader reader = new WireReader(bytes);
    assertThat(Frame.requireLength(reader.fixedInt())).isEqualTo(reader.remaining());
    Frame frame = Frame.read(reader);
    assertThat(frame.type()).isEqualTo(message.type());
    return frame.message();
  }

  private static Signature randomSignature(Random random) {
    List<WireColumn> columns = new ArrayList<>();
    for (int i = 1 + random.nextInt(20); i > 0; i--) {
      WireType type = WireType.of(1 + random.nextInt(WireType.values().length));
      columns.add(
          new WireColumn(
              "l" + i,
              type,
              random.nextInt(9) - 1,
              random.nextInt(5) - 2,
              i % 2 == 0,
              "",
              "t",
              "c"));
    }
    return new Signature(columns);
  }

  private static @Nullable Object[] randomRow(Random random, Signature signature) {
    @Nullable Object[] row = new Object[signature.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = random.nextInt(4) == 0 ? null : randomValue(random, signature.type(i));
    }
    return row;
  }

  private static List<@Nullable Object> randomValues(Random random, int count) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(randomValue(random, WireType.of(1 + random.nextInt(19))));
    }
    return values;
  }

  private static @Nullable Object randomValue(Random random, WireType type) {
    switch (type) {
      case BOOLEAN:
        return random.nextBoolean();
      case TINYINT:
        return (byte) random.nextInt();
      case SMALLINT:
        return (short) random.nextInt();
      case INTEGER:
        return random.nextInt() >> random.nextInt(32);
      case BIGINT:
        return random.nextLong() >> random.nextInt(64);
      case DECIMAL:
        return new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt(60) - 30);
      case REAL:
        return random.nextFloat();
      case DOUBLE:
        return random.nextGaussian();
      case CHAR:
      case VARCHAR:
      case JSON:
        return randomText(random);
      case BINARY:
      case VARBINARY:
        byte[] bytes = new byte[random.nextInt(30)];
        random.nextBytes(bytes);
        return bytes;
      case DATE:
        return LocalDate.ofEpochDay(random.nextInt() >> 8);
      case TIME:
        return LocalTime.ofNanoOfDay((long) (random.nextDouble() * 86_400_000_000_000L));
      case TIMESTAMP:
        return LocalDateTime.ofEpochSecond(
            random.nextInt() * 16L, random.nextInt(1_000_000_000), ZoneOffset.UTC);
      case TIMESTAMP_TZ:
        return LocalDateTime.ofEpochSecond(
                random.nextInt() * 16L, random.nextInt(1_000_000_000), ZoneOffset.UTC)
            .atOffset(ZoneOffset.UTC);
      case INTERVAL_YEAR_MONTH:
        return Period.ofMonths(random.nextInt() >> random.nextInt(32)).normalized();
      case INTERVAL_DAY_TIME:
        return Duration.ofSeconds(
            random.nextLong() >> (10 + random.nextInt(54)), random.nextInt(1_000_000_000));
      case UUID:
        return new UUID(random.nextLong(), random.nextLong());
      case BLOB:
      case CLOB:
        return randomLargeValue(random, type == WireType.CLOB);
      case ARRAY:
        return randomArray(random);
      case NULL:
        return null;
    }
    throw new AssertionError(type);
  }

  private static List<@Nullable Object> randomArray(Random random) {
    WireType[] types = {WireType.INTEGER, WireType.VARCHAR, WireType.DECIMAL, WireType.ARRAY};
    WireType type = types[random.nextInt(types.length)];
    List<@Nullable Object> array = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Object element = type == WireType.ARRAY ? List.of(1, 2) : randomValue(random, type);
      array.add(random.nextInt(3) == 0 ? null : element);
    }
    return array;
  }

  private static LargeValue randomLargeValue(Random random, boolean text) {
    return random.nextBoolean()
        ? LargeValue.of(text, randomText(random).getBytes(StandardCharsets.UTF_8))
        : LargeValue.named(
            text, random.nextLong() >>> 1, random.nextLong() >>> 1, random.nextInt(100));
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x110000);
      text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
    }
    return text.toString();
  }
}
