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
  private PeerIds() {}

  static PeerId of(MemberId member) {
    return new PeerId(endpointOf(member), 0);
  }

  static PeerId of(MemberId member, int priority) {
    return new PeerId(endpointOf(member), 0, priority);
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
