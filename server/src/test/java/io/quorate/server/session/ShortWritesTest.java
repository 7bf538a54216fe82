package io.quorate.server.session;

import static io.quorate.server.session.SessionCalls.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.RequestId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes that no thread waits for, in a session of the leader. */
@Timeout(30)
final class ShortWritesTest {
  private static final int LEADER = 1;
  private static final int FOLLOWER = 2;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path directory;
  private LocalCluster cluster;
  private LocalCluster.Node leader;
  private Session session;

  @BeforeEach
  void open() {
    cluster = new LocalCluster(directory, 2);
    leader = cluster.node(LEADER);
    session = leader.session();
    run("insert n 0", 1);
    run("add n 1", 2);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void the_answer_comes_when_the_leader_shows_the_write_and_calls_wait_for_it() {
    leader.lag();
    PendingWrite write = begin("add n 1", 3);
    assertThat(write.answer()).isNotDone();
    assertThat(session.tryWrite(request("add n 1", 4))).isEmpty();
    CompletableFuture<List<String>> next = CompletableFuture.supplyAsync(this::rows);
    assertThat(next).isNotDone();
    leader.catchUp();

    StatementResult result = write.answer().join();
    assertThat(result.updateCount()).isEqualTo(1);
    assertThat(session.revision()).isEqualTo(result.revision());
    assertThat(next.join()).containsExactly("n=2");
    assertThat(begin("add n 1", 4).answer().join().updateCount()).isEqualTo(1);
  }

  @Test
  void what_is_not_short_known_named_and_on_its_own_is_left_alone() {
    assertThat(session.tryWrite(request("add n 2", 3))).as("plan not known").isEmpty();
    assertThat(session.tryWrite(request("all", 3))).as("a query").isEmpty();
    assertThat(session.tryWrite(request("add n 1", WriteIdentity.NONE, TIMEOUT))).isEmpty();
    assertThat(
            session.tryWrite(
                request(
                    "add n 1",
                    new WriteIdentity(Optional.of(new RequestId(9, 3)), 0, true),
                    TIMEOUT)))
        .as("repeated")
        .isEmpty();
    assertThat(session.tryWrite(request("add n 1", identity(3), Duration.ofSeconds(1))))
        .as("a deadline that needs watching")
        .isEmpty();
    session.set("autocommit", "false");
    assertThat(session.tryWrite(request("add n 1", 3))).as("in a transaction").isEmpty();
    session.set("autocommit", "true");
    session.set("read_only", "true");
    assertThat(session.tryWrite(request("add n 1", 3))).as("read only").isEmpty();
    session.set("read_only", "false");
    run("ddl", 3);
    assertThat(session.tryWrite(request("add n 1", 4))).as("another catalog").isEmpty();
    run("add n 1", 5);
    assertThat(session.tryWrite(request("add n 1", 6))).as("planned again").isPresent();
    cluster.lead(FOLLOWER);
    assertThat(session.tryWrite(request("add n 1", 7))).as("does not lead").isEmpty();
  }

  @Test
  void a_row_that_somebody_has_locked_is_left_alone() {
    try (Session other = leader.session()) {
      other.set("autocommit", "false");
      other.execute(request("add n 1", WriteIdentity.NONE, TIMEOUT));
      assertThat(session.tryWrite(request("add n 1", 3))).isEmpty();
      other.rollback();
      assertThat(begin("add n 1", 3).answer().join().updateCount()).isEqualTo(1);
    }
  }

  @Test
  void a_write_that_was_not_taken_goes_to_the_next_leader_once() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Void> busy =
        CompletableFuture.runAsync(
            () ->
                cluster.run(
                    () -> {
                      begun.countDown();
                      awaitQuietly(goOn);
                    }));
    awaitQuietly(begun);
    CompletableFuture<Void> change = CompletableFuture.runAsync(() -> cluster.nobodyLeads());
    await("it is handed over on a thread of its own").until(() -> cluster.queued() == 1);
    PendingWrite write = begin("add n 1", 3);
    goOn.countDown();
    busy.join();
    change.join();

    Throwable failure = failureOf(write);
    assertThat(ErrorMapper.map(failure).code()).isEqualTo(ErrorCode.NO_LEADER);
    cluster.lead(FOLLOWER);
    assertThat(session.settle(write, failure).updateCount()).isEqualTo(1);
    assertThat(rows()).containsExactly("n=2");
  }

  @Test
  void a_write_whose_time_is_over_is_in_doubt_and_counts_once_all_the_same() {
    leader.lag();
    PendingWrite write = begin("add n 1", 3);
    leader.service.expire();
    assertThat(write.answer()).isNotDone();
    cluster.laterNanos.addAndGet(TIMEOUT.plusSeconds(1).toNanos());
    leader.service.expire();

    Throwable failure = failureOf(write);
    assertFails(() -> session.settle(write, failure), ErrorCode.OUTCOME_UNKNOWN);
    leader.catchUp();
    WriteIdentity again = new WriteIdentity(Optional.of(new RequestId(9, 3)), 0, true);
    assertThat(session.execute(request("add n 1", again, TIMEOUT)).updateCount()).isEqualTo(1);
    assertThat(rows()).containsExactly("n=2");
  }

  @Test
  void a_session_closes_while_its_write_is_under_way() {
    leader.lag();
    PendingWrite write = begin("add n 1", 3);
    CompletableFuture<StatementResult> next =
        CompletableFuture.supplyAsync(() -> session.execute(request("all", 4)));
    session.close();
    assertFails(
        () -> {
          try {
            next.join();
          } catch (CompletionException e) {
            throw e.getCause();
          }
        },
        ErrorCode.CONNECTION_CLOSED);
    leader.catchUp();

    assertThat(write.answer().join().updateCount()).isEqualTo(1);
    try (Session other = leader.session()) {
      assertThat(rows(other)).containsExactly("n=2");
    }
  }

  private PendingWrite begin(String sql, long sequence) {
    Optional<PendingWrite> write = session.tryWrite(request(sql, sequence));
    assertThat(write).isPresent();
    return write.orElseThrow();
  }

  private static Throwable failureOf(PendingWrite write) {
    await("the answer comes on the log's thread").until(() -> write.answer().isDone());
    return write.answer().handle((result, problem) -> problem).join();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void run(String sql, long sequence) {
    assertThat(session.execute(request(sql, sequence))).isNotNull();
  }

  private List<String> rows() {
    return rows(session);
  }

  private static List<String> rows(Session session) {
    return session.execute(request("all", WriteIdentity.NONE, TIMEOUT)).rows().rows().stream()
        .map(row -> row[0] + "=" + row[1])
        .toList();
  }

  private static WriteIdentity identity(long sequence) {
    return new WriteIdentity(Optional.of(new RequestId(9, sequence)), 0, false);
  }

  private static StatementRequest request(String sql, long sequence) {
    return request(sql, identity(sequence), TIMEOUT);
  }

  private static StatementRequest request(String sql, WriteIdentity identity, Duration timeout) {
    return new StatementRequest(sql, List.of(), identity, 0, 1000, 0, timeout);
  }
}
