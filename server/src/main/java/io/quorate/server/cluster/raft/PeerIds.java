package io.quorate.server.cluster.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.util.Endpoint;
import io.quorate.server.cluster.MemberId;
import java.util.Collection;
import java.util.List;

/**
 * Members in JRaft's terms: where it expects a host and a port it gets the member's name and
 * number. It never resolves or dials them; it prints, parses and compares them only.
 */
final class PeerIds {
  /**
   * The priority that marks a witness in the membership, and in nothing else: JRaft looks at the
   * priority of a node's own id, which has none here, and, where two are as far, it wakes the one
   * with the higher priority when a leader goes. All others have -1.
   */
  private static final int WITNESS_PRIORITY = -2;

  private PeerIds() {}

  static PeerId of(MemberId member) {
    return new PeerId(endpointOf(member), 0);
  }

  static PeerId ofWitness(MemberId member) {
    return new PeerId(endpointOf(member), 0, WITNESS_PRIORITY);
  }

  static boolean isWitness(PeerId peer) {
    return peer.getPriority() == WITNESS_PRIORITY;
  }

  static Endpoint endpointOf(MemberId member) {
    return new Endpoint(member.name(), member.number());
  }

  static MemberId memberOf(PeerId peer) {
    return memberOf(peer.getEndpoint());
  }

  static MemberId memberOf(Endpoint endpoint) {
    return new MemberId(endpoint.getIp(), endpoint.getPort());
  }

  static List<MemberId> membersOf(Collection<PeerId> peers) {
    return peers.stream().map(PeerIds::memberOf).toList();
  }
}
