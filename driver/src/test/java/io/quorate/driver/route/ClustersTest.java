package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClustersTest {
  private final Clusters clusters = new Clusters(WatchTimes.USUAL);

  private static RouteOptions options(String user) {
    List<NodeAddress> contacts = List.of(NodeAddress.parse("127.0.0.1:1"));
    return new RouteOptions(contacts, user, "", Map.of(), ReadTarget.ANY, 10_000, 0);
  }

  private void visit(String user, String id, long revision) {
    Object visitor = new Object();
    Cluster cluster = clusters.join(visitor, options(user), id);
    cluster.saw(revision);
    clusters.leave(visitor, cluster);
  }

  private long revisionSeenBy(String user, String id) {
    Object visitor = new Object();
    Cluster cluster = clusters.join(visitor, options(user), id);
    try {
      return cluster.revision();
    } finally {
      clusters.leave(visitor, cluster);
    }
  }

  @Test
  void who_connects_again_reads_what_it_wrote() {
    visit("", "a", 7);
    assertThat(clusters.find(options(""))).isEmpty();
    assertThat(revisionSeenBy("", "a")).isEqualTo(7);
    assertThat(revisionSeenBy("another", "a")).isEqualTo(7);
    assertThat(revisionSeenBy("", "b")).isZero();
  }

  @Test
  void a_revision_is_never_taken_back() {
    visit("", "a", 7);
    visit("other", "a", 3);
    assertThat(revisionSeenBy("", "a")).isEqualTo(7);
  }

  @Test
  void those_left_long_ago_are_forgotten() {
    visit("", "old", 7);
    visit("", "kept", 8);
    for (int i = 1; i < Clusters.LEFT_MAX; i++) {
      visit("", "a" + i, i);
    }
    assertThat(revisionSeenBy("", "kept")).isEqualTo(8);
    assertThat(revisionSeenBy("", "old")).isZero();
  }
}
