package io.quorate.server.session;

import static io.quorate.server.session.SessionCalls.assertFails;
import static io.quorate.server.session.SessionCalls.request;
import static io.quorate.server.session.SessionCalls.rows;
import static io.quorate.server.session.SessionCalls.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.KeysAsked;
import io.quorate.server.lang.Metric;
import io.quorate.server.lang.RequestId;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.lang.SavepointStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions on two nodes, of which the first leads; the second hands on. */
@Timeout(30)
final class SessionServiceTest {
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

  // Autocommit

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void a_session_reads_what_it_wrote_wherever_it_is(int node) {
    try (Session session = cluster.node(node).session()) {
      StatementResult inserted = run(session, "insert a 1");
      assertThat(inserted.updateCount()).isEqualTo(1);
      assertThat(inserted.revision()).isPositive();
      assertThat(rows(session)).containsExactly("a=1");
    }
  }

  @Test
  void a_follower_that_lags_waits_for_what_its_session_has_written() {
    LocalCluster.Node follower = cluster.node(FOLLOWER);
    try (Session session = follower.session()) {
      follower.lag();
      run(session, "insert a 1");
      assertFails(
          () -> session.execute(request("all", WriteIdentity.NONE, Duration.ofMillis(20))),
          ErrorCode.REPLICA_LAGGING);
      session.set("read_level", "LOCAL");
      assertThat(rows(session)).isEmpty();
      session.set("read_level", "SESSION");
      follower.catchUp();
      assertThat(rows(session)).containsExactly("a=1");
    }
  }

  @Test
  void a_linearizable_read_shows_what_others_wrote() {
    try (Session writer = cluster.node(LEADER).session();
        Session reader = cluster.node(FOLLOWER).session()) {
      reader.set("read_level", "linearizable");
      run(writer, "insert a 1");
      assertThat(rows(reader)).containsExactly("a=1");
    }
  }

  @Test
  void a_bounded_read_asks_how_far_the_log_reaches_and_is_refused_where_that_is_not_shown() {
    LocalCluster.Node follower = cluster.node(FOLLOWER);
    try (Session writer = cluster.node(LEADER).session();
        Session reader = follower.session()) {
      reader.set("read_level", "bounded");
      reader.set("max_staleness", "0");
      follower.lag();
      run(writer, "insert a 1");
      assertFails(() -> run(reader, "all"), ErrorCode.REPLICA_LAGGING);
      assertThat(counts(follower.counters))
          .containsEntry("reads_refused_lagging", 1L)
          .containsEntry("reads_bounded", 0L);

      follower.catchUp();
      StatementResult read = run(reader, "all");
      assertThat(read.rows().rows()).hasSize(1);
      assertThat(follower.service.staleness(read.shown()).millis()).isNotNegative();
      assertThat(follower.service.staleness(read.shown()).quorate()).isTrue();
      assertThat(counts(follower.counters)).containsEntry("reads_bounded", 1L);
    }
  }

  @Test
  void writes_are_not_held_up_by_a_bound_on_reads() {
    LocalCluster.Node follower = cluster.node(FOLLOWER);
    try (Session session = follower.session()) {
      session.set("read_level", "bounded");
      session.set("max_staleness", "0");
      follower.lag();
      assertThat(run(session, "insert a 1").updateCount()).isEqualTo(1);
      assertThat(counts(follower.counters)).containsEntry("writes_forwarded", 1L);
      assertThat(counts(cluster.node(LEADER).counters))
          .containsEntry("forwarded_served", 1L)
          .containsEntry("writes_led", 0L);
      follower.catchUp();
    }
  }

