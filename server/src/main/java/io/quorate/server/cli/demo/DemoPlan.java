package io.quorate.server.cli.demo;

import io.quorate.server.config.IdentityConfig.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What nodes the demo has and where they listen. Voters with data come first, then witnesses, then
 * learners.
 *
 * @param port client port of the first node; the others follow from it
 */
public record DemoPlan(Path directory, int voters, int witnesses, int learners, int port) {
  /** Enough to show how a cluster behaves, and still some memory left on a laptop. */
  public static final int NODES_MAX = 9;

  /** As many as a cluster lets in. */
  public static final int VOTERS_MAX = 5;

  private static final int ADMIN_OFFSET = 100;
  private static final int PEER_OFFSET = 200;

  /** The failure detector listens at the peer port and 100 more. */
  private static final int FAILURE_OFFSET = 300;

  private static final int PORT_MAX = 65_535;

  public DemoPlan {
    requireValid(voters, witnesses, learners, port);
    directory = directory.toAbsolutePath().normalize();
  }

  /** Refuses what cannot be, before a directory is made for it. */
  public static void requireValid(int voters, int witnesses, int learners, int port) {
    int nodes = voters + witnesses + learners;
    if (voters < 1 || witnesses < 0 || learners < 0 || nodes > NODES_MAX) {
      throw new DemoFailedException(
          "the demo has at least 1 node with data and, witnesses and learners included, at most "
              + NODES_MAX);
    }
    if (voters + witnesses > VOTERS_MAX) {
      throw new DemoFailedException(
          "a cluster has at most %d voters, witnesses included; --learners adds nodes without a vote"
              .formatted(VOTERS_MAX));
    }
    if (port < 1 || port + FAILURE_OFFSET + nodes > PORT_MAX) {
      throw new DemoFailedException(
          "--port %d does not do: the nodes use ports up to %d above it"
              .formatted(port, FAILURE_OFFSET + nodes - 1));
    }
  }

  /** One node of the plan; its files are in {@code directory}. */
  public record Member(String name, Role role, Path directory, int clientPort) {
    String clientAddress() {
      return at(clientPort);
    }

    String adminAddress() {
      return at(clientPort + ADMIN_OFFSET);
    }

    String peerAddress() {
      return at(clientPort + PEER_OFFSET);
    }

    List<Integer> ports() {
      return List.of(
          clientPort,
          clientPort + ADMIN_OFFSET,
          clientPort + PEER_OFFSET,
          clientPort + FAILURE_OFFSET);
    }

    Path logFile() {
      return directory.resolve("quorate.log");
    }

    /** Written by the node itself while it runs. */
    Path pidFile() {
      return directory.resolve("pid");
    }

    /** The URL of this node alone, by which it also answers the reads. */
    String url() {
      return "jdbc:quorate://" + clientAddress() + "/?target=contact";
    }

    private static String at(int port) {
      return "127.0.0.1:" + port;
    }
  }

  /** All nodes, in the order of their numbers. */
  public List<Member> members() {
    return IntStream.range(0, voters + witnesses + learners)
        .mapToObj(
            i -> {
              String name = "n" + (i + 1);
              return new Member(name, roleOf(i), directory.resolve(name), port + i);
            })
        .toList();
  }

  private Role roleOf(int index) {
    if (index < voters) {
      return Role.VOTER;
    }
    return index < voters + witnesses ? Role.WITNESS : Role.LEARNER;
  }

  /** The URL that names every node. */
  public String url() {
    return members().stream()
        .map(Member::clientAddress)
        .collect(Collectors.joining(",", "jdbc:quorate://", "/"));
  }
}
