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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;

/** Nodes that agree on who leads, because a test says so. */
public final class FakeCluster implements Closeable {
  private final List<FakeNode> nodes = new ArrayList<>();
  private final AtomicLong revision = new AtomicLong(100);
  private final AtomicLong epoch = new AtomicLong(1);
  private volatile int leader;
  private final int voters;

  private FakeCluster(int size, int voters, ServerSocketFactory sockets) {
    this.voters = voters;
    try {
      for (int i = 1; i <= size; i++) {
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
      members.add(
          new WireTopology.Member(
              node.name(),
              node.address(),
              i < voters ? WireTopology.Role.VOTER : WireTopology.Role.LEARNER,
              "",
              true));
    }
    return new WireTopology(epoch.get(), "c", self, nodes.get(leader).name(), members);
  }

  @Override
  public void close() {
    nodes.forEach(FakeNode::close);
  }
}
