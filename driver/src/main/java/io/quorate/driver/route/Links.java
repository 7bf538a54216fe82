package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.route.RoutePreference.WriteRouting;
import io.quorate.driver.wire.Frame;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one logical connection, opened where the {@link Chooser} wants one. Confined to
 * the thread that holds the router's lock.
 */
final class Links {
  /** The leader, a replica to read from, and two that were one of these a moment ago. */
  static final int LINKS_MAX = 4;

  /**
   * What a node gets to greet while there are others to try; after all of them it gets the rest.
   */
  private static final int HASTY_MILLIS = 1_000;

  private static final String CLIENT = "quorate-jdbc/" + Frame.VERSION;

  private final RouteOptions options;
  private final Random random;
  private final Random nonces;
  private final Map<NodeAddress, NodeLink> open = new LinkedHashMap<>(8, 0.75f, true);
  private @Nullable Cluster cluster;
  private @Nullable NodeAddress reader;
  private @Nullable NodeAddress connected;
  private @Nullable Choice lastChoice;

  /**
   * @param random spreads load, and need not be good
   * @param nonces are not to be guessed
   */
  Links(RouteOptions options, Random random, Random nonces) {
    this.options = options;
    this.random = random;
    this.nonces = nonces;
  }

  /**
   * Opens the first link, to any of the contact points.
   *
   * @param known what other connections know of them
   * @throws SQLException 08001 with all that was tried, or what the node says that refuses
   */
  NodeLink openFirst(Optional<Cluster> known, Map<String, String> settings) throws SQLException {
    List<NodeAddress> contacts = new ArrayList<>(options.contacts());
    Collections.shuffle(contacts, random);
    known.ifPresent(
        cluster -> contacts.sort((a, b) -> Boolean.compare(isBad(cluster, a), isBad(cluster, b))));
    try {
      NodeLink first = openAny(contacts, settings, new LinkedHashMap<>());
      connected = first.address();
      ReadTarget target = options.preference().target();
      if (target == ReadTarget.CONTACT || contacts.size() > 1) {
        reader = first.address();
      }
      return first;
    } catch (LinkException e) {
      throw SqlExceptions.of(ErrorCode.CONNECTION_FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean isBad(Cluster known, NodeAddress contact) {
    return !known.state(contact).trouble(System.nanoTime()).isEmpty();
  }

  /** The cluster that the first link led into. */
  void join(Cluster joined) {
    cluster = joined;
    for (NodeLink link : open.values()) {
      joined.met(link.dialled(), link.address());
      link.attach(joined);
      joined.learn(joined.state(link.address()), link.welcome().state());
    }
  }

  private Cluster cluster() {
    Cluster joined = cluster;
    if (joined == null) {
      throw new IllegalStateException("no cluster was joined");
    }
    return joined;
  }

  /** A wish with what these links have to do with it. */
  RouteWish complete(RouteWish wish) {
    boolean stays =
        wish.way() == Exchange.Way.LEADER
            && options.preference().writeRouting() == WriteRouting.REFUSE;
    RouteWish completed = wish.withLinks(open.keySet(), stays ? connected : reader);
    boolean byContact = stays || options.preference().target() == ReadTarget.CONTACT;
    return byContact ? completed.withContacts(cluster().contacts()) : completed;
  }

  /**
   * A link for a request.
   *
   * @throws LinkException when no node that fits is to be reached
   */
  NodeLink choose(RouteWish wish, Map<String, String> settings) throws LinkException, SQLException {
    Choice choice = Chooser.choose(cluster().snapshot(), wish, random);
    lastChoice = choice;
    NodeView chosen = choice.chosen();
    if (chosen == null) {
      throw LinkException.unreachable("no node will do: " + choice.rejections(), null);
    }
    NodeLink link = open.get(chosen.address());
    if (link == null) {
      Map<NodeAddress, String> failed = new LinkedHashMap<>();
      List<NodeAddress> order = new ArrayList<>();
      choice.order().forEach(node -> order.add(node.address()));
      link = openAny(order, settings, failed);
      lastChoice = choice.corrected(link.address(), failed);
    }
    if (wish.way() == Exchange.Way.READER) {
      reader = link.address();
    }
    if (connected == null) {
      connected = link.address();
    }
    return link;
  }

  /** What was chosen for the last request that had a choice. */
  Optional<Choice> lastChoice() {
    return Optional.ofNullable(lastChoice);
  }

  private NodeLink openAny(
      List<NodeAddress> candidates, Map<String, String> settings, Map<NodeAddress, String> failed)
      throws LinkException, SQLException {
    List<NodeAddress> late = new ArrayList<>();
    Attempts attempts = new Attempts(settings, failed);
    int hasty =
        candidates.size() > 1
            ? Math.min(HASTY_MILLIS, options.connectTimeoutMillis())
            : options.connectTimeoutMillis();
    for (NodeAddress address : candidates) {
      NodeLink link = attempts.open(address, hasty);
      if (link != null) {
        return link;
      }
      if (attempts.wasLate()) {
        late.add(address);
      }
    }
    if (hasty < options.connectTimeoutMillis()) {
      for (NodeAddress address : late) {
        NodeLink link = attempts.open(address, options.connectTimeoutMillis());
        if (link != null) {
          return link;
        }
      }
    }
    throw attempts.failure();
  }

  /** To open one link after the other until one is good. */
  private final class Attempts {
    private final Map<String, String> settings;
    private final Map<NodeAddress, String> failed;
    private @Nullable LinkException last;
    private @Nullable SQLException refusal;

    Attempts(Map<String, String> settings, Map<NodeAddress, String> failed) {
      this.settings = settings;
      this.failed = failed;
    }

    /** Null when it was not to be had. */
    @Nullable NodeLink open(NodeAddress address, int timeoutMillis) throws SQLException {
      try {
        return link(address, settings, timeoutMillis);
      } catch (LinkException e) {
        last = e;
        failed.put(address, String.valueOf(e.getMessage()));
        fail(address, e);
      } catch (SQLException e) {
        if (!isOfThisNode(e.getSQLState())) {
          throw e;
        }
        last = null;
        refusal = e;
        failed.put(address, String.valueOf(e.getMessage()));
      }
      return null;
    }

    /** Too busy, in trouble, or not there yet, as a node that loads a snapshot: another may do. */
    private boolean isOfThisNode(String sqlState) {
      return sqlState.startsWith("53") || sqlState.startsWith("08") || sqlState.startsWith("57P");
    }

    boolean wasLate() {
      return last != null && last.getCause() instanceof SocketTimeoutException;
    }

    LinkException failure() throws SQLException {
      if (refusal != null) {
        throw refusal;
      }
      String tried = failed.isEmpty() ? "no other node is known" : String.join("; ", reasons());
      return LinkException.unreachable("no node of the cluster could be reached: " + tried, last);
    }

    private List<String> reasons() {
      return new ArrayList<>(failed.values());
    }
  }

  private NodeLink link(NodeAddress address, Map<String, String> settings, int timeoutMillis)
      throws LinkException, SQLException {
    NodeLink existing = open.get(address);
    if (existing != null) {
      return existing;
    }
    Cluster joined = cluster;
    NodeAddress dial = joined == null ? address : joined.state(address).dial();
    Greeting greeting = new Greeting(CLIENT, options, settings, nonces);
    NodeLink link = NodeLink.open(new Dial(dial, options.tls(), timeoutMillis), greeting);
    if (joined != null) {
      admit(joined, address, link);
    }
    NodeLink sameNode = open.get(link.address());
    if (sameNode != null) {
      link.bye();
      return sameNode;
    }
    open.put(link.address(), link);
    if (joined != null) {
      link.attach(joined);
    }
    return link;
  }

  /** Makes sure that it is the node that was meant. */
  private void admit(Cluster joined, NodeAddress meant, NodeLink link) throws LinkException {
    String other = "";
    if (!link.welcome().cluster().equals(joined.id())) {
      other = " belongs to another cluster, " + link.welcome().cluster();
    } else if (!link.address().equals(meant) && !options.contacts().contains(meant)) {
      other = " is answered for by " + link.address();
    }
    if (!other.isEmpty()) {
      link.bye();
      throw LinkException.unreachable(meant + other, null);
    }
    joined.met(link.dialled(), link.address());
    joined.learn(joined.state(link.address()), link.welcome().state());
  }

  private void fail(NodeAddress address, LinkException failure) {
    Cluster joined = cluster;
    if (joined != null) {
      NodeState node = joined.state(address);
      node.failed(String.valueOf(failure.getMessage()));
      if (!failure.sent()) {
        node.notReachedAt(node.dial());
      }
    }
  }

  /** Closes links beyond the bound, the longest unused first. */
  void trim(@Nullable NodeLink inTransaction) {
    if (open.size() <= LINKS_MAX) {
      return;
    }
    Iterator<NodeLink> oldest = open.values().iterator();
    while (open.size() > LINKS_MAX && oldest.hasNext()) {
      NodeLink link = oldest.next();
      if (link != inTransaction && !link.hasOpenCursors()) {
        oldest.remove();
        link.bye();
      }
    }
  }

  /** Its node may be gone: nobody asks it first until it is heard of. */
  void drop(NodeLink link, LinkException loss) {
    drop(link);
    fail(link.address(), loss);
  }

  /** Nothing is wrong with its node. */
  void drop(NodeLink link) {
    link.close();
    open.remove(link.address(), link);
    if (link.address().equals(connected)) {
      connected = null;
    }
  }

  void closeAll(boolean politely) {
    for (NodeLink link : open.values()) {
      if (politely) {
        link.bye();
      } else {
        link.close();
      }
    }
    open.clear();
  }
}
