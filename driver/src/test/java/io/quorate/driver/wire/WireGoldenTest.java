package io.quorate.driver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Version 1 as bytes. These are never edited: a change of the format is a new version. */
class WireGoldenTest {
  private static final WireTopology TOPOLOGY =
      new WireTopology(
          3,
          "c",
          "n1",
          "n2",
          List.of(
              new WireTopology.Member("n1", "h:1", WireTopology.Role.VOTER, "z1", true),
              new WireTopology.Member("n2", "h:2", WireTopology.Role.LEARNER, "", false)));

  @Test
  void preamble_and_hello() {
    WireWriter writer = new WireWriter().preamble();
    new Hello(0, "t", "u", new byte[] {'p'}, Map.of("schema", "S")).writeFrame(writer, 1);
    assertThat(hex(writer.toByteArray()))
        .isEqualTo(
            "51525401 00000016 01 00000001 00 0174 0175 0170 01 06736368656d61 0153"
                .replace(" ", ""));
  }

  @Test
  void welcome() {
    assertFrame(
        new Welcome(
            1,
            0,
            "v",
            "n1",
            "c",
            "s",
            new byte[] {'v'},
            Map.of(),
            new SessionState(300, true, new Freshness(299, 12, true), TOPOLOGY, Map.of())),
        "0000003a 40 00000007 01 00 0176 026e31 0163 0173 0176 00 03 ac02 ab02 0d 01"
            + " 03 0163 026e31 026e32 02 026e31 03683a31 01 027a31 01 026e32 03683a32 02 00 00");
  }

  @Test
  void challenge_and_its_answer() {
    assertFrame(new Challenge(new byte[] {'r', '='}), "00000008 47 00000007 02 723d");
    assertFrame(new Authenticate(new byte[] {'c', '='}), "00000008 0e 00000007 02 633d");
  }

  @Test
  void execute() {
    assertFrame(
        new Execute(
            "?",
            Arrays.asList(1, null, "ä"),
            new WriteStamp(0x0102030405060708L, 9, 10, true),
            11,
            12,
            13,
            14,
            15,
            Map.of("autocommit", "true")),
        "00000038 02 00000007 013f 03 04 02 11 0a 02c3a4 0102030405060708 09 0a 01 0b 0c 0d 0e"
            + " 000000000000000f 01 0a6175746f636f6d6d6974 0474727565 00");
  }

  @Test
  void keys_that_are_asked_for() {
    assertFrame(
        new Execute("s", List.of(), WriteStamp.NONE, 0, 0, 0, 0, 0, Map.of())
            .asking(KeysAsked.byName(List.of("A"))),
        "00000024 02 00000007 0173 00 0000000000000000 00 00 00 00 00 00 00 0000000000000000 00"
            + " 02 01 0141");
    assertFrame(
        new ExecuteBatch("s", List.of(List.of(1L)), WriteStamp.NONE, 1, 2, Map.of())
            .asking(KeysAsked.byNumber(List.of(2))),
        "0000001c 03 00000007 0173 0000000000000000 00 00 00 01 02 00 03 01 02 01 01 05 02");
  }

  @Test
  void keys_beside_a_count() {
    Signature signature = new Signature(List.of(WireColumn.computed("ID", WireType.INTEGER)));
    RowBlock rows = RowBlock.encode(signature, List.<@Nullable Object[]>of(new Object[] {7}), 0);
    RowSet keys = RowSet.of(signature, signature.hash(), rows, 0);
    SessionState state = SessionState.of(2, false, Freshness.UNKNOWN);
    String hash = Long.toHexString(signature.hash());
    assertFrame(
        Result.updated(1, keys, state),
        "00000019 41 00000007 02 01 00 02 00 00 00 " + hash + " 00 00 01 00 0e");
    assertFrame(
        new BatchResult(new long[] {1}, keys, state),
        "0000001a 42 00000007 00 02 00 00 00 01 02 01 " + hash + " 00 00 01 00 0e");
    assertFrame(
        Result.updatedWithoutKeys(5, state).andAnother(),
        "0000000c 41 00000007 0a 06 00 02 00 00 00");
    assertFrame(Signal.NEXT_RESULT, "00000005 12 00000007");
  }

