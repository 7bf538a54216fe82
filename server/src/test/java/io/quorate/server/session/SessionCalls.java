package io.quorate.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.ErrorMapper;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What tests say to sessions of a {@link LocalCluster}. */
final class SessionCalls {
  private SessionCalls() {}

  static StatementResult run(Session session, String sql) {
    return session.execute(request(sql));
  }

  static List<String> rows(Session session) {
    return run(session, "all").rows().rows().stream().map(row -> row[0] + "=" + row[1]).toList();
  }

  static StatementRequest request(String sql) {
    return request(sql, WriteIdentity.NONE);
  }

  static StatementRequest request(String sql, WriteIdentity identity) {
    return request(sql, identity, Duration.ofSeconds(5));
  }

  static StatementRequest request(String sql, WriteIdentity identity, Duration timeout) {
    return new StatementRequest(sql, List.of(), identity, 0, 1000, 0, timeout);
  }

  static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .satisfies(e -> assertThat(ErrorMapper.map(e).code()).as("%s", e).isEqualTo(code));
  }
}
