package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On a channel whose client takes what it is told to, by a clock that is moved by hand. */
final class AnswerStallTest {
  private static final Duration STALL = Duration.ofSeconds(60);

  private int taken = Integer.MAX_VALUE;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(new AnswerStall(STALL)) {
        @Override
        protected void doWrite(ChannelOutboundBuffer waiting) throws Exception {
          while (waiting.current() instanceof ByteBuf next && (taken > 0 || !next.isReadable())) {
            taken -= next.isReadable() ? 1 : 0;
            waiting.remove();
          }
        }
      };

  AnswerStallTest() {
    channel.freezeTime();
  }

  private void answer() {
    var unused = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void what_goes_at_once_is_not_watched() {
    answer();
    assertThat(channel.runScheduledPendingTasks()).as("next task").isEqualTo(-1);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void a_client_that_takes_nothing_is_cut_off() {
    taken = 0;
    answer();
    pass(STALL.minusMillis(1));
    assertThat(channel.isOpen()).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void a_client_that_takes_all_in_time_goes_on_though_more_waits_for_it() {
    taken = 0;
    answer();
    for (int i = 0; i < 10; i++) {
      pass(STALL.dividedBy(2));
      taken = 1;
      answer();
      pass(STALL.dividedBy(2));
      assertThat(channel.isOpen()).isTrue();
    }
    pass(STALL);
    assertThat(channel.isOpen()).isFalse();
    channel.releaseOutbound();
  }

  @Test
  void a_client_that_takes_too_little_is_cut_off() {
    taken = 0;
    answer();
    answer();
    answer();
    pass(STALL.dividedBy(2));
    taken = 1;
    channel.flush();
    pass(STALL);
    taken = 1;
    channel.flush();
    pass(STALL);
    assertThat(channel.isOpen()).isFalse();
  }
}
