package io.quorate.driver.route;

import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.WireTopology;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;

/** Nodes that agree on who leads, because a test says so. */
public final class FakeCluster implements Closeable {
  private final List<FakeNode> nodes = new ArrayList<>();
  private final AtomicLong revision = new AtomicLong(100);
  private final AtomicLong epoch = new AtomicLong(1);
  private volatile int leader;
  private static final AtomicInteger MADE = new AtomicInteger();

  private volatile String id = "c" + MADE.incrementAndGet();
  private final List<Place> places = new CopyOnWriteArrayList<>();

  /** What the topology says of a node. */
  private static final class Place {
    private volatile WireTopology.Role role;
    private volatile String zone = "";
    private volatile boolean member = true;
    private volatile boolean reachable = true;

    Place(WireTopology.Role role) {
      this.role = role;
    }
  }

  private FakeCluster(int size, int voters, ServerSocketFactory sockets) {
    try {
      for (int i = 1; i <= size; i++) {
        places.add(new Place(i <= voters ? WireTopology.Role.VOTER : WireTopology.Role.LEARNER));
        nodes.add(new FakeNode("n" + i, this, sockets));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first leads. */
  public static FakeCluster of(int size) {
    return over(ServerSocketFactory.getDefault(), size);
  }

  /** Over sockets of another kind, such as those of TLS. */
  public static FakeCluster over(ServerSocketFactory sockets, int size) {
    return new FakeCluster(size, size, sockets);
  }

  public static FakeCluster withLearners(int voters, int learners) {
    return new FakeCluster(voters + learners, voters, ServerSocketFactory.getDefault());
  }

  public FakeNode node(int index) {
    return nodes.get(index);
  }

  public FakeNode leader() {
    return nodes.get(leader);
  }

  /** All nodes know it at once. */
  public void lead(int index) {
    leader = index;
    epoch.incrementAndGet();
  }

  /** All nodes answer so. */
  public void always(FakeNode.Answer answer) {
    nodes.forEach(node -> node.always(answer));
  }

  /** The node of that name. */
  public FakeNode named(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  public void give(int index, WireTopology.Role role) {
    places.get(index).role = role;
    epoch.incrementAndGet();
  }

  public void place(int index, String zone) {
    places.get(index).zone = zone;
    epoch.incrementAndGet();
  }

  /** Takes a node into the topology, or out of it. */
  public void admit(int index, boolean member) {
    places.get(index).member = member;
    epoch.incrementAndGet();
  }

  /** Whether the others hear of it. */
  public void reach(int index, boolean reachable) {
    places.get(index).reachable = reachable;
    epoch.incrementAndGet();
  }

  /** With all nodes as contact points. */
  public String url() {
    return "jdbc:quorate://"
        + nodes.stream().map(FakeNode::address).collect(Collectors.joining(","))
        + "/";
  }

  public String url(int node) {
    return "jdbc:quorate://" + nodes.get(node).address() + "/";
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  public <T extends Message> List<T> requests(Class<T> type) {
    List<T> all = new ArrayList<>();
    nodes.forEach(node -> all.addAll(node.requests(type)));
    return all;
  }

  public void forgetRequests() {
    nodes.forEach(FakeNode::forgetRequests);
  }

  public String id() {
    return id;
  }

  /** As if all had been set up anew at the same addresses. */
  public void rename(String anew) {
    id = anew;
    epoch.incrementAndGet();
  }

  long revision() {
    return revision.get();
  }

  long write() {
    return revision.incrementAndGet();
  }

  WireTopology topology(String self) {
    List<WireTopology.Member> members = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      FakeNode node = nodes.get(i);
      Place place = places.get(i);
      if (place.member) {
        members.add(
            new WireTopology.Member(
                node.name(), node.address(), place.role, place.zone, place.reachable));
      }
    }
    return new WireTopology(epoch.get(), id, self, nodes.get(leader).name(), members);
  }

  @Override
  public void close() {
    nodes.forEach(FakeNode::close);
  }
}
