package io.quorate.server.config;

import io.quorate.server.config.IdentityConfig.Mode;
import io.quorate.server.config.IdentityConfig.Role;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything a node is told before it starts. Immutable; each room is handed its own record. Read
 * by {@link ConfigReader}; one record that exists is one whose values fit together.
 */
public record NodeConfig(
    IdentityConfig node,
    NetworkConfig network,
    TlsConfig tls,
    ClientsConfig clients,
    SecurityConfig security,
    ClusterConfig cluster,
    LogConfig log,
    StoreConfig store,
    ReadConfig reads,
    LoggingConfig logging,
    CompatConfig compat) {

  public NodeConfig {
    boolean findsCluster = cluster.bootstrap() || !cluster.join().isEmpty();
    ConfigException.require(
        node.mode() == Mode.CLUSTER || !findsCluster,
        "cluster.bootstrap and cluster.join need node.mode cluster, not %s",
        SettingKey.nameOf(node.mode()));
    ConfigException.require(
        node.mode() != Mode.STANDALONE || node.role() == Role.VOTER,
        "node.role %s needs a cluster, but node.mode is standalone",
        SettingKey.nameOf(node.role()));
    ConfigException.require(
        !cluster.bootstrap() || node.role() == Role.VOTER,
        "cluster.bootstrap begins a cluster with its first voter, but node.role is %s",
        SettingKey.nameOf(node.role()));
  }

  /** The same for a node that is told at run time who it is, and finds its cluster by those. */
  public NodeConfig as(String id, Mode mode, Role role, List<HostPort> join) {
    return new NodeConfig(
        new IdentityConfig(id, node.data(), mode, role, node.zone()),
        network,
        tls,
        clients,
        security,
        new ClusterConfig(
            false,
            join,
            cluster.secretFile(),
            cluster.heartbeatInterval(),
            cluster.heartbeatTimeout(),
            cluster.election(),
            cluster.electionTimeout(),
            cluster.electionCheckDelay()),
        log,
        store,
        reads,
        logging,
        compat);
  }

  /** The values by key, as they would be written in a file; what is secret is masked. */
  public SortedMap<String, String> shown() {
    SortedMap<String, String> shown = new TreeMap<>();
    for (SettingKey key : SettingKey.of(NodeConfig.class)) {
      shown.put(key.name(), key.display(key.valueIn(this)));
    }
    return shown;
  }
}
