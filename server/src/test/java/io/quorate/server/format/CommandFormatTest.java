package io.quorate.server.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes that are in logs already: they are added to, never edited. */
final class CommandFormatTest {
  private static final String EPOCH_START = "100722050a036e3a31";

  private static final Command WRITE =
      Command.newBuilder()
          .setRequest(RequestName.newBuilder().setClient(-2).setSequence(300))
          .setEpoch(7)
          .setBase(129)
          .setWriteSet(
              WriteSet.newBuilder()
                  .addChanges(
                      RowChange.newBuilder()
                          .setTable(5)
                          .setKey(ByteString.copyFromUtf8("k"))
                          .setPut(ByteString.copyFromUtf8("row")))
                  .addChanges(
                      RowChange.newBuilder()
                          .setTable(5)
                          .setKey(ByteString.copyFromUtf8("gone"))
                          .setDelete(true)))
          .build();

  private static final String WRITE_BYTES =
      "0a0c09feffffffffffffff10ac02"
          + "1007"
          + "188101"
          + "2a18"
          + "0a0a080512016b1a03726f77"
          + "0a0a08051204676f6e652001";

  private static final String COUNT_AND_CLEARED_BYTES = "10072a0810ac021a0311ac02";

  @Test
  void an_epoch_start_is_these_bytes() throws InvalidProtocolBufferException {
    Command start =
        Command.newBuilder()
            .setEpoch(7)
            .setEpochStart(EpochStart.newBuilder().setLeader("n:1"))
            .build();

    assertThat(hex(start)).isEqualTo(EPOCH_START);
    assertThat(read(EPOCH_START)).isEqualTo(start);
  }

  @Test
  void a_write_is_these_bytes() throws InvalidProtocolBufferException {
    assertThat(hex(WRITE)).isEqualTo(WRITE_BYTES);
    assertThat(read(WRITE_BYTES)).isEqualTo(WRITE);
  }

  @Test
  void a_write_with_a_count_and_cleared_tables_is_these_bytes()
      throws InvalidProtocolBufferException {
    Command write =
        Command.newBuilder()
            .setEpoch(7)
            .setWriteSet(
                WriteSet.newBuilder()
                    .setUpdateCount(300)
                    .addClearedTables(17)
                    .addClearedTables(300))
            .build();

    assertThat(hex(write)).isEqualTo(COUNT_AND_CLEARED_BYTES);
    assertThat(read(COUNT_AND_CLEARED_BYTES)).isEqualTo(write);
  }

  @Test
  void a_write_from_before_counts_were_written_has_none() throws InvalidProtocolBufferException {
    assertThat(read(WRITE_BYTES).getWriteSet().hasUpdateCount()).isFalse();
  }

  private static String hex(Command command) {
    return HexFormat.of().formatHex(command.toByteArray());
  }

  private static Command read(String hex) throws InvalidProtocolBufferException {
    return Command.parseFrom(HexFormat.of().parseHex(hex));
  }
}
