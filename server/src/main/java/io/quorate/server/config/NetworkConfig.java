package io.quorate.server.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where this node listens. Keys {@code network.…}.
 *
 * @param clientDomain what topology and redirects tell clients; null stands for the client address
 * @param adminHttpStatus the HTTP status of what the admin port refuses
 * @param insecure addresses beyond loopback are allowed although no user has a password
 */
public record NetworkConfig(
    @Setting("127.0.0.1:8765") HostPort clientAddr,
    @Setting("127.0.0.1:8865") HostPort adminAddr,
    @Setting("127.0.0.1:8965") HostPort peerAddr,
    @Setting("") @Nullable HostPort clientDomain,
    @Setting("published") AdminHttpStatus adminHttpStatus,
    @Setting("false") boolean insecure) {

  public NetworkConfig {
    ConfigException.require(
        insecure || peerAddr.isLoopback(),
        "network.peer_addr %s reaches beyond this machine, but members do not prove themselves to"
            + " each other yet; --insecure allows it all the same",
        peerAddr);
    ConfigException.require(
        peerAddr.port() > 0, "network.peer_addr needs a port that the other members know, not 0");
    requireDifferent("client_addr", clientAddr, "admin_addr", adminAddr);
    requireDifferent("client_addr", clientAddr, "peer_addr", peerAddr);
    requireDifferent("admin_addr", adminAddr, "peer_addr", peerAddr);
    ConfigException.require(
        clientDomain == null || clientDomain.port() > 0,
        "network.client_domain needs a port that clients can use, not 0");
  }

  /** The first address that other machines reach and where users enter; empty without one. */
  public Optional<String> reachable() {
    if (!clientAddr.isLoopback()) {
      return Optional.of("network.client_addr " + clientAddr);
    }
    return adminAddr.isLoopback()
        ? Optional.empty()
        : Optional.of("network.admin_addr " + adminAddr);
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
