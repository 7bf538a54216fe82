package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.tls.ClientTls;
import io.quorate.driver.tls.TestCertificates;
import io.quorate.driver.wire.Signature;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same as {@link WatchTest} where the watch's links need a handshake of their own. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WatchOverTlsTest {
  @Test
  void a_read_leaves_a_node_that_is_frozen() throws IOException, SQLException {
    ClientTls tls =
        ClientTls.of(
            ClientTls.Mode.VERIFY_FULL, TestCertificates.file("ca.pem").toString(), "", "");
    try (FakeCluster cluster =
        FakeCluster.over(TestCertificates.ofNode("node", null).getServerSocketFactory(), 3)) {
      RouteOptions options =
          new RouteOptions(
                  List.of(NodeAddress.parse(cluster.leader().address())),
                  "",
                  "",
                  Map.of(),
                  ReadTarget.FOLLOWER,
                  10_000,
                  0)
              .withTls(tls);
      Clusters clusters = new Clusters(new WatchTimes(20, 400, 600, 800));
      try (Router router = Router.connect(options, new Random(1), clusters)) {
        String first = read(router);
        Await.until(
            "all are watched",
            () -> {
              int watched = 0;
              for (int i = 0; i < 3; i++) {
                watched += cluster.node(i).watchCount();
              }
              return watched == 3;
            });
        cluster.named(first).freeze();
        assertThat(read(router)).isNotEqualTo(first);
        cluster.named(first).thaw();
      }
    }
  }

  private static String read(Router router) throws SQLException {
    RouteResult result =
        router.execute(new StatementCall(router, "SELECT", List.of(), Signature.NONE, 0, 0, 0));
    return String.valueOf(result.rows().get(0)[0]);
  }
}
