package io.quorate.server.fuzz;

import io.quorate.driver.wire.Frame;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.Rows;
import io.quorate.driver.wire.Signature;
import io.quorate.driver.wire.WireReader;
import io.quorate.driver.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The decoders of the native protocol, for both directions, read anything or refuse it. */
final class WireFuzzTest {
  private static final long IN_THE_BUILD = 165_000;
  private static final long IN_A_LONG_RUN = 7_500_000;

  /** A list of one NULL takes two bytes on the wire, and three objects here. */
  private static final long BYTES_PER_BYTE = 100;

  private static final long BYTES_AT_LEAST = 64 << 10;

  @Test
  void what_is_no_message_is_refused_as_such_and_costs_little() {
    run(1, IN_THE_BUILD);
  }

  @Test
  @Tag("soak")
  void what_is_no_message_is_refused_as_such_for_long() {
    run(1_000_000_000L, IN_A_LONG_RUN);
  }

  private static void run(long seed, long count) {
    List<Message> all = new ArrayList<>(NativeRecordings.greetings());
    all.addAll(NativeRecordings.requests());
    all.addAll(NativeRecordings.answers());
    List<byte[]> valid = NativeRecordings.bodies(all);
    new FuzzRun("native.hex", BYTES_AT_LEAST, BYTES_PER_BYTE)
        .run(
            seed,
            count,
            NativeRecordings.words(),
            mutator -> mutator.mutate(valid),
            WireFuzzTest::read);
  }

  /** What can be read can be written, and is then read as the same. */
  private static void read(byte[] body) {
    Message message;
    int callId;
    try {
      Frame frame = Frame.read(new WireReader(body));
      callId = frame.callId();
      message = frame.message();
      decodeRows(message);
    } catch (ProtocolException refused) {
      return;
    }
    byte[] once = write(message, callId);
    byte[] twice = write(Frame.read(new WireReader(once)).message(), callId);
    if (!Arrays.equals(once, twice)) {
      throw new AssertionError("written again it is another message");
    }
  }

  private static byte[] write(Message message, int callId) {
    WireWriter writer = new WireWriter();
    message.writeFrame(writer, callId);
    byte[] frame = writer.toByteArray();
    return Arrays.copyOfRange(frame, Frame.LENGTH_BYTES, frame.length);
  }

  private static void decodeRows(Message message) {
    if (message instanceof Result result && result.returnsRows()) {
      Signature signature = result.signature().orElse(NativeRecordings.COLUMNS);
      var unused = result.rows().decode(signature);
    } else if (message instanceof Rows rows) {
      var unused = rows.rows().decode(NativeRecordings.COLUMNS);
    }
  }
}
