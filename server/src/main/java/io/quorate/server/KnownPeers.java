package io.quorate.server;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.JGroupsMessenger;
import io.quorate.server.cluster.messaging.MessengerConfig;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.NodeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where other members are: as configured, as remembered from earlier, as seen now. Thread-safe as
 * the directory is.
 */
final class KnownPeers {
  private static final Logger log = LoggerFactory.getLogger(KnownPeers.class);

  private final NodeConfig config;
  private final DataDirectory directory;

  KnownPeers(NodeConfig config, DataDirectory directory) {
    this.config = config;
    this.directory = directory;
  }

  /** How the peer port opens; in maintenance it looks for nobody. */
  MessengerConfig messengerConfig(boolean maintained) {
    List<InetSocketAddress> contacts =
        Stream.concat(
                config.cluster().join().stream(),
                directory.peers().stream().filter(line -> !line.isBlank()).map(HostPort::parse))
            .filter(contact -> !maintained)
            .map(KnownPeers::resolve)
            .distinct()
            .toList();
    return new MessengerConfig(
        directory.identity().member(),
        "quorate",
        resolve(config.network().peerAddr()),
        contacts,
        MessengerConfig.Timeouts.DEFAULT);
  }

  static InetSocketAddress resolve(HostPort address) {
    return new InetSocketAddress(address.host(), address.port());
  }

  /** Those that the messenger has seen, without this node. */
  List<MemberId> others(JGroupsMessenger messenger) {
    MemberId self = directory.identity().member();
    return messenger.peers().stream()
        .map(JGroupsMessenger.Peer::member)
        .filter(member -> !member.equals(self))
        .toList();
  }

  /** Writes down where they are now, if that has changed. */
  void remember(JGroupsMessenger messenger) {
    List<String> addresses =
        messenger.peers().stream().map(JGroupsMessenger.Peer::address).sorted().toList();
    if (addresses.size() > 1 && !addresses.equals(directory.peers())) {
      try {
        directory.rememberPeers(addresses);
      } catch (IOException e) {
        // The next beat tries again; the configured contacts serve meanwhile.
        log.atWarn().addKeyValue("cause", e.getMessage()).log("peer addresses not written");
      }
    }
  }
}
