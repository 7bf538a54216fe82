package io.quorate.server.session;

import java.util.List;
import java.util.Optional;

/**
 * The cluster as clients need it.
 *
 * @param epoch grows with each change as this node sees it; compare only answers of one node
 * @param self name of the node that answers
 * @param leader name of the node that takes writes, if one is known
 */
public record Topology(
    long epoch, String cluster, String self, Optional<String> leader, List<Member> members) {
  public Topology {
    members = List.copyOf(members);
  }

  /** What a node is in the membership; which voter leads is the topology's to say. */
  public enum Role {
    VOTER,
    LEARNER,
    /** Votes and holds no rows. */
    WITNESS
  }

  /**
   * A node.
   *
   * @param address where clients connect, {@code host:port}
   * @param zone label of where it stands; empty without one
   * @param reachable whether it has lately answered the node that tells this
   * @param tls whether clients connect by TLS there
   */
  public record Member(
      String name, String address, Role role, String zone, boolean reachable, boolean tls) {
    /** One that speaks plain text. */
    public Member(String name, String address, Role role, String zone, boolean reachable) {
      this(name, address, role, zone, reachable, false);
    }
  }
}
