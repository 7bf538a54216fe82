package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Signature;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WatchTest {
  private final FakeCluster cluster = FakeCluster.of(3);
  private final CountDownLatch never = new CountDownLatch(1);
  private final Clusters clusters = new Clusters(new WatchTimes(20, 400, 600, 800));
  private final List<Router> routers = new ArrayList<>();

  @AfterEach
  void close() {
    never.countDown();
    cluster.node(0).thaw();
    cluster.node(1).thaw();
    cluster.node(2).thaw();
    routers.forEach(Router::close);
    cluster.close();
  }

  private RouteOptions options(String user, ReadTarget target) {
    List<NodeAddress> contacts = List.of(NodeAddress.parse(cluster.node(0).address()));
    return new RouteOptions(contacts, user, "", Map.of(), target, 10_000, 0);
  }

  private Router connect(String user, ReadTarget target) throws SQLException {
    Router router = Router.connect(options(user, target), new Random(1), clusters);
    routers.add(router);
    return router;
  }

  private Router connect() throws SQLException {
    return connect("", ReadTarget.ANY);
  }

  private Cluster known() {
    return clusters.find(options("", ReadTarget.ANY)).orElseThrow();
  }

  private boolean anyNode(Predicate<NodeView> is) {
    return known().snapshot().nodes().stream().anyMatch(is);
  }

  private long write(Router router) throws SQLException {
    return router
        .execute(new StatementCall(this, "INSERT", List.of(), Signature.NONE, 0, 0, 0))
        .updateCount();
  }

  private static String read(Router router) throws SQLException {
    RouteResult result =
        router.execute(
            new StatementCall(WatchTest.class, "SELECT", List.of(), Signature.NONE, 0, 0, 0));
    return String.valueOf(result.rows().get(0)[0]);
  }

  private int index(String node) {
    return Integer.parseInt(node.substring(1)) - 1;
  }

  @Test
  void a_write_leaves_a_node_that_is_frozen() throws SQLException {
    Router router = connect();
    write(router);
    FakeNode leader = cluster.leader();
    leader.freeze();
    cluster.lead(1);
    assertThat(write(router)).isEqualTo(1);
    assertThat(cluster.requests(Execute.class))
        .filteredOn(e -> e.stamp().sequence() == 2)
        .extracting(e -> e.stamp().repeated())
        .containsOnly(false, true);
  }

  /** It is cut off from the others, not from us. */
  @Test
  void a_write_leaves_a_leader_that_lives_when_another_one_has_come() throws SQLException {
    Clusters patient = new Clusters(new WatchTimes(20, 30_000, 30_000, 30_000));
    Router router = Router.connect(options("", ReadTarget.ANY), new Random(1), patient);
    routers.add(router);
    write(router);
    FakeNode cutOff = cluster.leader();
    cutOff.always(
        (peer, request) -> {
          if (request instanceof Execute && !((Execute) request).stamp().repeated()) {
            cluster.lead(1);
            never.await();
          }
          return null;
        });
    assertThat(write(router)).isEqualTo(1);
    assertThat(cluster.node(1).requests(Execute.class))
        .extracting(e -> e.stamp().repeated())
        .containsExactly(true);
  }

  @Test
  void a_read_leaves_a_node_that_is_frozen_and_comes_back_when_it_must() throws SQLException {
    Router router = connect("", ReadTarget.FOLLOWER);
    String first = read(router);
    Await.until("both are watched", () -> watched() == 3);
    cluster.node(index(first)).freeze();
    String second = read(router);
    assertThat(second).isNotEqualTo(first).isNotEqualTo("n1");
    cluster.node(index(first)).thaw();
    cluster.node(index(second)).close();
    assertThat(read(router)).isEqualTo(first);
  }

  private int watched() {
    int links = 0;
    for (int i = 0; i < 3; i++) {
      links += cluster.node(i).watchCount();
    }
    return links;
  }

  @Test
  void a_node_that_is_slow_but_alive_is_waited_for() throws SQLException {
    // Patient with a machine that has other things to do, and less so than this test is.
    Clusters patient = new Clusters(new WatchTimes(20, 3_000, 4_000, 5_000));
    Router router = Router.connect(options("", ReadTarget.ANY), new Random(1), patient);
    routers.add(router);
    CountDownLatch askedOften = new CountDownLatch(20);
    cluster
        .leader()
        .always(
            (peer, request) -> {
              if (request.type() == FrameType.PING) {
                askedOften.countDown();
              } else if (request instanceof Execute) {
                askedOften.await();
              }
              return null;
            });
    assertThat(write(router)).isEqualTo(1);
    assertThat(cluster.requests(Execute.class)).hasSize(1);
  }

  /** Its workers are all at work: it greets nobody, and says that it lives. */
  @Test
  void a_node_that_has_no_time_to_greet_the_watch_is_alive() throws SQLException {
    CountDownLatch asked = new CountDownLatch(2);
    cluster
        .node(1)
        .always(
            (peer, request) -> {
              if (request.type() == FrameType.HELLO) {
                never.await();
              } else if (request.type() == FrameType.PING) {
                asked.countDown();
              }
              return null;
            });
    connect();
    Await.until("it is asked twice", () -> asked.getCount() == 0);
    assertThat(anyNode(n -> n.name().equals("n2") && n.trouble().isEmpty())).isTrue();
  }

  @Test
  void a_frozen_contact_point_does_not_hold_up_who_connects() throws SQLException {
    cluster.node(0).freeze();
    RouteOptions both =
        new RouteOptions(
            List.of(
                NodeAddress.parse(cluster.node(0).address()),
                NodeAddress.parse(cluster.node(1).address())),
            "",
            "",
            Map.of(),
            ReadTarget.CONTACT,
            30_000,
            0);
    for (int seed = 0; seed < 4; seed++) {
      Router router = Router.connect(both, new Random(seed), clusters);
      routers.add(router);
      assertThat(router.welcome().node()).isEqualTo("n2");
    }
  }

  @Test
  void a_node_that_appears_is_known_and_watched() throws SQLException {
    cluster.admit(2, false);
    connect();
    Await.until("two are known", () -> watched() == 2);
    assertThat(anyNode(node -> node.name().equals("n3"))).isFalse();
    cluster.admit(2, true);
    Await.until("the third", () -> anyNode(n -> n.name().equals("n3") && n.latencyNanos() > 0));
    assertThat(cluster.node(2).watchCount()).isEqualTo(1);
  }

  @Test
  void a_node_that_leaves_is_forgotten() throws SQLException {
    connect();
    Await.until("three are watched", () -> watched() == 3);
    cluster.admit(2, false);
    Await.until("it is gone", () -> !anyNode(node -> node.name().equals("n3")));
    Await.until("nobody watches it", () -> cluster.node(2).watchCount() == 0);
  }

  @Test
  void a_node_that_dies_is_in_doubt_until_it_is_back() throws SQLException {
    connect();
    Await.until("three are watched", () -> watched() == 3);
    cluster.node(2).close();
    Await.until("its death", () -> anyNode(n -> n.name().equals("n3") && !n.trouble().isEmpty()));
    cluster.node(2).restart();
    Await.until("its return", () -> anyNode(n -> n.name().equals("n3") && n.trouble().isEmpty()));
  }

  @Test
  void a_node_that_falls_silent_is_in_doubt_until_it_speaks() throws SQLException {
    connect();
    Await.until("three are watched", () -> watched() == 3);
    cluster.node(2).freeze();
    Await.until(
        "its silence",
        () -> anyNode(n -> n.name().equals("n3") && n.trouble().startsWith("silent")));
    Await.until(
        "the voice of others", () -> anyNode(n -> n.name().equals("n2") && n.trouble().isEmpty()));
    cluster.node(2).thaw();
    Await.until("its voice", () -> anyNode(n -> n.name().equals("n3") && n.trouble().isEmpty()));
  }

  @Test
  void freshness_is_kept_current_without_statements() throws SQLException {
    connect();
    cluster.node(1).vouch(3_000, true);
    Await.until(
        "what it says",
        () -> anyNode(n -> n.name().equals("n2") && n.stalenessMillis() >= 3_000 && n.quorate()));
    cluster.node(1).vouch(0, true);
    Await.until(
        "what it says now",
        () -> anyNode(n -> n.name().equals("n2") && n.stalenessMillis() < 3_000));
  }

  @Test
  void the_leader_is_known_without_statements() throws SQLException {
    connect();
    cluster.lead(2);
    Await.until("the new leader", () -> anyNode(n -> n.name().equals("n3") && n.leads()));
  }

  @Test
  void all_connections_share_one_link_a_node_and_nothing_is_left_of_it() throws SQLException {
    for (int i = 0; i < 10; i++) {
      read(connect());
    }
    Await.until("three are watched", () -> watched() == 3);
    read(connect());
    assertThat(watched()).isEqualTo(3);
    routers.forEach(Router::close);
    Await.until("no socket is left", () -> watched() == 0 && peers() == 0);
    Await.until("no thread is left", () -> !clusters.isWatching());
    assertThat(clusters.find(options("", ReadTarget.ANY))).isEmpty();
    assertThat(read(connect())).startsWith("n");
    Await.until("it begins anew", () -> watched() == 3);
  }

  private int peers() {
    int links = 0;
    for (int i = 0; i < 3; i++) {
      links += cluster.node(i).peerCount();
    }
    return links;
  }

  @Test
  void a_connection_that_is_forgotten_holds_nothing() throws SQLException {
    read(Router.connect(options("", ReadTarget.ANY), new Random(1), clusters));
    Await.until("three are watched", () -> watched() == 3);
    Await.until(
        "it is collected",
        () -> {
          System.gc();
          return watched() == 0 && !clusters.isWatching();
        });
  }

  @Test
  void users_do_not_share() throws SQLException {
    connect("ada", ReadTarget.ANY);
    connect("bob", ReadTarget.ANY);
    Await.until("each has its own links", () -> watched() == 6);
  }

  @Test
  void a_node_of_another_cluster_is_not_taken_for_one_of_this() throws SQLException {
    Router router = connect();
    write(router);
    cluster.rename("d");
    for (int i = 0; i < 3; i++) {
      cluster.node(i).close();
      cluster.node(i).restart();
    }
    StatementCall call = new StatementCall(this, "SELECT", List.of(), Signature.NONE, 0, 0, 300);
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> router.execute(call))
        .withMessageContaining("another cluster");
  }
}
