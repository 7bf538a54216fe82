package io.quorate.server;

import io.quorate.server.config.HostPort;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.format.NodeStatus;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How a running node is, as it tells the others. Thread-safe.
 *
 * @param clientAddress what clients are told to connect to
 * @param failed whether it cannot go on
 */
record OwnStatus(
    NodeConfig config, Node.Parts node, Supplier<HostPort> clientAddress, BooleanSupplier failed)
    implements Supplier<NodeStatus> {

  @Override
  public NodeStatus get() {
    NodeStatus.Builder status =
        NodeStatus.newBuilder()
            .setMember(node.directory().member().toString())
            .setRole(node.consensus().role().name().toLowerCase(Locale.ROOT))
            .setTerm(node.consensus().term())
            .setApplied(node.replica().applied().current())
            .setDurable(node.replica().store().durableRevision())
            .setPeerAddress(config.network().peerAddr().toString())
            .setClientAddress(clientAddress.get().toString())
            .setAdminAddress(config.network().adminAddr().toString())
            .setFailed(failed.getAsBoolean())
            .setClientTls(config.tls().cert() != null)
            .setZone(config.node().zone())
            .addAllMarks(ReplicaAgreement.toTell(node));
    long staleness = node.gauge().stalenessMillis();
    if (staleness >= 0) {
      status.setStalenessMillis(staleness);
    }
    return status.build();
  }
}