  @Test
  void a_token_that_was_handed_over_is_waited_for() {
    LocalCluster.Node follower = cluster.node(FOLLOWER);
    try (Session writer = cluster.node(LEADER).session();
        Session reader = follower.session()) {
      follower.lag();
      long revision = run(writer, "insert a 1").revision();
      reader.set("read_after", "c0-" + revision);
      assertFails(
          () -> reader.execute(request("all", WriteIdentity.NONE, Duration.ofMillis(20))),
          ErrorCode.REPLICA_LAGGING);
      follower.catchUp();
      assertThat(rows(reader)).containsExactly("a=1");
      assertThat(reader.revision()).isEqualTo(revision);
      assertFails(() -> reader.set("read_after", "c1-" + revision), ErrorCode.INVALID_PARAMETER);
      assertFails(() -> reader.set("read_after", "soon"), ErrorCode.INVALID_PARAMETER);
    }
  }

  @Test
  void a_name_that_a_follower_does_not_know_yet_is_looked_for_once_more() {
    LocalCluster.Node follower = cluster.node(FOLLOWER);
    try (Session definer = cluster.node(LEADER).session();
        Session reader = follower.session()) {
      assertFails(() -> run(reader, "new"), ErrorCode.TABLE_NOT_FOUND);
      run(definer, "ddl");
      assertThat(run(reader, "new").returnsRows()).isTrue();
    }
  }

  @Test
  void a_constraint_that_fails_at_the_leader_fails_here_with_its_code() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      run(session, "insert a 1");
      assertFails(() -> run(session, "insert a 2"), ErrorCode.UNIQUE_VIOLATION);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert a 1", "ddl"})
  void a_write_is_not_passed_on_where_its_session_forbids_that(String sql) {
    try (Session here = cluster.node(FOLLOWER).session();
        Session there = cluster.node(LEADER).session()) {
      here.set("write_routing", "redirect");
      assertFails(() -> run(here, sql), ErrorCode.NO_LEADER);
      here.set("write_routing", "refuse");
      assertFails(() -> run(here, sql), ErrorCode.READ_ONLY_TRANSACTION);
      here.set("autocommit", "false");
      assertFails(() -> run(here, "insert a 1"), ErrorCode.READ_ONLY_TRANSACTION);
      assertThat(rows(there)).isEmpty();
      there.set("write_routing", "refuse");
      run(there, sql);
    }
  }

