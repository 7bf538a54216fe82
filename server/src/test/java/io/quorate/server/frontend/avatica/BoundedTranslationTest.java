package io.quorate.server.frontend.avatica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.math.BigDecimal;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.remote.TypedValue;
import org.junit.jupiter.api.Test;

class BoundedTranslationTest {
  private static Common.TypedValue decimal(String digits) {
    return Common.TypedValue.newBuilder()
        .setType(Common.Rep.BIG_DECIMAL)
        .setStringValue(digits)
        .build();
  }

  private static void assertFails(Common.TypedValue value, ErrorCode code) {
    assertThatThrownBy(() -> BoundedTranslation.read(value))
        .isInstanceOfSatisfying(QuorateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void a_number_of_a_batch_is_read() {
    TypedValue read = BoundedTranslation.read(decimal("-12.50"));
    assertThat(read.value).isEqualTo(new BigDecimal("-12.50"));
  }

  /** Found by fuzzing: SEED=3000000000 of the client port, logged as an error of the node's own. */
  @Test
  void what_is_no_value_is_the_clients_fault() {
    assertFails(decimal("COUNT 1"), ErrorCode.PROTOCOL_VIOLATION);
    assertFails(decimal(""), ErrorCode.PROTOCOL_VIOLATION);
    Common.TypedValue object = Common.TypedValue.newBuilder().setType(Common.Rep.OBJECT).build();
    assertFails(object, ErrorCode.PROTOCOL_VIOLATION);
    assertFails(decimal("1".repeat(50_000)), ErrorCode.NUMBER_OUT_OF_RANGE);
  }
}
