package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.tls.ClientTls;
import io.quorate.driver.wire.Execute;
import io.quorate.driver.wire.FrameType;
import io.quorate.driver.wire.Signature;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LinkWatchTest {
  private FakeCluster cluster;
  private final CountDownLatch never = new CountDownLatch(1);
  private Router router;

  FakeCluster open() throws IOException {
    return FakeCluster.of(3);
  }

  ClientTls tls() {
    return ClientTls.OFF;
  }

  @BeforeEach
  void connect() throws Exception {
    cluster = open();
    RouteOptions options =
        new RouteOptions(
                List.of(NodeAddress.parse(cluster.leader().address())),
                "",
                "",
                Map.of(),
                ReadTarget.ANY,
                10_000,
                0)
            .withTls(tls());
    router = Router.connect(options, new Random(1), new LinkWatch(100, 200));
  }

  @AfterEach
  void close() {
    never.countDown();
    router.close();
    cluster.close();
  }

  private long write() throws SQLException {
    return router
        .execute(new StatementCall(this, "INSERT", List.of(), Signature.NONE, 0, 0, 0))
        .updateCount();
  }

  @Test
  void a_node_that_is_frozen_is_left() throws SQLException {
    write();
    cluster
        .leader()
        .always(
            (peer, request) -> {
              cluster.lead(1);
              never.await();
              return FakeNode.HANG_UP;
            });
    assertThat(write()).isEqualTo(1);
    assertThat(cluster.requests(Execute.class))
        .filteredOn(e -> e.stamp().sequence() == 2)
        .extracting(e -> e.stamp().repeated())
        .containsOnly(false, true);
  }

  @Test
  void a_node_that_is_slow_but_alive_is_waited_for() throws SQLException {
    CountDownLatch askedTwice = new CountDownLatch(2);
    cluster
        .leader()
        .always(
            (peer, request) -> {
              if (request.type() == FrameType.PING) {
                askedTwice.countDown();
              } else if (request instanceof Execute) {
                askedTwice.await();
              }
              return null;
            });
    assertThat(write()).isEqualTo(1);
    assertThat(cluster.requests(Execute.class)).hasSize(1);
  }
}
