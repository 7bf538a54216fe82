package io.quorate.server.admin;

import io.quorate.server.config.AdminHttpStatus;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.NetworkConfig;
import io.quorate.server.lang.Metric;
import io.quorate.server.lang.ServerRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A node that is whatever the test says. */
public final class FakeView implements AdminView {
  public volatile NodeRecord current = node("n1", NodeRecord.Role.LEADER, NodeRecord.Status.ALIVE);
  public volatile List<NodeRecord> nodes =
      List.of(
          current,
          node("n2", NodeRecord.Role.FOLLOWER, NodeRecord.Status.LOST_CONNECTION),
          node("n3", NodeRecord.Role.LEARNER, NodeRecord.Status.TIMEOUT));
  public volatile boolean healthy = true;
  public volatile @Nullable String notReadyReason = null;

  /** Runs before each answer, to block or to throw. */
  public volatile Runnable before = () -> {};

  public static NodeRecord node(String name, NodeRecord.Role role, NodeRecord.Status status) {
    return new NodeRecord(
        name,
        role,
        status,
        "127.0.0.1:8965",
        Instant.parse("2026-01-02T03:04:05Z"),
        17,
        3,
        120,
        118,
        2,
        "n1",
        name + ":42",
        "z1");
  }

  /** An admin port on loopback. */
  public static NetworkConfig network(int port, AdminHttpStatus statuses) {
    HostPort any = new HostPort("127.0.0.1", 0);
    return new NetworkConfig(
        any, new HostPort("127.0.0.1", port), new HostPort("127.0.0.1", 1), null, statuses, false);
  }

  @Override
  public NodeRecord current() {
    before.run();
    return current;
  }

  @Override
  public List<NodeRecord> nodes() {
    return nodes;
  }

  @Override
  public List<ServerRow> servers() {
    return List.of(
        new ServerRow(ServerRow.DATA_NODES, 1, "127.0.0.1:8765", "127.0.0.1:8965"),
        new ServerRow(ServerRow.META_NODES, 1, "127.0.0.1:8865", "127.0.0.1:8965"));
  }

  @Override
  public SortedMap<String, String> configs() {
    return new TreeMap<>(Map.of("node.id", "n1", "network.client_domain", "(unset)"));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.counter("reads_local", "queries", 5),
        Metric.gauge("member_lag_entries", "behind", 7).of("n2"));
  }

  @Override
  public boolean healthy() {
    return healthy;
  }

  @Override
  public Optional<String> notReadyReason() {
    return Optional.ofNullable(notReadyReason);
  }
}
