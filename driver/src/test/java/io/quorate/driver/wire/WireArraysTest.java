package io.quorate.driver.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WireArraysTest {
  private static List<?> roundTrip(List<?> array) {
    WireWriter writer = new WireWriter();
    WireArrays.write(writer, array);
    WireReader reader = new WireReader(writer.toByteArray());
    List<?> read = WireArrays.read(reader);
    assertThat(reader.remaining()).isZero();
    return read;
  }

  @Test
  void arrays_are_read_as_they_were_written() {
    for (List<?> array :
        List.of(
            List.of(),
            Arrays.asList(null, null),
            Arrays.asList(1, null, -1),
            List.of(new BigDecimal("1.50")),
            List.of("", "a"),
            Arrays.asList(List.of(1), null, List.of(), List.of(2, 3)))) {
      assertThat(roundTrip(array)).isEqualTo(array);
    }
  }

  @Test
  void what_is_no_array_is_not_written() {
    WireWriter writer = new WireWriter();
    List<?> deep = List.of(1);
    for (int i = 0; i < WireLimits.ARRAY_DEPTH_MAX; i++) {
      deep = List.of(deep);
    }
    for (List<?> array :
        List.of(
            List.of(1, "a"),
            List.of(List.of(), 1),
            deep,
            List.of(LargeValue.of(false, new byte[1])),
            Collections.nCopies(WireLimits.ARRAY_ITEMS_MAX + 1, 1))) {
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(() -> WireArrays.write(writer, array));
    }
  }

  @Test
  void bytes_that_are_none_are_told_and_take_no_memory() {
    byte[] many = {3, -1, -1, 63, 0};
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> WireArrays.read(new WireReader(many)));
    byte[] deep = new byte[30_000];
    for (int i = 0; i < deep.length; i += 3) {
      deep[i] = 23;
      deep[i + 1] = 1;
    }
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> WireArrays.read(new WireReader(deep)));
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) (1 + random.nextInt(24));
      }
      try {
        assertThat(WireArrays.read(new WireReader(bytes)).size()).isLessThan(bytes.length);
      } catch (ProtocolException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }
}
