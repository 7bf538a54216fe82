package io.quorate.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How this node finds its cluster and notices that others are lost. Keys {@code cluster.…}.
 *
 * @param join peer addresses of members; one that lives will do
 * @param secretFile holds what all members know and nobody else does; null for none
 * @param heartbeatInterval how often a node reports its state
 * @param heartbeatTimeout silence after which a node's status is {@code timeout}
 * @param election who says that a node is to stand for election
 * @param electionTimeout silence of the leader after which a voter stands for election
 * @param electionCheckDelay how often a voter looks whether that time has come
 */
public record ClusterConfig(
    @Setting("false") boolean bootstrap,
    @Setting("") List<HostPort> join,
    @Setting("") @Nullable Path secretFile,
    @Setting("1s") Duration heartbeatInterval,
    @Setting("4s") Duration heartbeatTimeout,
    @Setting("auto") Election election,
    @Setting("250ms") Duration electionTimeout,
    @Setting("100ms") Duration electionCheckDelay) {
  private static final int JOIN_ADDRESSES_MAX = 64;

  /** Who says that a node is to stand for election. */
  public enum Election {
    /** The node itself, when the leader is silent. */
    AUTO,
    /** An administrator; until then nobody leads. */
    MANUAL
  }

  public ClusterConfig {
    join = List.copyOf(join);
    ConfigException.require(
        !bootstrap || join.isEmpty(),
        "cluster.bootstrap and cluster.join exclude each other: a node begins a cluster or joins"
            + " one");
    ConfigException.require(
        join.size() <= JOIN_ADDRESSES_MAX,
        "cluster.join takes at most %s addresses, not %s",
        JOIN_ADDRESSES_MAX,
        join.size());
    for (HostPort member : join) {
      ConfigException.require(member.port() > 0, "cluster.join needs a port, not %s", member);
    }
    requirePositive("heartbeat_interval", heartbeatInterval);
    requirePositive("election_check_delay", electionCheckDelay);
    ConfigException.require(
        heartbeatTimeout.compareTo(heartbeatInterval.multipliedBy(3)) > 0,
        "cluster.heartbeat_timeout %s is not more than 3 times cluster.heartbeat_interval %s",
        Quantity.format(heartbeatTimeout),
        Quantity.format(heartbeatInterval));
    ConfigException.require(
        electionTimeout.compareTo(electionCheckDelay) > 0,
        "cluster.election_timeout %s is not more than cluster.election_check_delay %s",
        Quantity.format(electionTimeout),
        Quantity.format(electionCheckDelay));
  }

  private static void requirePositive(String key, Duration duration) {
    ConfigException.require(
        duration.toMillis() > 0 && duration.toHours() < 24,
        "cluster.%s is between 1ms and 24h, not %s",
        key,
        Quantity.format(duration));
  }
}
