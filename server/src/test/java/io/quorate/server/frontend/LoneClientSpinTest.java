package io.quorate.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import org.junit.jupiter.api.Test;

class LoneClientSpinTest {
  private long nanos;
  private int looked;
  private int readyAfter;
  private int ready = 1;
  private final SelectStrategyFactory loops =
      LoneClientSpin.forLoops(2, () -> nanos += LoneClientSpin.SPIN_NANOS / 10);

  private int selectNow() {
    looked++;
    return looked > readyAfter ? ready : 0;
  }

  private int turn(SelectStrategy loop) throws Exception {
    looked = 0;
    return loop.calculateStrategy(this::selectNow, false);
  }

  private void warmUp(SelectStrategy loop) throws Exception {
    for (int i = 0; i < LoneClientSpin.TURNS_ALONE; i++) {
      assertThat(turn(loop)).isEqualTo(SelectStrategy.SELECT);
      assertThat(looked).isZero();
    }
  }

  @Test
  void a_loop_that_works_alone_looks_for_the_next_request_before_it_sleeps() throws Exception {
    SelectStrategy loop = loops.newSelectStrategy();
    warmUp(loop);
    readyAfter = 3;
    for (int i = 0; i < 10; i++) {
      assertThat(turn(loop)).isEqualTo(1);
      assertThat(looked).isEqualTo(4);
    }
  }

  @Test
  void a_spin_has_an_end_and_those_in_vain_become_rare() throws Exception {
    SelectStrategy loop = loops.newSelectStrategy();
    warmUp(loop);
    readyAfter = Integer.MAX_VALUE;
    int spins = 0;
    for (int i = 0; i < 1000; i++) {
      assertThat(turn(loop)).isEqualTo(SelectStrategy.SELECT);
      assertThat(looked).isLessThanOrEqualTo(10);
      spins += looked > 0 ? 1 : 0;
    }
    assertThat(spins).isBetween(10, 25);
  }

  @Test
  void nobody_spins_where_two_loops_have_work_or_one_has_two_clients() throws Exception {
    SelectStrategy one = loops.newSelectStrategy();
    SelectStrategy other = loops.newSelectStrategy();
    for (int i = 0; i < 100; i++) {
      assertThat(turn(one)).isEqualTo(SelectStrategy.SELECT);
      assertThat(looked).isZero();
      assertThat(turn(other)).isEqualTo(SelectStrategy.SELECT);
      assertThat(looked).isZero();
    }
    warmUp(one);
    ready = 2;
    assertThat(turn(one)).isEqualTo(2);
    ready = 1;
    assertThat(turn(one)).isEqualTo(SelectStrategy.SELECT);
    assertThat(looked).isZero();
  }

  @Test
  void what_waits_in_the_loop_itself_is_not_kept_waiting() throws Exception {
    SelectStrategy loop = loops.newSelectStrategy();
    warmUp(loop);
    readyAfter = Integer.MAX_VALUE;
    looked = 0;
    assertThat(loop.calculateStrategy(this::selectNow, true)).isZero();
    assertThat(looked).isEqualTo(1);
  }

  @Test
  void one_processor_is_left_to_the_clients() throws Exception {
    SelectStrategy loop = LoneClientSpin.forLoops(1, () -> nanos).newSelectStrategy();
    for (int i = 0; i < 100; i++) {
      assertThat(turn(loop)).isEqualTo(SelectStrategy.SELECT);
      assertThat(looked).isZero();
    }
  }
}
