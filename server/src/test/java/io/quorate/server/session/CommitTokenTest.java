package io.quorate.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommitTokenTest {
  @Test
  void a_token_is_the_cluster_and_the_revision() {
    assertThat(CommitToken.text("c4f", 1234)).isEqualTo("c4f-1234");
    assertThat(CommitToken.revision("c4f-1234", "c4f")).isEqualTo(1234);
    assertThat(CommitToken.revision("a-b-0", "a-b")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "c4f",
        "c4f-",
        "-7",
        "c4f-x",
        "c4f--7",
        "c4f-+7",
        "c4f-1234567890123456789"
      })
  void what_is_none_or_of_another_cluster_is_refused(String text) {
    QuorateException refusal =
        catchThrowableOfType(QuorateException.class, () -> CommitToken.revision(text, "c4f"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
    assertThat(refusal.code().sqlState()).isEqualTo("22023");
  }
}
