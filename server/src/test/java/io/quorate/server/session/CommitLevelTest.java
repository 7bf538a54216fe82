package io.quorate.server.session;

import static io.quorate.server.session.SessionCalls.assertFails;
import static io.quorate.server.session.SessionCalls.request;
import static io.quorate.server.session.SessionCalls.rows;
import static io.quorate.server.session.SessionCalls.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes, of which the third gets the log's entries late. */
@Timeout(60)
final class CommitLevelTest {
  private static final int LAGGARD = 3;

  @TempDir Path directory;
  private LocalCluster cluster;

  @BeforeEach
  void open() {
    cluster = new LocalCluster(directory, 3);
    cluster.node(LAGGARD).lag();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private Session session(int node, String level) {
    Session session = cluster.node(node).session();
    session.set("commit_level", level);
    return session;
  }

  private long degraded(int node) {
    return cluster.node(node).counters.all().stream()
        .filter(metric -> metric.name().contains("commits_degraded_all"))
        .mapToLong(Metric::value)
        .sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"QUORUM", "one"})
  void a_majority_is_enough_for_the_others(String level) {
    try (Session session = session(1, level)) {
      run(session, "insert a 1");
      assertThat(session.get("commit_level")).isEqualTo(level.toUpperCase(Locale.ROOT));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, autocommit", "2, autocommit", "1, transaction", "2, transaction", "1, batch"})
  void all_waits_for_the_last_one_and_its_readers_see_it_at_once(int node, String how) {
    Consumer<Session> write =
        switch (how) {
          case "autocommit" -> session -> run(session, "insert a 1");
          case "batch" ->
              session -> session.executeBatch(request("insert a 1"), List.of(List.of()));
          default ->
              session -> {
                session.set("autocommit", "false");
                run(session, "insert a 1");
                var unused = session.commit(WriteIdentity.NONE);
              };
        };
    try (Session session = session(node, "all");
        Session reader = cluster.node(LAGGARD).session()) {
      reader.set("read_level", "LOCAL");
      CompletableFuture<Void> done = CompletableFuture.runAsync(() -> write.accept(session));
      await().until(() -> isApplied(1) && isApplied(2));
      assertThat(done).isNotDone();
      assertThat(rows(reader)).isEmpty();

      cluster.node(LAGGARD).catchUp();

      assertThat(done).succeedsWithin(10, TimeUnit.SECONDS);
      assertThat(rows(reader)).containsExactly("a=1");
      assertThat(degraded(node)).isZero();
    }
  }

  private boolean isApplied(int node) {
    return cluster.node(node).replica.applied().current()
        > cluster.node(LAGGARD).replica.applied().current();
  }

  @Test
  void one_that_is_silent_is_not_waited_for_and_counted() {
    cluster.silent.add(cluster.node(LAGGARD).id);
    try (Session session = session(1, "ALL")) {
      run(session, "insert a 1");
      assertThat(degraded(1)).isEqualTo(1);
    }
  }

  @Test
  void one_that_falls_silent_meanwhile_is_not_waited_for_any_longer() {
    try (Session session = session(1, "ALL")) {
      CompletableFuture<StatementResult> done =
          CompletableFuture.supplyAsync(() -> run(session, "insert a 1"));
      await().until(() -> isApplied(1) && isApplied(2));
      assertThat(done).isNotDone();
      cluster.silent.add(cluster.node(LAGGARD).id);
      assertThat(done).succeedsWithin(10, TimeUnit.SECONDS);
      assertThat(degraded(1)).isEqualTo(1);
    }
  }

  @Test
  void when_the_time_is_over_the_commit_is_in_doubt_and_done() {
    try (Session session = session(1, "ALL")) {
      assertFails(
          () -> session.execute(request("insert a 1", WriteIdentity.NONE, Duration.ofMillis(300))),
          ErrorCode.OUTCOME_UNKNOWN);
      assertThat(rows(session)).containsExactly("a=1");
    }
  }

  @Test
  void an_answer_that_is_lost_is_asked_for_again() {
    try (Session session = session(1, "ALL")) {
      CompletableFuture<StatementResult> done =
          CompletableFuture.supplyAsync(() -> run(session, "insert a 1"));
      await().until(() -> isApplied(1) && isApplied(2));
      cluster.answersToLose.set(5);
      cluster.node(LAGGARD).catchUp();
      assertThat(done).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }
}
