package io.quorate.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.driver.wire.Done;
import io.quorate.driver.wire.Fetch;
import io.quorate.driver.wire.Result;
import io.quorate.driver.wire.Signal;
import io.quorate.driver.wire.Welcome;
import io.quorate.server.config.HostPort;
import io.quorate.server.frontend.WireClient;
import io.quorate.server.tls.TestTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients of one node with 2 GB of heap: some rest, some work, some stall. */
@Tag("slow")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class ConnectionsSystemTest {
  private static final int IDLE = 5_000;
  private static final int ACTIVE = 500;
  private static final int POINTS = 1_000;
  private static final Duration WORK = Duration.ofSeconds(10);

  /** An idle connection: its socket's handlers, its session with its settings. */
  private static final long IDLE_BYTES_MAX = 32 << 10;

  private static final int IDLE_TLS = 1_000;

  /** And an engine of the JDK with the state of its handshake. */
  private static final long IDLE_TLS_BYTES_MAX = 128 << 10;

  private static final int STALLED = 100;
  private static final int FETCHES = 16;
  private static final int WIDE_ROWS = 20_000;
  private static final int WIDE_CHARS = 1_000;

  /** Chunks of the event loops' pools of buffers; the first answers of a node take them. */
  private static final long POOLS_BYTES_MAX = 48L << 20;

  /** A block of rows before the client, one being made, and what is left of its pages. */
  private static final long STALLED_BYTES_MAX = 2L << 20;

  @TempDir Path directory;

  private static SystemNode start(SystemCluster cluster, Duration stall) {
    SystemNode node =
        cluster
            .node("n1")
            .withFlag("--bootstrap")
            .withJvmOption("-Xmx2g")
            .withJvmOption(NodeMemory.TRACKING)
            .with("clients.answer_stall", stall.toSeconds() + "s");
    node.start();
    SystemCluster.awaitStarted(node);
    return node;
  }

  private static HostPort address(SystemNode node) {
    return HostPort.parse(node.clientAddress());
  }

  @Test
  void thousands_rest_while_hundreds_work() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode node = start(cluster, Duration.ofMinutes(1));
          fillPoints(node.url());
          List<WireClient> idle = new ArrayList<>();
          try {
            NodeMemory before = NodeMemory.of(node);
            for (int i = 0; i < IDLE; i++) {
              idle.add(WireClient.open(address(node)));
            }
            NodeMemory resting = NodeMemory.of(node);
            long each = (resting.total() - before.total()) / IDLE;
            Figures.print("before: " + before);
            Figures.print(IDLE + " idle: " + resting + "; " + each + " bytes each");
            assertThat(each).isLessThan(IDLE_BYTES_MAX);

            work(node.url());

            NodeMemory after = NodeMemory.of(node);
            Figures.print(IDLE + " idle behind " + ACTIVE + " active: " + after);
            for (WireClient client : idle) {
              client.ask(Signal.PING, Done.class);
            }
            assertThat(node.isRunning()).isTrue();
          } finally {
            for (WireClient client : idle) {
              client.close();
            }
          }
        });
  }

  @Test
  void a_connection_over_tls_keeps_its_keys_and_buffers_beside() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode node =
              cluster
                  .node("n1")
                  .withFlag("--bootstrap")
                  .withFlag("--tls-cert=" + TestTls.file("node.pem"))
                  .withFlag("--tls-key=" + TestTls.file("node.key"))
                  .withJvmOption("-Xmx2g")
                  .withJvmOption(NodeMemory.TRACKING);
          node.start();
          SystemCluster.awaitStarted(node);
          HostPort address = address(node);
          SocketFactory sockets = TestTls.client().getSocketFactory();
          List<WireClient> idle = new ArrayList<>();
          try {
            NodeMemory before = NodeMemory.of(node);
            for (int i = 0; i < IDLE_TLS; i++) {
              WireClient client =
                  new WireClient(sockets.createSocket(address.host(), address.port()));
              idle.add(client);
              client.ask(WireClient.hello(Map.of()), Welcome.class);
            }
            NodeMemory resting = NodeMemory.of(node);
            long each = (resting.total() - before.total()) / IDLE_TLS;
            Figures.print(IDLE_TLS + " idle over TLS: " + resting + "; " + each + " bytes each");
            assertThat(each).isLessThan(IDLE_TLS_BYTES_MAX);
          } finally {
            for (WireClient client : idle) {
              client.close();
            }
          }
        });
  }

  private static void fillPoints(String url) throws SQLException {
    SliceSystemTest.execute(url, "CREATE TABLE points (id INTEGER PRIMARY KEY, v VARCHAR(40))");
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO points VALUES (?, ?)")) {
      for (int i = 0; i < POINTS; i++) {
        insert.setInt(1, i);
        insert.setString(2, "value " + i);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** A thread and a connection each, all connected before the first of them begins. */
  private static void work(String url) throws InterruptedException {
    ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    CountDownLatch connected = new CountDownLatch(ACTIVE);
    AtomicBoolean ended = new AtomicBoolean();
    LongAdder reads = new LongAdder();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < ACTIVE; i++) {
      int seed = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  reads.add(read(url, seed, connected, ended));
                } catch (SQLException | InterruptedException e) {
                  problems.add(String.valueOf(e));
                  connected.countDown();
                }
              });
      threads.add(thread);
      thread.start();
    }
    assertThat(connected.await(2, TimeUnit.MINUTES)).isTrue();
    long until = System.nanoTime() + WORK.toNanos();
    await("the time to work is over")
        .atMost(WORK.multipliedBy(2))
        .until(() -> System.nanoTime() - until > 0);
    ended.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    long rate = reads.sum() / WORK.toSeconds();
    Figures.print(ACTIVE + " active beside " + IDLE + " idle: " + rate + " reads/s");
    assertThat(problems).isEmpty();
  }

  private static long read(String url, int seed, CountDownLatch connected, AtomicBoolean ended)
      throws SQLException, InterruptedException {
    long count = 0;
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement select =
            connection.prepareStatement("SELECT v FROM points WHERE id = ?")) {
      connected.countDown();
      connected.await();
      do {
        int id = (int) ((seed + count * 7) % POINTS);
        select.setInt(1, id);
        try (ResultSet rows = select.executeQuery()) {
          if (!rows.next() || !rows.getString(1).equals("value " + id)) {
            throw new SQLException("a wrong row for " + id);
          }
        }
        count++;
      } while (!ended.get());
    }
    return count;
  }

  @Test
  void clients_that_stop_reading_cost_what_is_bounded_and_are_cut_off() throws Exception {
    SystemCluster.run(
        directory,
        cluster -> {
          SystemNode node = start(cluster, Duration.ofSeconds(10));
          fillPoints(node.url());
          fillWide(node.url());
          // So that the pages it takes are in the cache, and counted before.
          assertThat(SliceSystemTest.strings(node.url(), "SELECT v FROM wide")).hasSize(WIDE_ROWS);
          NodeMemory before = NodeMemory.of(node);
          Figures.print("before: " + before);

          long one = mostOf(node, before, 1);
          long many = mostOf(node, before, STALLED);

          NodeMemory after = NodeMemory.of(node);
          Figures.print("after: " + after);
          assertThat(one).isLessThan(POOLS_BYTES_MAX + STALLED_BYTES_MAX);
          assertThat(many).isLessThan(POOLS_BYTES_MAX + STALLED * STALLED_BYTES_MAX);
          assertThat(after.heap() - before.heap()).isLessThan(64L << 20);
        });
  }

  private static void fillWide(String url) throws SQLException {
    SliceSystemTest.execute(url, "CREATE TABLE wide (id INTEGER PRIMARY KEY, v VARCHAR(1000))");
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement insert = connection.prepareStatement("INSERT INTO wide VALUES (?, ?)")) {
      String value = "x".repeat(WIDE_CHARS);
      for (int i = 0; i < WIDE_ROWS; i++) {
        insert.setInt(1, i);
        insert.setString(2, value);
        insert.addBatch();
        if (i % 1_000 == 999) {
          insert.executeBatch();
        }
      }
    }
  }

  /** What so many stalled clients add at most, until the last of them is cut off. */
  private static long mostOf(SystemNode node, NodeMemory before, int clients) throws Exception {
    List<WireClient> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < clients; i++) {
        stalled.add(stall(address(node)));
      }
      long most = 0;
      while (stalled.stream().anyMatch(client -> !isCutOff(client))) {
        NodeMemory now = NodeMemory.of(node);
        most = Math.max(most, now.total() - before.total());
        assertThat(SliceSystemTest.strings(node.url(), "SELECT v FROM points WHERE id = 7"))
            .containsExactly("value 7");
      }
      Figures.print(
          clients + " stalled: at most " + NodeMemory.mebibytes(most) + " MiB more than before");
      return most;
    } finally {
      for (WireClient client : stalled) {
        client.close();
      }
    }
  }

  /** Asks for blocks of rows, one after the other, and reads the first of them. */
  private static WireClient stall(HostPort address) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(address.host(), address.port()));
    WireClient client = new WireClient(socket);
    client.ask(WireClient.hello(Map.of()), Welcome.class);
    Result first = client.ask(WireClient.execute("SELECT id, v FROM wide"), Result.class);
    assertThat(first.cursor()).isNotZero();
    for (int i = 0; i < FETCHES; i++) {
      client.send(new Fetch(first.cursor(), 0));
    }
    return client;
  }

  /** A system that gets bytes for a connection which is gone says so to the next who sends. */
  private static boolean isCutOff(WireClient client) {
    try {
      client.send(Signal.PING);
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
