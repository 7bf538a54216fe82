package io.quorate.server.cluster.messaging;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jgroups.JChannel;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.PerDestinationBundler;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.IpAddress;

/**
 * The protocols of the channel, each with the options that were found to matter. An option is
 * stated even where the default agrees.
 *
 * <p>TLS goes into the transport ({@code tls}), and the proof of the shared secret (AUTH) between
 * STABLE and GMS; both are marked below.
 */
final class ChannelStack {
  /**
   * The failure detector listens on the peer port plus this. The others compute it from the peer
   * port, so it cannot be left to the system. With no range to search, two nodes of one host
   * collide only when their peer ports are exactly this far apart, and a firewall needs one rule.
   * It carries on the row of client port, admin port (+100) and peer port (+200) that {@code demo}
   * lays out.
   */
  static final int FAILURE_PORT_OFFSET = 100;

  private final CopyOnWriteArrayList<PhysicalAddress> contacts = new CopyOnWriteArrayList<>();
  private final JChannel channel;

  ChannelStack(MessengerConfig config) throws Exception {
    // The own address first: discovery takes an empty list for none given, and never asks itself.
    addContact(config.bind());
    config.contacts().forEach(this::addContact);
    MessengerConfig.Timeouts timeouts = config.timeouts();
    InetAddress host = config.bind().getAddress();
    channel =
        new JChannel(
            transport(config),
            discovery(),
            new MERGE3().setMinInterval(500).setMaxInterval(2000),
            new FD_SOCK2()
                .setBindAddress(host)
                .setOffset(FAILURE_PORT_OFFSET)
                .setPortRange(0)
                .setLinger(-1),
            new FD_ALL3()
                .setTimeout(timeouts.suspectAfter().toMillis())
                .setInterval(timeouts.suspectAfter().toMillis() / 4),
            new VERIFY_SUSPECT2().setTimeout(timeouts.verifySuspect().toMillis()),
            new NAKACK2().useMcastXmit(false),
            new UNICAST3().setXmitInterval(200),
            new STABLE().setDesiredAverageGossip(50_000).setMaxBytes(4 << 20),
            // AUTH, with a token made from the shared secret, goes here.
            new GMS()
                .setJoinTimeout(timeouts.join().toMillis())
                .setMaxJoinAttempts(3)
                .setLeaveTimeout(1000)
                .printLocalAddress(false),
            new UFC().setMaxCredits(8 << 20),
            new MFC().setMaxCredits(8 << 20),
            new FRAG4().setFragSize(60_000));
    // Otherwise a probe port on multicast, open to anybody.
    channel.getProtocolStack().getTransport().getDiagnosticsHandler().setEnabled(false);
  }

  JChannel channel() {
    return channel;
  }

  /** Adds an address that discovery asks from now on. An unresolved one is left out. */
  void addContact(InetSocketAddress contact) {
    if (!contact.isUnresolved()) {
      contacts.addIfAbsent(new IpAddress(contact.getAddress(), contact.getPort()));
    }
  }

  private static TCP transport(MessengerConfig config) {
    TCP transport = new TCP();
    transport.setBindAddress(config.bind().getAddress());
    transport.setBindPort(config.bind().getPort());
    transport.setPortRange(0);
    // TLS: transport.tls() with client_auth=NEED goes here.
    transport.tcpNodelay(true);
    transport.nonBlockingSends(true).maxSendQueue(1024);
    transport.setMessageProcessingPolicy(DirectReceiving.class.getName());
    transport.setSockConnTimeout((int) config.timeouts().connect().toMillis());
    // A thread for each destination: connecting to a dead host holds up nobody else.
    PerDestinationBundler bundler = new PerDestinationBundler();
    bundler.useSingleSenderThread(false);
    bundler.setMaxSize(64_000);
    transport.setBundler(bundler);
    // "Keep the last known address of a member", a day long.
    transport.setLogicalAddrCacheExpiration(86_400_000);
    transport.getThreadPool().setMinThreads(2).setMaxThreads(64);
    transport.getThreadPool().setIncreaseMaxSizeDynamically(false);
    return transport;
  }

  /**
   * Asks three times: one round is lost when two nodes start at the same moment. Whoever is asked
   * tells the addresses of all: who joins has to reach the coordinator, and may know another one.
   */
  private TCPPING discovery() {
    TCPPING discovery = new TCPPING();
    discovery.setInitialHosts2(contacts);
    discovery.setPortRange(0);
    discovery.numDiscoveryRuns(3);
    discovery.returnEntireCache(true);
    return discovery;
  }
}
