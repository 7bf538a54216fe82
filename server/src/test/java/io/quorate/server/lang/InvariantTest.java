package io.quorate.server.lang;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class InvariantTest {
  @Test
  void a_fact_that_holds_passes() {
    assertThatNoException().isThrownBy(() -> Invariant.check(true, "never formatted %d", 1));
  }

  @Test
  void a_fact_that_fails_names_its_values() {
    assertThatThrownBy(() -> Invariant.check(false, "revision %d follows %d", 7, 5))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("revision 7 follows 5");
  }
}
