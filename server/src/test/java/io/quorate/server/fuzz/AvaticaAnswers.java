package io.quorate.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.frontend.avatica.AvaticaEndpoint.Encoding;
import java.io.IOException;
import org.apache.calcite.avatica.remote.Service;

/** What an answer of Avatica's endpoint must be, whatever was asked. */
final class AvaticaAnswers {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FAILED = 500;

  private AvaticaAnswers() {}

  /** A response that a stock client reads; a failure has its state, its number and one line. */
  static Service.Response require(Encoding encoding, int status, byte[] body) throws IOException {
    Service.Response response = AvaticaRecordings.decode(encoding, body);
    if (response instanceof Service.ErrorResponse failure) {
      if (status == UNAUTHORIZED) {
        assertThat(failure.sqlState).isEqualTo("28000");
      } else {
        assertThat(status).isEqualTo(FAILED);
        assertThat(failure.sqlState).matches("[0-9A-Z]{5}").isNotEqualTo("00000");
      }
      assertThat(failure.errorCode).isPositive();
      assertThat(failure.errorMessage).isNotBlank().doesNotContain("\tat ", "\n");
      assertThat(failure.exceptions)
          .allSatisfy(text -> assertThat(text).doesNotContain("\tat ", "Exception:"));
    } else {
      assertThat(status).isEqualTo(OK);
    }
    return response;
  }
}
