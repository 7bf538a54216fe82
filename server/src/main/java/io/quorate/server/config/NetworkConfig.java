package io.quorate.server.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where this node listens. Keys {@code network.…}.
 *
 * @param clientDomain what topology and redirects tell clients; null stands for the client address
 * @param insecure addresses beyond loopback are allowed although no user has a password
 */
public record NetworkConfig(
    @Setting("127.0.0.1:8765") HostPort clientAddr,
    @Setting("127.0.0.1:8865") HostPort adminAddr,
    @Setting("127.0.0.1:8965") HostPort peerAddr,
    @Setting("") @Nullable HostPort clientDomain,
    @Setting("false") boolean insecure) {

  public NetworkConfig {
    Map<String, HostPort> addresses =
        Map.of(
            "network.client_addr", clientAddr,
            "network.admin_addr", adminAddr,
            "network.peer_addr", peerAddr);
    for (String key : List.of("network.client_addr", "network.admin_addr", "network.peer_addr")) {
      HostPort address = addresses.get(key);
      ConfigException.require(
          insecure || address == null || address.isLoopback(),
          "%s %s reaches beyond this machine, but no user has a password yet;"
              + " --insecure allows it all the same",
          key,
          address);
    }
    ConfigException.require(
        peerAddr.port() > 0, "network.peer_addr needs a port that the other members know, not 0");
    requireDifferent("client_addr", clientAddr, "admin_addr", adminAddr);
    requireDifferent("client_addr", clientAddr, "peer_addr", peerAddr);
    requireDifferent("admin_addr", adminAddr, "peer_addr", peerAddr);
    ConfigException.require(
        clientDomain == null || clientDomain.port() > 0,
        "network.client_domain needs a port that clients can use, not 0");
  }

  private static void requireDifferent(String one, HostPort a, String other, HostPort b) {
    ConfigException.require(
        a.port() == 0 || !a.equals(b), "network.%s and network.%s are both %s", one, other, a);
  }

  /** What clients are told to connect to. */
  public HostPort advertisedAddr() {
    return clientDomain == null ? clientAddr : clientDomain;
  }
}