  @Test
  void a_write_whose_answer_is_lost_is_asked_for_again_and_runs_once() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      run(session, "insert n 0");
      cluster.answersToLose.set(1);
      assertThat(run(session, "add n 1").updateCount()).isEqualTo(1);
      assertThat(rows(session)).containsExactly("n=1");
    }
  }

  @Test
  void a_question_that_vanishes_with_its_leader_is_asked_of_the_next() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      cluster.answersToSwallow.set(1);
      CompletableFuture<StatementResult> write =
          CompletableFuture.supplyAsync(() -> run(session, "insert a 1"));
      await("the write asks on its thread").until(() -> cluster.answersToSwallow.get() == 0);
      cluster.lead(FOLLOWER);
      assertThat(write.join().updateCount()).isEqualTo(1);
      assertThat(rows(session)).containsExactly("a=1");
    }
  }

  @Test
  void a_request_that_the_client_repeats_on_another_node_runs_once() {
    WriteIdentity first = new WriteIdentity(Optional.of(new RequestId(9, 1)), 0, false);
    WriteIdentity again = new WriteIdentity(Optional.of(new RequestId(9, 1)), 0, true);
    try (Session one = cluster.node(LEADER).session();
        Session other = cluster.node(FOLLOWER).session()) {
      run(one, "insert n 0");
      long revision = one.execute(request("add n 1", first)).revision();
      cluster.lead(FOLLOWER);
      StatementResult repeated = other.execute(request("add n 1", again));
      assertThat(repeated.updateCount()).isEqualTo(1);
      assertThat(repeated.revision()).isEqualTo(revision);
      assertThat(rows(other)).containsExactly("n=1");
    }
  }

  @Test
  void a_client_that_knows_no_revision_yet_can_write_when_much_is_forgotten() {
    WriteIdentity first = new WriteIdentity(Optional.of(new RequestId(9, 1)), 0, false);
    try (Session other = cluster.node(LEADER).session()) {
      for (int i = 0; i < 1001; i++) {
        run(other, "insert k" + i + " v");
      }
    }
    try (Session session = cluster.node(LEADER).session()) {
      assertThat(session.revision()).isGreaterThan(1000);
      assertThat(session.execute(request("insert a 1", first)).updateCount()).isEqualTo(1);
    }
  }

  @Test
  void without_a_leader_a_write_waits_for_a_while_and_reads_go_on() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      run(session, "insert a 1");
      cluster.nobodyLeads();
      assertFails(
          () -> session.execute(request("insert b 1", WriteIdentity.NONE, Duration.ofMillis(50))),
          ErrorCode.NO_LEADER);
      assertThat(rows(session)).containsExactly("a=1");
      cluster.lead(FOLLOWER);
      run(session, "insert b 1");
      assertThat(rows(session)).containsExactly("a=1", "b=1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void a_batch_is_one_write(int node) {
    List<List<@Nullable Object>> lists = new ArrayList<>();
    IntStream.range(0, 500).forEach(i -> lists.add(List.of("k" + i, "v" + i)));
    try (Session session = cluster.node(node).session()) {
      BatchResult result = session.executeBatch(request("insert ? ?"), lists);
      assertThat(result.updateCounts()).hasSize(500).containsOnly(1L);
      assertThat(rows(session)).hasSize(500);

      List<List<@Nullable Object>> failing = List.of(List.of("new", "v"), List.of("k1", "v"));
      assertFails(
          () -> session.executeBatch(request("insert ? ?"), failing), ErrorCode.UNIQUE_VIOLATION);
      assertThat(rows(session)).hasSize(500);
    }
  }

  @Test
  void a_repeated_batch_answers_what_is_known_of_it() {
    List<List<@Nullable Object>> lists = List.of(List.of("a", "1"), List.of("b", "1"));
    RequestId id = new RequestId(9, 1);
    try (Session session = cluster.node(FOLLOWER).session()) {
      BatchResult first =
          session.executeBatch(
              request("insert ? ?", new WriteIdentity(Optional.of(id), 0, false)), lists);
      BatchResult again =
          session.executeBatch(
              request("insert ? ?", new WriteIdentity(Optional.of(id), 0, true)), lists);
      assertThat(again).isEqualTo(first);
    }
  }

  // Keys

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void keys_come_with_the_answer_wherever_the_row_is_put(int node) {
    try (Session session = cluster.node(node).session()) {
      GeneratedKeys one = session.execute(insert("a", KeysAsked.PRIMARY_KEY)).keys();
      assertThat(one.columns()).extracting(ResultColumn::label).containsExactly("K");
      assertThat(one.rows()).containsExactly(new Object[] {"a"});
      assertThat(session.execute(insert("b", KeysAsked.NONE)).keys().columns()).isEmpty();

      session.set("autocommit", "false");
      assertThat(keys(session, List.of("c", "d"), KeysAsked.byName(List.of("k"))))
          .containsExactly("c", "d");
      session.set("autocommit", "true");
      assertThat(keys(session, List.of("e", "f"), KeysAsked.byNumber(List.of(1, 1))))
          .containsExactly("e", "f");
      for (KeysAsked wrong :
          List.of(KeysAsked.byNumber(List.of(2)), KeysAsked.byName(List.of("x")))) {
        assertFails(() -> session.execute(insert("g", wrong)), ErrorCode.COLUMN_NOT_FOUND);
      }
      assertThat(rows(session)).hasSize(6);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void a_write_that_is_repeated_says_that_its_keys_are_not_remembered(int node) {
    RequestId id = new RequestId(9, 1);
    try (Session session = cluster.node(node).session()) {
      StatementResult first =
          session.execute(
              insert("a", KeysAsked.PRIMARY_KEY, new WriteIdentity(Optional.of(id), 0, false)));
      assertThat(first.keys().unknown()).isFalse();
      StatementResult again =
          session.execute(
              insert("a", KeysAsked.PRIMARY_KEY, new WriteIdentity(Optional.of(id), 0, true)));
      assertThat(again.updateCount()).isEqualTo(1);
      assertThat(again.revision()).isEqualTo(first.revision());
      assertThat(again.keys().unknown()).isTrue();
      assertThat(again.keys().rows()).isEmpty();
    }
  }

  @Test
  void keys_are_not_remembered_when_the_leaders_answer_is_lost() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      cluster.answersToLose.set(1);
      assertThat(session.execute(insert("a", KeysAsked.PRIMARY_KEY)).keys().unknown()).isTrue();
    }
  }

  private static List<@Nullable Object> keys(Session session, List<String> keys, KeysAsked asked) {
    List<List<@Nullable Object>> lists = new ArrayList<>();
    keys.forEach(key -> lists.add(List.of(key, "v")));
    BatchResult result =
        session.executeBatch(
            new StatementRequest(
                "insert ? ?", List.of(), WriteIdentity.NONE, 0, 0, 0, Duration.ofSeconds(5), asked),
            lists);
    return result.keys().rows().stream().<@Nullable Object>map(row -> row[0]).toList();
  }

  private static StatementRequest insert(String key, KeysAsked asked) {
    return insert(key, asked, WriteIdentity.NONE);
  }

  private static StatementRequest insert(String key, KeysAsked asked, WriteIdentity identity) {
    return new StatementRequest(
        "insert ? ?", List.of(key, "v"), identity, 0, 0, 0, Duration.ofSeconds(5), asked);
  }

  // Transactions

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void a_transaction_sees_its_own_writes_and_others_see_them_when_it_commits(int node) {
    try (Session session = cluster.node(node).session();
        Session other = cluster.node(LEADER).session()) {
      session.set("autocommit", "false");
      run(session, "insert a 1");
      run(session, "insert b 1");
      assertThat(session.inTransaction()).isTrue();
      assertThat(rows(session)).containsExactly("a=1", "b=1");
      assertThat(rows(other)).isEmpty();

      StatementResult committed = session.commit(WriteIdentity.NONE);
      assertThat(committed.revision()).isPositive();
      assertThat(session.inTransaction()).isFalse();
      assertThat(rows(other)).containsExactly("a=1", "b=1");
      assertThat(rows(session)).containsExactly("a=1", "b=1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void a_failed_statement_is_undone_and_the_transaction_goes_on(int node) {
    try (Session session = cluster.node(node).session()) {
      run(session, "begin");
      run(session, "insert a 1");
      assertFails(() -> run(session, "insert a 2"), ErrorCode.UNIQUE_VIOLATION);
      run(session, "insert b 1");
      run(session, "commit");
      assertThat(rows(session)).containsExactly("a=1", "b=1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void rolled_back_writes_are_gone(int node) {
    try (Session session = cluster.node(node).session()) {
      run(session, "begin");
      run(session, "insert a 1");
      run(session, "rollback");
      assertThat(rows(session)).isEmpty();
      run(session, "insert a 2");
      assertThat(rows(session)).containsExactly("a=2");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void savepoints_work_wherever_the_session_is(int node) {
    try (Session session = cluster.node(node).session()) {
      session.set("autocommit", "false");
      savepoint(session, SavepointStep.SET, "empty");
      assertThat(session.inTransaction()).isTrue();
      run(session, "insert a 1");
      run(session, "savepoint SET s");
      run(session, "insert b 1");
      savepoint(session, SavepointStep.ROLLBACK_TO, "s");
      assertThat(rows(session)).containsExactly("a=1");
      run(session, "savepoint RELEASE s");
      assertFails(() -> run(session, "savepoint RELEASE s"), ErrorCode.SAVEPOINT_NOT_FOUND);
      run(session, "insert c 1");
      run(session, "commit");
      assertThat(rows(session)).containsExactly("a=1", "c=1");
    }
  }

  @Test
  void savepoints_are_of_open_transactions() {
    try (Session session = cluster.node(FOLLOWER).session();
        Session other = cluster.node(LEADER).session()) {
      assertFails(() -> run(session, "savepoint SET s"), ErrorCode.NO_TRANSACTION);
      run(session, "begin");
      run(session, "savepoint SET s");
      run(session, "commit");
      assertFails(() -> savepoint(session, SavepointStep.RELEASE, "s"), ErrorCode.NO_TRANSACTION);
      session.set("autocommit", "false");
      assertFails(
          () -> savepoint(session, SavepointStep.RELEASE, "s"), ErrorCode.SAVEPOINT_NOT_FOUND);
      assertThat(session.inTransaction()).isFalse();
      session.set("read_only", "true");
      savepoint(session, SavepointStep.SET, "s");
      run(other, "insert a 1");
      savepoint(session, SavepointStep.ROLLBACK_TO, "s");
      assertThat(rows(session)).isEmpty();
    }
  }

  @Test
  void a_transaction_that_is_lost_has_no_savepoint_to_go_back_to() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      session.set("autocommit", "false");
      run(session, "insert a 1");
      savepoint(session, SavepointStep.SET, "s");
      cluster.lead(FOLLOWER);
      assertFails(
          () -> savepoint(session, SavepointStep.ROLLBACK_TO, "s"), ErrorCode.WRITE_CONFLICT);
      assertFails(
          () -> savepoint(session, SavepointStep.ROLLBACK_TO, "s"), ErrorCode.TRANSACTION_FAILED);
      assertFails(() -> run(session, "savepoint SET s"), ErrorCode.TRANSACTION_FAILED);
      session.rollback();
      assertThat(rows(session)).isEmpty();
    }
  }

  private static void savepoint(Session session, SavepointStep step, String name) {
    session.savepoint(step, name, 0, Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void a_conflict_ends_the_transaction_until_the_client_ends_it_too(int node) {
    try (Session session = cluster.node(node).session();
        Session other = cluster.node(LEADER).session()) {
      run(other, "insert n 0");
      session.set("autocommit", "false");
      assertThat(rows(session)).containsExactly("n=0");
      run(other, "add n 1");
      assertFails(() -> run(session, "add n 10"), ErrorCode.WRITE_CONFLICT);
      assertFails(() -> run(session, "add n 10"), ErrorCode.TRANSACTION_FAILED);
      assertFails(() -> session.commit(WriteIdentity.NONE), ErrorCode.WRITE_CONFLICT);
      run(session, "add n 10");
      session.commit(WriteIdentity.NONE);
      assertThat(rows(other)).containsExactly("n=11");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void a_transaction_is_lost_with_the_leadership(int node) {
    try (Session session = cluster.node(node).session()) {
      run(session, "begin");
      run(session, "insert a 1");
      cluster.lead(FOLLOWER);
      assertFails(() -> run(session, "insert b 1"), ErrorCode.WRITE_CONFLICT);
      session.rollback();
      run(session, "insert c 1");
      assertThat(rows(session)).containsExactly("c=1");
    }
  }

  @Test
  void a_commit_whose_answer_is_lost_is_found_out() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      run(session, "begin");
      run(session, "insert a 1");
      cluster.answersToLose.set(1);
      session.commit(WriteIdentity.NONE);
      assertThat(rows(session)).containsExactly("a=1");
    }
  }

  @Test
  void a_transaction_that_only_reads_stays_on_its_replica_and_its_view() {
    try (Session session = cluster.node(FOLLOWER).session();
        Session other = cluster.node(LEADER).session()) {
      run(other, "insert a 1");
      session.set("read_only", "true");
      session.set("autocommit", "false");
      assertThat(rows(session)).containsExactly("a=1");
      run(other, "insert b 1");
      assertThat(rows(session)).containsExactly("a=1");
      assertFails(() -> run(session, "insert c 1"), ErrorCode.READ_ONLY_TRANSACTION);
      session.commit(WriteIdentity.NONE);
      assertThat(rows(session)).containsExactly("a=1", "b=1");
    }
  }

  @Test
  void a_definition_commits_what_is_open() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      session.set("autocommit", "false");
      run(session, "insert a 1");
      run(session, "ddl");
      assertThat(session.inTransaction()).isFalse();
      session.rollback();
      assertThat(rows(session)).containsExactly("a=1");
    }
  }

  // Cursors

  @ParameterizedTest
  @ValueSource(ints = {LEADER, FOLLOWER})
  void rows_beyond_the_first_stay_in_a_cursor(int node) {
    try (Session session = cluster.node(node).session()) {
      for (int i = 0; i < 10; i++) {
        run(session, "insert k" + i + " v");
      }
      for (boolean inTransaction : List.of(false, true)) {
        session.set("autocommit", Boolean.toString(!inTransaction));
        StatementResult first =
            session.execute(
                new StatementRequest(
                    "all", List.of(), WriteIdentity.NONE, 0, 4, 9, Duration.ofSeconds(5)));
        assertThat(first.rows().rows()).hasSize(4);
        RowBatch second = session.fetch(first.rows().cursor(), 4);
        assertThat(second.rows()).hasSize(4);
        RowBatch third = session.fetch(second.cursor(), 4);
        assertThat(third.rows()).hasSize(1);
        assertThat(third.done()).isTrue();
        assertFails(() -> session.fetch(first.rows().cursor(), 1), ErrorCode.CONNECTION_CLOSED);
      }
    }
  }

  @Test
  void open_cursors_are_bounded_and_their_views_closed_with_the_session() {
    Session session = cluster.node(LEADER).session();
    run(session, "insert a 1");
    run(session, "insert b 1");
    StatementRequest oneRow =
        new StatementRequest("all", List.of(), WriteIdentity.NONE, 0, 1, 0, Duration.ofSeconds(5));
    long first = session.execute(oneRow).rows().cursor();
    session.execute(oneRow);
    session.execute(oneRow);
    assertFails(() -> session.execute(oneRow), ErrorCode.LIMIT_EXCEEDED);
    session.closeCursor(first);
    session.execute(oneRow);
    session.close();
    assertFails(() -> run(session, "all"), ErrorCode.CONNECTION_CLOSED);
    assertThat(cluster.node(LEADER).service.find(session.id())).isEmpty();
  }

  // Settings and the session

  @Test
  void settings_are_set_and_shown_by_name() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      run(session, "set application_name shop");
      assertThat(session.get("APPLICATION_NAME")).isEqualTo("shop");
      assertThat(run(session, "show application_name").rows().rows().get(0))
          .containsExactly("shop");
      assertThat(run(session, "show").rows().rows()).hasSizeGreaterThan(5);
      assertFails(() -> session.set("colour", "blue"), ErrorCode.INVALID_PARAMETER);
      assertFails(() -> session.set("commit_level", "MOST"), ErrorCode.INVALID_PARAMETER);
      assertFails(() -> session.set("isolation", "serializable"), ErrorCode.NOT_SUPPORTED);
    }
  }

  @Test
  void sessions_are_found_by_id_and_bounded_in_number() {
    SessionService service = cluster.node(LEADER).service;
    List<Session> open = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      open.add(service.open(new SessionOptions("u", Map.of("schema", "S" + i))));
    }
    assertThat(service.find(open.get(3).id())).containsSame(open.get(3));
    assertThat(open.get(3).get("schema")).isEqualTo("S3");
    assertThat(service.rows()).hasSize(20);
    assertFails(() -> service.open(new SessionOptions("u", Map.of())), ErrorCode.OVERLOADED);
    open.forEach(Session::close);
    assertThat(service.rows()).isEmpty();
  }

  @Test
  void a_statement_says_what_it_returns_and_takes() {
    try (Session session = cluster.node(FOLLOWER).session()) {
      assertThat(session.describe("all", 0).columns()).hasSize(2);
      assertThat(session.describe("insert ? ?", 0).parameters()).hasSize(2);
      assertThat(session.describe("show schema", 0).returnsRows()).isTrue();
    }
  }

  private static Map<String, Long> counts(StatementCounters counters) {
    return counters.all().stream().collect(Collectors.toMap(Metric::name, Metric::value));
  }
}
