package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

final class SlowClientsTest {
  private final SlowClients slow = new SlowClients(10_000);

  private EmbeddedChannel client() {
    EmbeddedChannel channel = new EmbeddedChannel(slow);
    channel
        .config()
        .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(500, 1000));
    return channel;
  }

  /** Leaves so many bytes untaken. */
  private static void leave(EmbeddedChannel client, int bytes) {
    var unused = client.write(Unpooled.wrappedBuffer(new byte[bytes]));
    client.runPendingTasks();
  }

  @Test
  void little_is_not_counted_and_what_is_taken_no_more() {
    EmbeddedChannel client = client();
    leave(client, 400);
    assertThat(slow.bytes()).isZero();
    leave(client, 3000);
    assertThat(slow.bytes()).isGreaterThanOrEqualTo(3400);

    client.flush();

    assertThat(slow.bytes()).isZero();
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void those_that_have_been_there_longest_are_cut_off_when_all_together_keep_too_much() {
    EmbeddedChannel first = client();
    EmbeddedChannel second = client();
    EmbeddedChannel third = client();
    leave(first, 4000);
    leave(second, 4000);
    assertThat(first.isOpen()).isTrue();

    leave(third, 4000);

    first.runPendingTasks();
    assertThat(first.isOpen()).isFalse();
    assertThat(second.isOpen()).isTrue();
    assertThat(third.isOpen()).isTrue();
    assertThat(slow.bytes()).isBetween(8000L, 10_000L);
  }

  @Test
  void who_goes_is_not_counted_any_more() {
    EmbeddedChannel client = client();
    leave(client, 5000);
    assertThat(slow.bytes()).isPositive();

    var unused = client.close();

    assertThat(slow.bytes()).isZero();
  }
}
