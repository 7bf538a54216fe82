package io.quorate.server.lang;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class QuorateExceptionTest {
  @Test
  void it_keeps_code_message_and_cause() {
    TimeoutException cause = new TimeoutException();

    QuorateException failure =
        new QuorateException(ErrorCode.OUTCOME_UNKNOWN, "it may still commit", cause);

    assertThat(failure.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    assertThat(failure).hasMessage("it may still commit").hasCause(cause);
  }
}
