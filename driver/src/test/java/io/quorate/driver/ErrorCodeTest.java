package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode.RetryAdvice;
import org.junit.jupiter.api.Test;

final class ErrorCodeTest {
  @Test
  void numbers_are_unique() {
    assertThat(ErrorCode.values()).extracting(ErrorCode::number).doesNotHaveDuplicates();
  }

  @Test
  void sql_states_are_five_capitals_or_digits_and_unique() {
    assertThat(ErrorCode.values())
        .extracting(ErrorCode::sqlState)
        .allSatisfy(state -> assertThat(state).matches("[0-9A-Z]{5}"))
        .doesNotHaveDuplicates();
  }

  @Test
  void an_unknown_outcome_is_repeated_under_the_same_request_only() {
    assertThat(ErrorCode.values())
        .filteredOn(code -> code.retryAdvice() == RetryAdvice.SAME_REQUEST)
        .containsExactly(ErrorCode.OUTCOME_UNKNOWN);
  }
}
