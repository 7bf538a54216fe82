package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.DataCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file of one node's rows is damaged, while the node runs or while it is down. Nobody does
 * anything about it but start the process that was killed: the rows come back by themselves, and
 * whoever reads on that node meanwhile gets the right ones or an error. The rows are several times
 * the cache, for a page in memory is right whatever is in the file.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class StoreDamageSystemTest {
  private static final int ROWS = 4_000;
  private static final int ROWS_AN_INSERT = 100;
  private static final int BODY_CHARACTERS = 1_200;
  private static final int READS_OF_MEMORY = 20;
  private static final int FLIPS_WHILE_RUNNING = 6;
  private static final int FLIPS_WHILE_DOWN = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  private final TreeMap<Integer, String> expected = new TreeMap<>();

  /** What readers of the damaged node were told, of one sample. */
  private static final class Answers {
    private int right;
    private int refused;

    /** The rows as they were at an earlier revision, which a node that catches up may show. */
    private int earlier;

    @Override
    public String toString() {
      return "%d answers right, %d of an earlier revision, 0 wrong, %d refused"
          .formatted(right, earlier, refused);
    }
  }

  @Test
  @Tag("slow")
  void three_nodes_repair_flipped_bits_and_lost_files() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(
              node ->
                  node.with("store.cache_mebibytes", "1")
                      .with("store.checkpoint_interval", "200ms")
                      .with("log.segment_bytes", "256KiB")
                      .with("log.snapshot_log_bytes", "1MiB"));
          fill(cluster);
          Random random = new Random(11);
          for (int sample = 0; sample < FLIPS_WHILE_RUNNING; sample++) {
            SystemNode node = cluster.nodes().get(sample % 3);
            flipWhileRunning(cluster, node, random, sample);
          }
          for (int sample = 0; sample < FLIPS_WHILE_DOWN; sample++) {
            SystemNode node = cluster.nodes().get(sample % 3);
            whileDown(cluster, node, "flipped bits", file -> flip(file, random));
          }
          SystemNode node = cluster.others(cluster.awaitLeader()).get(0);
          whileDown(cluster, node, "a file cut short", StoreDamageSystemTest::cutShort);
          whileDown(cluster, node, "no file", Files::delete);
          for (SystemNode each : cluster.nodes()) {
            awaitRight(cluster, each, new Answers());
          }
          for (SystemNode each : cluster.nodes()) {
            each.kill9();
            DataCheck.Report report = DataCheck.of(each.data());
            assertThat(report.sound()).as(each.name() + ": " + report).isTrue();
          }
        });
  }

  private void fill(SystemCluster cluster) throws SQLException {
    try (Connection connection = DriverManager.getConnection(cluster.url());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE precious (id INTEGER PRIMARY KEY, note VARCHAR(400) NOT NULL,"
              + " body VARCHAR(2000) NOT NULL)");
      statement.executeUpdate("CREATE INDEX of_note ON precious (note)");
      for (int id = 0; id < ROWS; id += ROWS_AN_INSERT) {
        StringBuilder values = new StringBuilder();
        for (int each = id; each < id + ROWS_AN_INSERT; each++) {
          String note = each * 7919 % ROWS + "-" + "n".repeat(each % 300);
          String body = bodyOf(each);
          expected.put(each, note + body);
          values.append(each == id ? "" : ", ");
          values.append("(" + each + ", '" + note + "', '" + body + "')");
        }
        statement.executeUpdate("INSERT INTO precious VALUES " + values);
      }
    }
  }

  private static String bodyOf(int id) {
    return new Random(id)
        .ints(BODY_CHARACTERS, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Many bits, for one in a page that is no longer in use is none to anybody. */
  private void flipWhileRunning(SystemCluster cluster, SystemNode node, Random random, int sample)
      throws Exception {
    awaitRight(cluster, node, new Answers());
    long before = beginnings(node);
    int flipped = flip(rows(node), random);
    long start = System.nanoTime();
    Answers answers = new Answers();
    String met = "met while running";
    while (beginnings(node) == before) {
      read(node, answers);
      if (answers.right == READS_OF_MEMORY && answers.refused == 0) {
        met = "in memory, met after a start";
        startOnDamage(node);
      }
      assertThat(System.nanoTime() - start).as("wait for damage").isLessThan(PATIENCE.toNanos());
    }
    awaitRight(cluster, node, answers);
    assertThat(node.isRunning()).isTrue();
    Figures.print(
        "sample %d, %d bits flipped on running %s: %s, right again after %d ms; %s"
            .formatted(sample, flipped, node.name(), met, millisSince(start), answers));
  }

  /**
   * What a compaction has copied is in memory until the next write saves it, and right there; the
   * file is not.
   */
  private static void startOnDamage(SystemNode node) {
    node.kill9();
    DataCheck.Report report = DataCheck.of(node.data());
    assertThat(report.sound()).as(node.name() + ": " + report).isFalse();
    node.start();
    SystemCluster.awaitStarted(node);
  }

  /** How often a store was begun anew on this node, over all its processes. */
  private static long beginnings(SystemNode node) {
    return node.logLines().stream()
        .filter(line -> line.contains("store opened"))
        .filter(line -> line.contains("Fresh[") || line.contains("Discarded["))
        .count();
  }

  private interface Damage {
    void to(Path file) throws IOException;
  }

  private void whileDown(SystemCluster cluster, SystemNode node, String what, Damage damage)
      throws Exception {
    awaitRight(cluster, node, new Answers());
    node.kill9();
    damage.to(rows(node));
    assertThat(DataCheck.of(node.data()).findings()).anyMatch(StoreDamageSystemTest::isOfStore);
    long start = System.nanoTime();
    node.start();
    SystemCluster.awaitStarted(node);
    Answers answers = new Answers();
    awaitRight(cluster, node, answers);
    assertThat(node.isRunning()).isTrue();
    Figures.print(
        "%s on %s while it was down: right again after %d ms; %s"
            .formatted(what, node.name(), millisSince(start), answers));
  }

  private static boolean isOfStore(DataCheck.Finding finding) {
    return finding.part().equals("store") && finding.state() != DataCheck.State.OK;
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static Path rows(SystemNode node) {
    return node.data().resolve("store").resolve("rows.mv");
  }

  /** A bit in each of many blocks of the file, but for the blocks of its header. */
  private static int flip(Path file, Random random) throws IOException {
    int flipped = 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (long block = 3; (block + 1) * 4096 <= channel.size(); block += 1 + random.nextInt(8)) {
        long at = block * 4096 + random.nextInt(4096);
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, at);
        one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8)))).rewind();
        channel.write(one, at);
        flipped++;
      }
    }
    return flipped;
  }

  private static void cutShort(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
  }

  /** Waits until the node has every row; whatever is read of it meanwhile is right. */
  private void awaitRight(SystemCluster cluster, SystemNode node, Answers answers) {
    var unused = cluster.awaitCaughtUp(node, PATIENCE);
    await("all rows on " + node.name())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> read(node, answers));
  }

  /** Reads all rows of the node; whether they are all there. */
  private boolean read(SystemNode node, Answers answers) {
    TreeMap<Integer, String> found = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection(node.url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, note, body FROM precious")) {
      while (rows.next()) {
        found.put(rows.getInt(1), rows.getString(2) + rows.getString(3));
      }
    } catch (SQLException e) {
      answers.refused++;
      return false;
    }
    if (found.size() == ROWS) {
      answers.right++;
    } else {
      answers.earlier++;
    }
    // The table grew by whole statements, in the order of its keys.
    assertThat(found.size() % ROWS_AN_INSERT).as("rows on " + node.name()).isZero();
    assertThat(found.equals(expected.headMap(found.size())))
        .as("the %d rows on %s are those that were written", found.size(), node.name())
        .isTrue();
    return found.size() == ROWS;
  }
}
