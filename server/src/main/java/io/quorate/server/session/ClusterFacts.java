package io.quorate.server.session;

import java.time.Instant;
import java.util.List;

/** What this node knows of all nodes. Thread-safe and cheap. */
public interface ClusterFacts {

  Topology topology();

  /** All members, by name. */
  List<Fact> facts();

  /**
   * A member.
   *
   * @param lag revisions that it is behind the leader as far as is known
   * @param heard when it was last heard of
   */
  record Fact(
      String name,
      String memberId,
      String role,
      String status,
      boolean leader,
      long term,
      long applied,
      long durable,
      long lag,
      String clientAddress,
      String adminAddress,
      String peerAddress,
      Instant heard) {}
}
