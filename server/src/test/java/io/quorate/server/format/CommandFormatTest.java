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

  private static String hex(Command command) {
    return HexFormat.of().formatHex(command.toByteArray());
  }

  private static Command read(String hex) throws InvalidProtocolBufferException {
    return Command.parseFrom(HexFormat.of().parseHex(hex));
  }
}
