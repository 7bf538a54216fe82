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

  /**
   * A node.
   *
   * @param address where clients connect, {@code host:port}
   * @param voter whether it is one, or a learner
   */
  public record Member(String name, String address, boolean voter, boolean reachable) {}
}
