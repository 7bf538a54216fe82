package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.QuorateStatement;
import io.quorate.driver.Receipt;
import io.quorate.server.system.SqlWriters.Written;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The two examples of partitions of the published text (S-13): the leader is in the minority, each
 * node in a namespace of its own. The larger side goes on; the smaller one serves reads that say
 * what they are, and refuses the rest at once.
 */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class PartitionSystemTest {
  private static final int APPLICATIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  @TempDir Path directory;

  @Test
  void of_three_nodes_one_is_cut_off() throws Exception {
    partition(3, List.of("n1"));
  }

  @Test
  void of_five_nodes_two_are_cut_off() throws Exception {
    partition(5, List.of("n1", "n2"));
  }

  private void partition(int size, List<String> minority) throws Exception {
    Optional<String> whyNot = NodeNetwork.whyNot();
    assumeTrue(whyNot.isEmpty(), () -> "no network namespaces here: " + whyNot.orElseThrow());
    try (NodeNetwork network = NodeNetwork.of(size)) {
      SystemCluster.run(
          directory,
          network::home,
          cluster -> {
            cluster.startVoters(size, node -> node.withFlag("--insecure"));
            SystemNode isolated = cluster.require("n1");
            try (SqlWriters applications = SqlWriters.start(cluster.url(), APPLICATIONS);
                LonelyWriter lonely = new LonelyWriter(isolated)) {
              lonely.start();
              applications.awaitProgress(300);
              cluster.lead(isolated);

              long cut = System.nanoTime();
              network.isolate(minority);
              applications.awaitProgress(600);
              Figures.print(
                  size
                      + " nodes, leader cut off, longest pause of the majority: "
                      + applications.longestGapSince(cut).toMillis()
                      + " ms");
              for (String name : minority) {
                assertReadOnly(cluster.require(name));
              }
              assertStatuses(cluster, minority, size);

              network.healAll();
              long healed = System.nanoTime();
              cluster.awaitAllAt(SystemCluster.appliedOf(cluster.awaitLeader()));
              Figures.print("healed to equal: " + (System.nanoTime() - healed) / 1_000_000 + " ms");
              applications.awaitProgress(300);
              lonely.awaitAnother();
              assertAllAlive(cluster, size);

              List<Written> written = applications.stop();
              lonely.close();
              cluster.awaitAllAt(SystemCluster.appliedOf(cluster.awaitLeader()));
              for (SystemNode node : cluster.nodes()) {
                SqlAudit.assertComplete(node, written);
                lonely.assertComplete(node);
              }
              Figures.print(
                  size
                      + " nodes: "
                      + applications.acknowledged()
                      + " acknowledged, lonely writer "
                      + lonely
                      + ", problems "
                      + applications.problems());
              assertThat(applications.problems()).isEmpty();
            }
          });
    }
  }

  /** It serves reads that say that there is no majority, and says at once what it cannot do. */
  private static void assertReadOnly(SystemNode node) throws SQLException {
    // Without the option the driver would find the leader of the other side.
    try (Connection connection = DriverManager.getConnection(node.url() + "&write_routing=refuse");
        Statement statement = connection.createStatement()) {
      await("refusals of " + node.name())
          .atMost(PATIENCE)
          .until(() -> refusal(statement, LonelyWriter.insert(-1)), code -> code == NO_QUORUM);
      statement.execute("SET read_level = 'SESSION'");
      long before = count(statement);
      Duration staleness = receipt(statement).staleness().orElseThrow();
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        assertThat(refusal(statement, LonelyWriter.insert(-2))).isEqualTo(NO_QUORUM);
        assertThat(refusal(statement, "CREATE TABLE minority_" + i + " (a INTEGER)"))
            .isEqualTo(NO_QUORUM);
        statement.execute("SET read_level = 'LINEARIZABLE'");
        assertThat(refusal(statement, COUNT)).isEqualTo(NO_QUORUM);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
        for (String level : List.of("LOCAL", "SESSION")) {
          statement.execute("SET read_level = '" + level + "'");
          assertThat(count(statement)).isEqualTo(before);
          assertThat(receipt(statement).quorate()).isFalse();
        }
      }
      assertThat(receipt(statement).staleness().orElseThrow()).isGreaterThan(staleness);
    }
  }

  private static final String COUNT = "SELECT COUNT(*) FROM " + SqlWriters.ROWS;
  private static final int NO_QUORUM = ErrorCode.NO_QUORUM.number();

  private static long count(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery(COUNT)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }

  private static Receipt receipt(Statement statement) throws SQLException {
    return statement.unwrap(QuorateStatement.class).receipt().orElseThrow();
  }

  /** The vendor code of the failure; 0 when it went well. */
  private static int refusal(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return 0;
    } catch (SQLException e) {
      return e.getErrorCode();
    }
  }

  /** Each side shows those of the other as silent. */
  private static void assertStatuses(SystemCluster cluster, List<String> minority, int size) {
    for (SystemNode node : cluster.nodes()) {
      Map<String, String> expected = new TreeMap<>();
      for (SystemNode other : cluster.nodes()) {
        boolean together = minority.contains(node.name()) == minority.contains(other.name());
        expected.put(other.name(), together ? "alive" : "timeout");
      }
      assertThat(expected).hasSize(size);
      await("statuses on " + node.name())
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(statuses(node)).isEqualTo(expected));
    }
  }

  private static void assertAllAlive(SystemCluster cluster, int size) {
    for (SystemNode node : cluster.nodes()) {
      await("all alive on " + node.name())
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(statuses(node).values()).hasSize(size).containsOnly("alive"));
    }
  }

  private static Map<String, String> statuses(SystemNode node) throws SQLException {
    Map<String, String> found = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection(node.url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT name, status FROM system.nodes")) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getString(2));
      }
    }
    return found;
  }

  /**
   * An application that reaches but one node, by Avatica's own driver, and writes a row of the next
   * number whatever became of the last. Thread-safe.
   */
  private static final class LonelyWriter implements AutoCloseable {
    private final SystemNode node;
    private final Thread thread = new Thread(this::run, "lonely-writer");
    private final TreeSet<Integer> acknowledged = new TreeSet<>();
    private final TreeSet<Integer> doubtful = new TreeSet<>();
    private final List<String> refused = new ArrayList<>();
    private volatile boolean stopping;

    LonelyWriter(SystemNode node) {
      this.node = node;
    }

    private static Connection connect(SystemNode node) throws SQLException {
      return DriverManager.getConnection(
          "jdbc:avatica:remote:url=http://" + node.clientAddress() + ";serialization=protobuf");
    }

    static String insert(int number) {
      return "INSERT INTO lonely VALUES (" + number + ")";
    }

    void start() throws SQLException {
      try (Connection connection = connect(node);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE lonely (number INTEGER PRIMARY KEY)");
      }
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      for (int number = 1; !stopping; number++) {
        try (Connection connection = connect(node);
            Statement statement = connection.createStatement()) {
          statement.execute(insert(number));
          note(acknowledged, number);
        } catch (SQLException e) {
          if (ErrorCode.OUTCOME_UNKNOWN.sqlState().equals(e.getSQLState())) {
            note(doubtful, number);
          } else {
            refuse(e.getSQLState() + " " + e.getErrorCode());
          }
        }
      }
    }

    private synchronized void note(Set<Integer> numbers, int number) {
      numbers.add(number);
    }

    private synchronized void refuse(String why) {
      refused.add(why);
    }

    private synchronized int acknowledgements() {
      return acknowledged.size();
    }

    void awaitAnother() {
      int now = acknowledgements();
      await("an acknowledgement of " + node.name())
          .atMost(PATIENCE)
          .until(() -> acknowledgements() > now);
    }

    /** What was acknowledged is there, and nothing else but what was in doubt. */
    synchronized void assertComplete(SystemNode through) throws SQLException {
      TreeSet<Integer> found = new TreeSet<>();
      try (Connection connection = DriverManager.getConnection(through.url());
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT number FROM lonely")) {
        while (rows.next()) {
          found.add(rows.getInt(1));
        }
      }
      assertThat(found).as(through.name()).containsAll(acknowledged);
      found.removeAll(acknowledged);
      assertThat(doubtful).as(through.name()).containsAll(found);
    }

    @Override
    public void close() throws InterruptedException {
      stopping = true;
      thread.join(PATIENCE.toMillis());
    }

    @Override
    public synchronized String toString() {
      Map<String, Long> counts = new TreeMap<>();
      refused.forEach(why -> counts.merge(why, 1L, Long::sum));
      return acknowledged.size() + " acknowledged, " + doubtful + " in doubt, refused " + counts;
    }
  }
}
