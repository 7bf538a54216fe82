package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.KeysAsked;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.messaging.LoopbackPorts;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.session.BatchResult;
import io.quorate.server.session.GeneratedKeys;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.WriteIdentity;
import io.quorate.sql.exec.ResultColumn;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes in one JVM, spoken to by their sessions. */
@Timeout(240)
final class SqlOnThreeNodesIT {
  private static final int NODES = 3;

  @TempDir Path directory;
  private final List<InetSocketAddress> peers = LoopbackPorts.find(NODES);
  private final Map<Integer, Node> nodes = new LinkedHashMap<>();

  @BeforeEach
  void start() {
    for (int i = 0; i < NODES; i++) {
      open(i);
    }
  }

  private void open(int number) {
    Node node = new Node(config(number));
    nodes.put(number, node);
    node.open();
  }

  private NodeConfig config(int number) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("node.id", "n" + (number + 1));
    flags.put("node.data", directory.resolve("n" + (number + 1)).toString());
    flags.put("node.mode", "cluster");
    flags.put("network.client_addr", "127.0.0.1:0");
    flags.put("network.admin_addr", "127.0.0.1:0");
    flags.put("network.peer_addr", "127.0.0.1:" + peers.get(number).getPort());
    flags.put("log.segment_bytes", "16MiB");
    if (number == 0) {
      flags.put("cluster.bootstrap", "true");
    } else {
      flags.put("cluster.join", "127.0.0.1:" + peers.get(0).getPort());
    }
    return ConfigReader.read(new ConfigSources(flags, Map.of(), null, 512L << 20)).config();
  }

  @AfterEach
  void stop() {
    nodes.values().forEach(Node::close);
  }

  @Test
  void statistics_are_asked_for_anywhere_made_by_the_leader_and_seen_on_all() {
    long revision;
    try (Session session = session(follower(0))) {
      run(session, "CREATE TABLE ITEMS (ID INT PRIMARY KEY, KIND INT)");
      run(session, "CREATE TABLE OTHERS (ID INT PRIMARY KEY)");
      run(session, "INSERT INTO ITEMS VALUES (1, 1), (2, 1), (3, NULL), (4, 2)");
      for (int i = 0; i < 6; i++) {
        int first = 10 * i;
        run(
            session,
            "INSERT INTO OTHERS VALUES "
                + IntStream.range(first, first + 10)
                    .mapToObj(id -> "(" + id + ")")
                    .collect(Collectors.joining(", ")));
      }
      StatementResult analyzed = run(session, "ANALYZE ITEMS");
      assertThat(analyzed.updateCount()).isZero();
      revision = analyzed.revision();
    }
    for (Node node : nodes.values()) {
      try (Session reader = session(node)) {
        assertThat(
                rows(
                    reader,
                    "SELECT COLUMN_NAME, NULL_SHARE, DISTINCT_COUNT FROM SYSTEM.COLUMN_STATISTICS"
                        + " WHERE TABLE_NAME = 'ITEMS' ORDER BY 1",
                    revision))
            .containsExactly("[ID, 0.0, 4]", "[KIND, 0.25, 2]");
        await("the leader analyzes what has changed by itself")
            .atMost(Duration.ofSeconds(60))
            .until(
                () ->
                    rows(
                            reader,
                            "SELECT SAMPLED_ROWS FROM SYSTEM.TABLE_STATISTICS"
                                + " WHERE TABLE_NAME = 'OTHERS'",
                            revision)
                        .equals(List.of("[60]")));
      }
    }
  }

  @Test
  void a_table_made_on_one_node_is_written_on_another_and_read_on_all() {
    try (Session definer = session(follower(0))) {
      run(definer, "CREATE TABLE ITEMS (ID INT PRIMARY KEY, NAME VARCHAR(40) NOT NULL)");
      run(definer, "CREATE INDEX BY_NAME ON ITEMS (NAME)");
    }
    long revision;
    try (Session writer = session(follower(1))) {
      StatementResult inserted =
          run(writer, "INSERT INTO ITEMS VALUES (1, 'apple'), (2, 'pear'), (3, 'plum')");
      assertThat(inserted.updateCount()).isEqualTo(3);
      assertThat(run(writer, "UPDATE ITEMS SET NAME = 'fig' WHERE ID = 2").updateCount())
          .isEqualTo(1);
      StatementResult deleted = run(writer, "DELETE FROM ITEMS WHERE NAME = 'plum'");
      assertThat(deleted.updateCount()).isEqualTo(1);
      revision = deleted.revision();
      assertFails(
          () -> run(writer, "INSERT INTO ITEMS VALUES (1, 'again')"), ErrorCode.UNIQUE_VIOLATION);
    }
    for (Node node : nodes.values()) {
      try (Session reader = session(node)) {
        assertThat(rows(reader, "SELECT ID, NAME FROM ITEMS ORDER BY ID", revision))
            .containsExactly("[1, apple]", "[2, fig]");
        assertThat(rows(reader, "SELECT COUNT(*) FROM SYSTEM.NODES", 0)).containsExactly("[3]");
        await("the leader has registered all members")
            .untilAsserted(() -> assertThat(rows(reader, "SHOW SERVERS", 0)).hasSize(2 * NODES));
        assertThat(rows(reader, "SELECT USER_NAME FROM SYSTEM.SESSIONS", 0))
            .containsExactly("[tester]");
        assertThat(rows(reader, "SHOW schema", 0)).containsExactly("[PUBLIC]");
      }
    }
  }

  @Test
  void batches_and_transactions_run_on_any_node_and_survive_the_leader() {
    Node leader = leader();
    Node other = follower(0);
    try (Session session = session(other)) {
      run(session, "CREATE TABLE ACCOUNTS (ID INT PRIMARY KEY, BALANCE BIGINT)");
      List<List<@Nullable Object>> lists = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        lists.add(List.of(i, 100L));
      }
      BatchResult batch =
          session.executeBatch(request("INSERT INTO ACCOUNTS VALUES (?, ?)", 0), lists);
      assertThat(batch.updateCounts()).hasSize(1000).containsOnly(1L);

      session.set("autocommit", "false");
      run(session, "UPDATE ACCOUNTS SET BALANCE = BALANCE - 10 WHERE ID = 1");
      run(session, "UPDATE ACCOUNTS SET BALANCE = BALANCE + 10 WHERE ID = 2");
      run(session, "SAVEPOINT s");
      run(session, "UPDATE ACCOUNTS SET BALANCE = 0");
      run(session, "ROLLBACK TO s");
      assertThat(rows(session, "SELECT SUM(BALANCE) FROM ACCOUNTS", 0)).containsExactly("[100000]");
      session.commit(WriteIdentity.NONE);

      run(session, "UPDATE ACCOUNTS SET BALANCE = 0 WHERE ID = 3");
      nodes.values().remove(leader);
      leader.close();
      assertFails(
          () -> run(session, "UPDATE ACCOUNTS SET BALANCE = 0 WHERE ID = 4"),
          ErrorCode.WRITE_CONFLICT);
      session.rollback();
      session.set("autocommit", "true");
      assertThat(run(session, "UPDATE ACCOUNTS SET BALANCE = 0 WHERE ID = 5").updateCount())
          .isEqualTo(1);
      assertThat(rows(session, "SELECT SUM(BALANCE), COUNT(*) FROM ACCOUNTS", 0))
          .containsExactly("[99900, 1000]");
    }
    int closed = number(leader);
    open(closed);
    try (Session session = session(nodes.get(closed))) {
      session.set("read_level", "LINEARIZABLE");
      assertThat(rows(session, "SELECT SUM(BALANCE), COUNT(*) FROM ACCOUNTS", 0))
          .containsExactly("[99900, 1000]");
    }
  }

  @Test
  void a_check_holds_wherever_the_row_comes_from_and_under_the_next_leader() {
    Node leader = leader();
    Node other = follower(0);
    try (Session session = session(other)) {
      run(session, "CREATE TABLE CHECKED (ID INT PRIMARY KEY, V INT CHECK (V > 0))");
      run(session, "INSERT INTO CHECKED VALUES (1, 1)");
      assertFails(
          () -> run(session, "INSERT INTO CHECKED VALUES (2, 0)"), ErrorCode.CHECK_VIOLATION);
      nodes.values().remove(leader);
      leader.close();
      assertFails(
          () -> run(session, "UPDATE CHECKED SET V = 0 WHERE ID = 1"), ErrorCode.CHECK_VIOLATION);
      assertThat(run(session, "UPDATE CHECKED SET V = 2 WHERE ID = 1").updateCount()).isEqualTo(1);
      assertThat(rows(session, "SELECT ID, V FROM CHECKED", 0)).containsExactly("[1, 2]");
    }
    int closed = number(leader);
    open(closed);
    try (Session session = session(nodes.get(closed))) {
      session.set("read_level", "LINEARIZABLE");
      assertThat(rows(session, "SELECT CHECK_CLAUSE FROM INFORMATION_SCHEMA.CHECK_CONSTRAINTS", 0))
          .containsExactly("[V > 0]");
    }
  }

  @Test
  void a_foreign_key_holds_wherever_the_row_comes_from_and_under_the_next_leader() {
    Node leader = leader();
    try (Session session = session(follower(0))) {
      run(session, "CREATE TABLE OWNERS (ID INT PRIMARY KEY)");
      run(session, "CREATE TABLE PETS (ID INT PRIMARY KEY, OWNER INT)");
      run(
          session,
          "ALTER TABLE PETS ADD CONSTRAINT OWNED FOREIGN KEY (OWNER) REFERENCES OWNERS ON UPDATE"
              + " CASCADE");
      run(session, "INSERT INTO OWNERS VALUES (1), (2)");
      run(session, "INSERT INTO PETS VALUES (1, 1)");
      ErrorCode violation = ErrorCode.FOREIGN_KEY_VIOLATION;
      assertFails(() -> run(session, "INSERT INTO PETS VALUES (2, 3)"), violation);
      nodes.values().remove(leader);
      leader.close();
      assertFails(() -> run(session, "UPDATE PETS SET OWNER = 3"), violation);
      assertFails(() -> run(session, "DELETE FROM OWNERS WHERE ID = 1"), violation);
      assertThat(run(session, "UPDATE OWNERS SET ID = ID + 10").updateCount()).isEqualTo(2);
      assertThat(rows(session, "SELECT ID, OWNER FROM PETS", 0)).containsExactly("[1, 11]");
    }
    int closed = number(leader);
    open(closed);
    try (Session session = session(nodes.get(closed))) {
      session.set("read_level", "LINEARIZABLE");
      assertThat(rows(session, "SELECT ID FROM PETS WHERE OWNER = 11", 0)).containsExactly("[1]");
      assertThat(
              rows(
                  session, "SELECT UPDATE_RULE FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS", 0))
          .containsExactly("[CASCADE]");
    }
  }

  @Test
  void columns_come_go_and_change_and_leaders_with_them() {
    Node leader = leader();
    try (Session session = session(follower(0))) {
      run(session, "CREATE TABLE GROWN (ID INT PRIMARY KEY, A INT, Z INT)");
      run(session, "INSERT INTO GROWN VALUES (1, 10, 0), (2, 20, 0)");
      run(session, "ALTER TABLE GROWN DROP Z");
      run(session, "ALTER TABLE GROWN ADD B INT DEFAULT 7 NOT NULL CHECK (B > 0)");
      run(session, "ALTER TABLE GROWN ADD C INT GENERATED ALWAYS AS (A + B)");
      run(session, "CREATE INDEX GROWN_C ON GROWN (C DESC)");
      run(session, "ALTER TABLE GROWN ALTER ID TYPE BIGINT");
      assertFails(
          () -> run(session, "INSERT INTO GROWN VALUES (3, 1, 1, 1)"), ErrorCode.GENERATED_ALWAYS);
      assertFails(
          () -> run(session, "ALTER TABLE GROWN ADD D INT NOT NULL"), ErrorCode.NOT_NULL_VIOLATION);
      assertFails(
          () -> run(session, "CREATE TABLE X (A INT DEFAULT SUM(1))"), ErrorCode.GROUPING_ERROR);
      nodes.values().remove(leader);
      leader.close();
      assertFails(() -> run(session, "ALTER TABLE GROWN DROP A"), ErrorCode.DEPENDENT_OBJECTS);
      run(session, "INSERT INTO GROWN (ID, A) VALUES (5000000000, 30)");
      run(session, "ALTER TABLE GROWN ADD D TIMESTAMP DEFAULT CURRENT_TIMESTAMP");
      assertThat(rows(session, "SELECT ID, A, B, C FROM GROWN WHERE C > 20 ORDER BY C DESC", 0))
          .containsExactly("[5000000000, 30, 7, 37]", "[2, 20, 7, 27]");
    }
    int closed = number(leader);
    open(closed);
    try (Session session = session(nodes.get(closed))) {
      session.set("read_level", "LINEARIZABLE");
      assertThat(rows(session, "SELECT ID, A, B, C FROM GROWN ORDER BY ID", 0))
          .containsExactly("[1, 10, 7, 17]", "[2, 20, 7, 27]", "[5000000000, 30, 7, 37]");
      assertThat(rows(session, "SELECT COUNT(D), COUNT(DISTINCT D) FROM GROWN", 0))
          .containsExactly("[3, 1]");
    }
  }

  /** The values are no key, so that only those who make them keep them apart. */
  @Test
  void identity_values_are_made_once_whoever_leads() {
    try (Session definer = session(follower(0))) {
      run(
          definer,
          "CREATE TABLE EVENTS (WHO INT, N INT, ID BIGINT GENERATED ALWAYS AS IDENTITY,"
              + " PRIMARY KEY (WHO, N))");
    }
    Map<String, Long> told = new ConcurrentSkipListMap<>();
    putEvents(100, told, () -> {});
    Node leader = leader();
    nodes.values().remove(leader);
    putEvents(200, told, leader::close);
    open(number(leader));
    putEvents(300, told, () -> {});
    List.copyOf(nodes.values()).forEach(Node::close);
    nodes.clear();
    start();
    putEvents(400, told, () -> {});

    try (Session session = session(leader())) {
      Map<String, Long> stored = new TreeMap<>();
      for (@Nullable Object[] row : session.execute(events()).rows().rows()) {
        stored.put(row[0] + "/" + row[1], (Long) row[2]);
      }
      assertThat(stored).containsAllEntriesOf(told);
      assertThat(stored.values()).doesNotHaveDuplicates();
      assertThat(told).hasSizeGreaterThan(stored.size() / 2);
      assertFails(
          () -> run(session, "INSERT INTO EVENTS VALUES (1, 1, 1)"), ErrorCode.GENERATED_ALWAYS);
    }
  }

  /** Two sessions on each node that is open; {@code meanwhile} when some have put their first. */
  private void putEvents(int who, Map<String, Long> told, Runnable meanwhile) {
    CountDownLatch begun = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> workers = new ArrayList<>();
      int number = who;
      for (Node node : nodes.values()) {
        for (int i = 0; i < 2; i++) {
          int worker = number++;
          workers.add(threads.submit(() -> putEvents(node, worker, told, begun)));
        }
      }
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      meanwhile.run();
      for (Future<?> worker : workers) {
        worker.get(120, TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void putEvents(Node node, int who, Map<String, Long> told, CountDownLatch begun) {
    try (Session session = session(node)) {
      for (int n = 1; n <= 300; n++) {
        if (n % 50 == 0) {
          putInTransaction(session, who, n, told);
        } else {
          tell(told, who, n, session.execute(event(who, n)).keys());
        }
        begun.countDown();
      }
    }
  }

  /** One that the leader's end takes with it is left; what it was told is nobody's. */
  private static void putInTransaction(Session session, int who, int n, Map<String, Long> told) {
    session.set("autocommit", "false");
    try {
      GeneratedKeys keys = session.execute(event(who, n)).keys();
      session.commit(WriteIdentity.NONE);
      tell(told, who, n, keys);
    } catch (RuntimeException e) {
      assertThat(ErrorMapper.map(e).code())
          .isIn(
              ErrorCode.WRITE_CONFLICT,
              ErrorCode.NO_LEADER,
              ErrorCode.TRANSACTION_LOST,
              ErrorCode.OUTCOME_UNKNOWN);
      session.rollback();
    }
    session.set("autocommit", "true");
  }

  private static StatementRequest event(int who, int n) {
    return new StatementRequest(
        "INSERT INTO EVENTS (WHO, N) VALUES (?, ?)",
        List.of(who, n),
        WriteIdentity.NONE,
        0,
        0,
        0,
        Duration.ofSeconds(60),
        KeysAsked.PRIMARY_KEY);
  }

  private static void tell(Map<String, Long> told, int who, int n, GeneratedKeys keys) {
    if (!keys.unknown()) {
      assertThat(keys.columns()).extracting(ResultColumn::label).containsExactly("ID", "WHO", "N");
      told.put(who + "/" + n, (Long) Objects.requireNonNull(keys.rows().get(0)[0]));
    }
  }

  private static StatementRequest events() {
    return new StatementRequest(
        "SELECT WHO, N, ID FROM EVENTS",
        List.of(),
        WriteIdentity.NONE,
        0,
        100_000,
        0,
        Duration.ofSeconds(60));
  }

  private static int number(Node node) {
    return Integer.parseInt(node.parts().directory().member().name().substring(1)) - 1;
  }

  private Node leader() {
    await("an election takes a moment")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                nodes.values().stream()
                        .anyMatch(node -> node.parts().replica().proposer().isReady())
                    && nodes.values().stream().allMatch(SqlOnThreeNodesIT::knowsAll));
    return nodes.values().stream()
        .filter(node -> node.parts().replica().proposer().isReady())
        .findFirst()
        .orElseThrow();
  }

  private static boolean knowsAll(Node node) {
    return node.parts().consensus().leader().isPresent()
        && node.parts().consensus().membership().all().size() == NODES;
  }

  private Node follower(int which) {
    Node leader = leader();
    return nodes.values().stream()
        .filter(node -> node != leader)
        .filter(node -> node.parts().consensus().role() == Consensus.Role.FOLLOWER)
        .skip(which)
        .findFirst()
        .orElseThrow();
  }

  private static Session session(@Nullable Node node) {
    if (node == null) {
      throw new AssertionError("no such node");
    }
    return node.statements().open(new SessionOptions("tester", Map.of()));
  }

  private static StatementResult run(Session session, String sql) {
    return session.execute(request(sql, 0));
  }

  private static List<String> rows(Session session, String sql, long readAfter) {
    return session.execute(request(sql, readAfter)).rows().rows().stream()
        .map(Arrays::toString)
        .toList();
  }

  private static StatementRequest request(String sql, long readAfter) {
    return new StatementRequest(
        sql, List.of(), WriteIdentity.NONE, readAfter, 10_000, 0, Duration.ofSeconds(60));
  }

  private static void assertFails(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .satisfies(e -> assertThat(ErrorMapper.map(e).code()).as("%s", e).isEqualTo(code));
  }
}
