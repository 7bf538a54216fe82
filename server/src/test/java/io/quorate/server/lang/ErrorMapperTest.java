package io.quorate.server.lang;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import io.quorate.sql.lang.SqlFailure;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrorMapperTest {

  @ParameterizedTest
  @EnumSource
  void every_condition_of_the_adapter_keeps_its_sqlstate(SqlFailure.State state) {
    QuorateException mapped = ErrorMapper.map(new SqlFailure(state, "why"));
    assertThat(mapped.code().sqlState()).isEqualTo(state.sqlState());
    assertThat(mapped).hasMessage("why");
  }

  @Test
  void what_is_wrapped_is_unwrapped() {
    QuorateException known = new QuorateException(ErrorCode.NO_LEADER, "none");
    assertThat(ErrorMapper.map(new CompletionException(known))).isSameAs(known);
  }

  @Test
  void a_bug_is_an_internal_error_that_shows_no_detail() {
    QuorateException mapped = ErrorMapper.map(new IllegalStateException("secret"));
    assertThat(mapped.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(mapped.getMessage()).doesNotContain("secret");
  }
}
