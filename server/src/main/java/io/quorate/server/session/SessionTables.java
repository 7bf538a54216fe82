package io.quorate.server.session;

import io.quorate.server.lang.Metric;
import io.quorate.server.lang.ServerRow;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.SystemTables;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tables of the SYSTEM schema: what this node knows at the moment. Thread-safe. */
public final class SessionTables implements SystemTables {
  private static final List<Definition> DEFINITIONS =
      List.of(
          new Definition(
              "NODES",
              List.of(
                  text("NAME"),
                  text("ROLE"),
                  text("STATUS"),
                  flag("LEADER"),
                  number("TERM"),
                  number("APPLIED_REVISION"),
                  number("DURABLE_REVISION"),
                  number("LAG"),
                  text("CLIENT_ADDRESS"),
                  text("ADMIN_ADDRESS"),
                  text("PEER_ADDRESS"),
                  text("MEMBER_ID"),
                  time("LAST_HEARD"),
                  text("ZONE"),
                  flag("REACHABLE"),
                  column("STALENESS_MS", SqlType.Name.BIGINT, true))),
          new Definition("METRICS", List.of(text("NAME"), number("VALUE"))),
          new Definition(
              "SERVERS",
              List.of(text("SERVICE"), number("ID"), text("HTTP_ADDR"), text("TCP_ADDR"))),
          new Definition(
              "SESSIONS",
              List.of(
                  text("ID"),
                  text("USER_NAME"),
                  text("APPLICATION_NAME"),
                  time("OPENED_AT"),
                  number("IDLE_MILLIS"),
                  flag("IN_TRANSACTION"),
                  column("STATEMENT", SqlType.Name.VARCHAR, true))));

  private final ClusterFacts cluster;
  private final Supplier<List<@Nullable Object[]>> sessions;
  private final Supplier<List<Metric>> metrics;

  /**
   * @param sessions the rows of SESSIONS
   * @param metrics the rows of METRICS are those of the node itself
   */
  public SessionTables(
      ClusterFacts cluster,
      Supplier<List<@Nullable Object[]>> sessions,
      Supplier<List<Metric>> metrics) {
    this.cluster = cluster;
    this.sessions = sessions;
    this.metrics = metrics;
  }

  private static ResultColumn text(String name) {
    return column(name, SqlType.Name.VARCHAR, false);
  }

  private static ResultColumn number(String name) {
    return column(name, SqlType.Name.BIGINT, false);
  }

  private static ResultColumn flag(String name) {
    return column(name, SqlType.Name.BOOLEAN, false);
  }

  private static ResultColumn time(String name) {
    return new ResultColumn(
        name, new SqlType(SqlType.Name.TIMESTAMP, 3, 0), false, "SYSTEM", "", name);
  }

  private static ResultColumn column(String name, SqlType.Name type, boolean nullable) {
    return new ResultColumn(name, SqlType.of(type), nullable, "SYSTEM", "", name);
  }

  /** In UTC and to the millisecond, as a column TIMESTAMP(3) has it. */
  public static LocalDateTime timestamp(Instant instant) {
    return LocalDateTime.ofEpochSecond(
        instant.getEpochSecond(), instant.getNano() / 1_000_000 * 1_000_000, ZoneOffset.UTC);
  }

  @Override
  public List<Definition> definitions() {
    return DEFINITIONS;
  }

  @Override
  public List<@Nullable Object[]> rows(String name) {
    return switch (name) {
      case "NODES" ->
          cluster.facts().stream().<@Nullable Object[]>map(SessionTables::node).toList();
      case "SERVERS" ->
          cluster.servers().stream().<@Nullable Object[]>map(SessionTables::server).toList();
      case "METRICS" -> metrics();
      case "SESSIONS" -> sessions.get();
      default -> List.of();
    };
  }

  private static @Nullable Object[] node(ClusterFacts.Fact node) {
    return new @Nullable Object[] {
      node.name(),
      node.role(),
      node.status(),
      node.leader(),
      node.term(),
      node.applied(),
      node.durable(),
      node.lag(),
      node.clientAddress(),
      node.adminAddress(),
      node.peerAddress(),
      node.memberId(),
      timestamp(node.heard()),
      node.zone(),
      node.reachable(),
      node.stalenessMillis() < 0 ? null : node.stalenessMillis()
    };
  }

  private List<@Nullable Object[]> metrics() {
    return Metric.ofNode(metrics.get()).stream()
        .<@Nullable Object[]>map(metric -> new @Nullable Object[] {metric.name(), metric.value()})
        .toList();
  }

  private static @Nullable Object[] server(ServerRow server) {
    return new @Nullable Object[] {
      server.service(), server.id(), server.httpAddress(), server.tcpAddress()
    };
  }
}
