package io.quorate.server.frontend.avatica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.ErrorCode;
import io.quorate.server.frontend.avatica.Repeats.Work;
import io.quorate.server.frontend.avatica.Repeats.Write;
import io.quorate.server.lang.QuorateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a connection remembers of its writes. */
final class RepeatsTest {
  private final Repeats repeats = new Repeats();
  private final List<Boolean> runs = new ArrayList<>();
  private boolean gone;

  private Write keyed(String key, boolean commit) {
    return new Write(new Repetition(Optional.of(key), () -> gone), 0, () -> "print", commit);
  }

  private Write plain(String print) {
    return new Write(new Repetition(Optional.empty(), () -> gone), 0, () -> print, false);
  }

  /** Runs it, unless it is known; how often it was run before. */
  private int once(Write write) {
    return once(
        write,
        inDoubt -> {
          runs.add(inDoubt);
          return runs.size() - 1;
        });
  }

  private int once(Write write, Work<Integer> work) {
    return repeats.once(write, Integer.class, answer -> () -> answer, work);
  }

  private void fail(Write write, ErrorCode code) {
    assertThatThrownBy(
            () ->
                once(
                    write,
                    inDoubt -> {
                      runs.add(inDoubt);
                      throw new QuorateException(code, "it failed");
                    }))
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void a_lost_race_of_a_commit_is_told_again_and_that_of_a_statement_is_run_again() {
    fail(keyed("c", true), ErrorCode.WRITE_CONFLICT);
    fail(keyed("c", true), ErrorCode.WRITE_CONFLICT);
    assertThat(runs).containsExactly(false);

    fail(keyed("s", false), ErrorCode.WRITE_CONFLICT);
    assertThat(once(keyed("s", false))).isEqualTo(2);
    assertThat(runs).containsExactly(false, false, true);
    assertThat(once(keyed("s", false))).isEqualTo(2);
  }

  @Test
  void what_nobody_knows_is_run_again_as_in_doubt() {
    fail(keyed("c", true), ErrorCode.OUTCOME_UNKNOWN);
    assertThat(once(keyed("c", true))).isEqualTo(1);
    assertThat(runs).containsExactly(false, true);
  }

  @Test
  void without_a_key_an_answer_is_kept_for_a_client_that_is_gone_and_given_once() {
    assertThat(once(plain("p"))).isZero();
    assertThat(once(plain("p"))).isEqualTo(1);
    gone = true;
    assertThat(once(plain("p"))).isEqualTo(2);
    gone = false;
    assertThat(once(plain("q"))).isEqualTo(3);
    assertThat(once(plain("p"))).isEqualTo(2);
    assertThat(once(plain("p"))).isEqualTo(4);
  }

  @Test
  void the_oldest_is_forgotten_when_there_are_many() {
    for (int i = 0; i < 256; i++) {
      assertThat(once(keyed("k" + i, false))).isEqualTo(i);
    }
    assertThat(once(keyed("k0", false))).isZero();
    assertThat(once(keyed("k256", false))).isEqualTo(256);
    assertThat(once(keyed("k0", false))).isEqualTo(257);
    assertThat(once(keyed("k255", false))).isEqualTo(255);
  }
}
