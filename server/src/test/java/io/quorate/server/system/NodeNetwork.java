package io.quorate.server.system;

import io.quorate.server.system.SystemNode.Home;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network of its own for each node: a namespace with one interface, all of them on one bridge, to
 * which this process has an interface as well. Frames between two nodes can be lost in each
 * direction alone, while clients reach all of them.
 *
 * <pre>
 *   test ── 10.213.77.254 ──┬── bridge ──┬───────────┐
 *                        n1 .1        n2 .2       n3 .3      a namespace each
 * </pre>
 *
 * <p>A frame is lost by sending it to a hardware address that nobody has; connections stay open and
 * hear nothing, as when a switch dies. Confined to one thread; needs the right to make namespaces.
 */
final class NodeNetwork implements AutoCloseable {
  private static final String SUBNET = "10.213.77.";
  private static final String NOBODY = "02:00:00:00:00:99";

  private final String bridge;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<Runnable> undo = new ArrayList<>();

  private NodeNetwork(String bridge) {
    this.bridge = bridge;
  }

  /** Why there can be none on this machine; empty when there can. */
  static Optional<String> whyNot() {
    String probe = "qp" + ProcessHandle.current().pid();
    Optional<String> problem = Commands.tryRun("ip", "netns", "add", probe);
    if (problem.isEmpty()) {
      Commands.run("ip", "netns", "del", probe);
      problem = Commands.tryRun("ip", "link", "add", probe, "type", "bridge");
      if (problem.isEmpty()) {
        Commands.run("ip", "link", "del", probe);
      }
    }
    return problem;
  }

  /** Makes a namespace for each of n1, n2 … */
  static NodeNetwork of(int nodes) {
    NodeNetwork network = new NodeNetwork("qb" + ProcessHandle.current().pid());
    try {
      network.makeBridge();
      for (int i = 1; i <= nodes; i++) {
        network.makeNamespace("n" + i, i);
      }
    } catch (AssertionError e) {
      network.close();
      throw e;
    }
    return network;
  }

  private void makeBridge() {
    ip("link add " + bridge + " type bridge");
    undo.add(() -> ip("link del " + bridge));
    ip("addr add " + SUBNET + "254/24 dev " + bridge);
    ip("link set " + bridge + " up");
  }

  private void makeNamespace(String node, int number) {
    String namespace = namespace(number);
    String port = bridge + "p" + number;
    numbers.put(node, number);
    ip("netns add " + namespace);
    undo.add(() -> ip("netns del " + namespace));
    ip("link add " + port + " type veth peer name eth0 netns " + namespace);
    // A namespace lives as long as the sockets that its processes leave behind.
    undo.add(() -> ip("link del " + port));
    ip("link set " + port + " master " + bridge);
    ip("link set " + port + " up");
    ip("-n " + namespace + " link set lo up");
    ip("-n " + namespace + " link set eth0 address " + hardwareAddress(number));
    ip("-n " + namespace + " addr add " + SUBNET + number + "/24 dev eth0");
    ip("-n " + namespace + " link set eth0 up");
  }

  private String namespace(int number) {
    return bridge + "n" + number;
  }

  private static String hardwareAddress(int number) {
    return "02:00:00:00:00:%02x".formatted(number);
  }

  private static void ip(String arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ")));
    Commands.run(command.toArray(String[]::new));
  }

  private int numberOf(String node) {
    Integer number = numbers.get(node);
    if (number == null) {
      throw new IllegalArgumentException("no namespace for " + node);
    }
    return number;
  }

  /** Where a node lives. */
  Home home(String node) {
    int number = numberOf(node);
    return new Home(SUBNET + number, List.of("ip", "netns", "exec", namespace(number)));
  }

  /** Loses whatever one node sends to the other; not what comes back. */
  void cut(String from, String to) {
    neighbour(from, to, NOBODY);
  }

  void heal(String from, String to) {
    neighbour(from, to, hardwareAddress(numberOf(to)));
  }

  private void neighbour(String from, String to, String hardware) {
    ip(
        "-n %s neigh replace %s%d lladdr %s nud permanent dev eth0"
            .formatted(namespace(numberOf(from)), SUBNET, numberOf(to), hardware));
  }

  /** Loses everything between these and the others, in both directions. */
  void isolate(Collection<String> some) {
    for (String one : some) {
      for (String other : numbers.keySet()) {
        if (!some.contains(other)) {
          cut(one, other);
          cut(other, one);
        }
      }
    }
  }

  void healAll() {
    for (String from : numbers.keySet()) {
      for (String to : numbers.keySet()) {
        if (!from.equals(to)) {
          heal(from, to);
        }
      }
    }
  }

  @Override
  public void close() {
    for (int i = undo.size() - 1; i >= 0; i--) {
      undo.get(i).run();
    }
    undo.clear();
  }
}
