package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode.RetryAdvice;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ErrorCodeTest {
  @Test
  void numbers_are_unique() {
    assertThat(ErrorCode.values()).extracting(ErrorCode::number).doesNotHaveDuplicates();
  }

  @Test
  void sql_states_are_five_capitals_or_digits() {
    assertThat(ErrorCode.values())
        .extracting(ErrorCode::sqlState)
        .allSatisfy(state -> assertThat(state).matches("[0-9A-Z]{5}"));
  }

  @Test
  void a_sql_state_that_two_share_tells_the_same_about_trying_again() {
    Map<String, RetryAdvice> advice = new HashMap<>();
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(advice.merge(code.sqlState(), code.retryAdvice(), (first, second) -> first))
          .as(code.sqlState())
          .isEqualTo(code.retryAdvice());
    }
  }

  @Test
  void an_unknown_outcome_is_repeated_under_the_same_request_only() {
    assertThat(ErrorCode.values())
        .filteredOn(code -> code.retryAdvice() == RetryAdvice.SAME_REQUEST)
        .containsExactly(ErrorCode.OUTCOME_UNKNOWN);
  }
}
