package io.quorate.server.session;

import io.quorate.server.lang.ServerRow;
import java.time.Instant;
import java.util.List;

/** What this node knows of all nodes. Thread-safe and cheap. */
public interface ClusterFacts {

  /** The id of the cluster. */
  String cluster();

  Topology topology();

  /** All members, by name. */
  List<Fact> facts();

  /** Members and what they do, with their ids: of a revision the same on each node. */
  List<ServerRow> servers();

  /**
   * A member.
   *
   * @param lag revisions that it is behind the leader as far as is known
   * @param heard when it was last heard of
   * @param zone label of where it stands; empty without one
   * @param reachable whether it has lately answered
   * @param stalenessMillis how old what it shows is at most, as it has told; -1 if unknown
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
      Instant heard,
      String zone,
      boolean reachable,
      long stalenessMillis) {}
}
