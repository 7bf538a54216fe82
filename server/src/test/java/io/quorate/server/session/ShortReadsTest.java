package io.quorate.server.session;

import static io.quorate.server.session.SessionCalls.assertFails;
import static io.quorate.server.session.SessionCalls.request;
import static io.quorate.server.session.SessionCalls.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queries that no thread waits for, in sessions of the leader and of a follower. */
@Timeout(30)
final class ShortReadsTest {
  private static final int LEADER = 1;
  private static final int FOLLOWER = 2;

  @TempDir Path directory;
  private LocalCluster cluster;

  @BeforeEach
  void open() {
    cluster = new LocalCluster(directory, 2);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void a_short_query_runs_at_once_when_its_plan_is_known_and_gives_the_same_answer() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      run(session, "insert a 1");
      assertThat(session.tryExecute(request("key a"))).isEmpty();
      StatementResult first = run(session, "key a");
      StatementResult second = session.tryExecute(request("key a")).orElseThrow();
      assertThat(second.columns()).isEqualTo(first.columns());
      assertThat(second.revision()).isEqualTo(first.revision());
      assertThat(second.rows().done()).isTrue();
      assertThat(second.rows().rows()).hasSize(1);
      assertThat(second.rows().rows().get(0)).containsExactly("1");
      var unused = session.describe("key b", 0);
      assertThat(session.tryExecute(request("key b")).orElseThrow().rows().rows()).isEmpty();
    }
  }

  @Test
  void what_is_not_short_or_reads_no_rows_never_runs_at_once() {
    try (Session session = cluster.node(LEADER).session()) {
      for (String sql : List.of("all", "insert a 1", "add a 1", "show", "begin", "commit", "ddl")) {
        run(session, sql);
        assertThat(session.tryExecute(request(sql))).as(sql).isEmpty();
      }
    }
  }

  @Test
  void a_read_that_would_have_to_wait_does_not_run_at_once() {
    LocalCluster.Node follower = cluster.node(FOLLOWER);
    try (Session session = follower.session()) {
      run(session, "insert a 1");
      run(session, "key a");
      follower.lag();
      run(session, "add a 1");
      assertThat(session.tryExecute(request("key a"))).isEmpty();
      session.set("read_level", "LOCAL");
      assertThat(session.tryExecute(request("key a"))).isPresent();
      session.set("read_level", "LINEARIZABLE");
      assertThat(session.tryExecute(request("key a"))).isEmpty();
      session.set("read_level", "SESSION");
      StatementRequest later =
          new StatementRequest(
              "key a", List.of(), WriteIdentity.NONE, 1 << 30, 10, 0, Duration.ofSeconds(5));
      follower.catchUp();
      assertThat(session.tryExecute(later)).isEmpty();
      assertThat(session.tryExecute(request("key a")).orElseThrow().rows().rows().get(0))
          .containsExactly("2");
    }
  }

  @Test
  void a_short_query_in_a_transaction_runs_at_once_only_in_one_that_only_reads() {
    try (Session session = cluster.node(FOLLOWER).session();
        Session other = cluster.node(LEADER).session()) {
      run(other, "insert a 1");
      session.set("autocommit", "false");
      run(session, "key a");
      assertThat(session.tryExecute(request("key a"))).isEmpty();
      session.rollback();
      assertThat(session.tryExecute(request("key a"))).isEmpty();
      session.set("read_only", "true");
      run(session, "key a");
      run(other, "add a 1");
      assertThat(session.tryExecute(request("key a")).orElseThrow().rows().rows().get(0))
          .containsExactly("1");
      session.commit(WriteIdentity.NONE);
      assertThat(session.inTransaction()).isFalse();
    }
  }

  @Test
  void a_plan_is_forgotten_with_its_catalog_and_its_schema() {
    try (Session session = cluster.node(FOLLOWER).session();
        Session other = cluster.node(LEADER).session()) {
      run(session, "key a");
      assertThat(session.tryExecute(request("key a"))).isPresent();
      session.set("schema", "OTHER");
      assertThat(session.tryExecute(request("key a"))).isEmpty();
      run(session, "key a");
      assertThat(session.tryExecute(request("key a"))).isPresent();
      run(other, "ddl");
      run(session, "insert b 1");
      assertThat(session.tryExecute(request("key a"))).isEmpty();
      run(session, "key a");
      assertThat(session.tryExecute(request("key a"))).isPresent();
    }
  }

  @Test
  void a_session_that_is_busy_or_closed_runs_nothing_at_once() throws Exception {
    Session session = cluster.node(FOLLOWER).session();
    run(session, "key a");
    cluster.nobodyLeads();
    CompletableFuture<Void> write =
        CompletableFuture.runAsync(
            () -> assertFails(() -> run(session, "insert a 1"), ErrorCode.CANCELLED));
    await("the write waits for a leader")
        .until(() -> cluster.node(FOLLOWER).service.rows().get(0)[6] != null);
    assertThat(session.tryExecute(request("key a"))).isEmpty();
    session.cancel();
    write.join();
    session.close();
    assertThat(session.tryExecute(request("key a"))).isEmpty();
  }
}