  @Test
  void parts_of_large_values() {
    assertFrame(
        new ReadValue(1, 300, 65_536, 1_048_576), "0000000e 10 00000007 01 ac02 808004 808040");
    assertFrame(
        new WriteValue(3, 5, new byte[] {1, 2}, true), "0000000b 11 00000007 03 05 01 02 0102");
    assertFrame(
        new ValuePart(false, SessionState.of(2, false, Freshness.UNKNOWN), new byte[] {9}),
        "0000000d 48 00000007 00 00 02 00 00 00 01 09");
  }

  @Test
  void savepoint() {
    assertFrame(
        new SavepointCall(
            SavepointCall.Step.ROLLBACK_TO, "s", 300, 5, Map.of("autocommit", "false")),
        "0000001d 0f 00000007 03 0173 ac02 05 01 0a6175746f636f6d6d6974 0566616c7365");
  }

  @Test
  void result_with_a_value_of_each_type() {
    Object[] values = {
      true,
      (byte) -1,
      (short) -2,
      3,
      -4L,
      new BigDecimal("-12.34"),
      1.5f,
      -2.5,
      "a",
      "€😀",
      new byte[] {1},
      new byte[0],
      LocalDate.of(1969, 12, 31),
      LocalTime.of(0, 0, 0, 128),
      LocalDateTime.of(1970, 1, 1, 0, 1, 0, 1),
      new UUID(1, 2),
      null,
      LargeValue.of(false, new byte[] {1}),
      LargeValue.named(true, 300, 2, 1),
      OffsetDateTime.of(1970, 1, 1, 0, 1, 0, 1, ZoneOffset.UTC),
      Period.of(-1, -6, 0),
      Duration.ofSeconds(60, 1),
      Arrays.asList(7, null),
      "[1]"
    };
    List<WireColumn> columns = new ArrayList<>();
    for (WireType type : WireType.values()) {
      columns.add(WireColumn.computed("", type));
    }
    Signature signature = new Signature(columns);
    RowBlock rows = RowBlock.encode(signature, List.<@Nullable Object[]>of(values), 0);
    assertFrame(
        Result.rows(
            signature, signature.hash(), rows, 1, SessionState.of(2, false, Freshness.UNKNOWN)),
        "00000067 41 00000007 01 01 00 02 00 00 00 "
            + String.format("%016x", signature.hash())
            + " 00 01"
            + " 01 000001 01 ff 03 06 07 04 02fb2e 3fc00000 c004000000000000 0161 07e282acf09f9880"
            + " 0101 00 01 8001 78 01 0000000000000001 0000000000000002"
            + " 00 0101 01 ac02 02 01 7801 23 7801"
            + " 04 02 00 0e 01 035b315d");
  }

  @Test
  void hash_of_columns() {
    assertThat(Signature.NONE.hash()).isZero();
    assertThat(
            new Signature(
                    List.of(new WireColumn("A", WireType.DECIMAL, 15, 2, false, "S", "T", "C")))
                .hash())
        .isEqualTo(0x2ae0ee2350e3f5feL);
  }

  @Test
  void failure() {
    assertFrame(
        new Failure(
            "40003",
            10202,
            "m",
            ErrorCode.RetryAdvice.SAME_REQUEST,
            "h:1",
            new long[] {1, -3},
            SessionState.of(5, false, Freshness.UNKNOWN)),
        "0000001c 46 00000007 053430303033 da4f 016d 03 03683a31 02 02 05 00 05 00 00 00");
  }

  private static void assertFrame(Message message, String expected) {
    WireWriter writer = new WireWriter();
    message.writeFrame(writer, 7);
    assertThat(hex(writer.toByteArray())).isEqualTo(expected.replace(" ", ""));
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(String.format("%02x", b));
    }
    return text.toString();
  }
}
