package io.quorate.server.admin;

import java.time.Instant;
import java.util.Locale;

/**
 * What operators are shown of one node; the same record stands behind HTTP and SQL.
 *
 * @param address where peers reach the node
 * @param lastUpdate when the node was last heard of
 * @param heartbeat how many heartbeats came from the node
 * @param lag how many revisions the node is behind the leader as far as is known
 * @param leader the name of the leader; empty when none is known
 * @param memberId the data directory behind the name; empty when the node belongs to no cluster
 * @param zone label of where the node stands; empty without one
 */
public record NodeRecord(
    String name,
    Role role,
    Status status,
    String address,
    Instant lastUpdate,
    long heartbeat,
    long term,
    long appliedRevision,
    long durableRevision,
    long lag,
    String leader,
    String memberId,
    String zone) {

  /** The same node in no membership: not yet, or not any more. */
  public NodeRecord outsideOfCluster(boolean removed) {
    return new NodeRecord(
        name,
        Role.ADMIN,
        removed ? Status.REMOVED : Status.STARTED,
        address,
        lastUpdate,
        heartbeat,
        term,
        appliedRevision,
        durableRevision,
        lag,
        leader,
        memberId,
        zone);
  }

  /** What a node is at the moment. */
  public enum Role {
    LEADER,
    FOLLOWER,
    LEARNER,
    WITNESS,
    ADMIN,
    STANDALONE;

    /** Whether the node is part of a cluster. */
    public boolean inCluster() {
      return this != ADMIN && this != STANDALONE;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the node is doing, in the words that clients match on. */
  public enum Status {
    /** Running outside of a cluster. */
    STARTED("started"),
    ALIVE("alive"),
    /** Silent for too long, or back and not yet caught up. */
    TIMEOUT("timeout"),
    /** It is heard but cannot be reached. */
    LOST_CONNECTION("lost connection"),
    REMOVED("removed"),
    INVALID("invalid");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }
}
