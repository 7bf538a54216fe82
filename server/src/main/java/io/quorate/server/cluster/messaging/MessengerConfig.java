package io.quorate.server.cluster.messaging;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.lang.Invariant;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Where a member listens, whom it tries first, and how patient it is.
 *
 * @param clusterName the name and id of the cluster; members of another one are refused
 * @param bind the peer address. The port {@link ChannelStack#FAILURE_PORT_OFFSET} above it is taken
 *     as well
 * @param contacts the configured contact points and the addresses under which members were last
 *     seen; may be empty, and may contain the own address
 */
public record MessengerConfig(
    MemberId self,
    String clusterName,
    InetSocketAddress bind,
    List<InetSocketAddress> contacts,
    Timeouts timeouts) {

  public MessengerConfig {
    Invariant.check(!clusterName.isBlank(), "a cluster has a name");
    contacts = List.copyOf(contacts);
  }

  /**
   * The waits of discovery and failure detection.
   *
   * @param suspectAfter silence that makes a member suspect; well above the longest pause of a JVM
   * @param verifySuspect how long a suspect has to protest
   * @param join how long a joiner waits for a coordinator, and each discovery for answers
   * @param connect how long one attempt to connect may take
   */
  public record Timeouts(
      Duration suspectAfter, Duration verifySuspect, Duration join, Duration connect) {
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofMillis(1500),
            Duration.ofMillis(500),
            Duration.ofMillis(1000),
            Duration.ofMillis(1000));

    public Timeouts {
      Invariant.check(suspectAfter.toMillis() >= 400, "suspecting a member takes at least 400 ms");
    }
  }
}
