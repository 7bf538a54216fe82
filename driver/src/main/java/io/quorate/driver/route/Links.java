package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WireTopology.Member;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one logical connection, and what is known of the cluster: who leads, who else
 * there is. Confined to the thread that holds the router's lock.
 */
final class Links {
  /** The leader, a replica to read from, and two that were one of these a moment ago. */
  static final int LINKS_MAX = 4;

  /** A node that could not be reached is tried last for so long. */
  private static final long AVOID_NANOS = 10_000_000_000L;

  private final RouteOptions options;
  private final Random random;
  private final LinkWatch watch;
  private final Map<NodeAddress, NodeLink> open = new LinkedHashMap<>(8, 0.75f, true);
  private final Map<NodeAddress, Long> failedAtNanos = new LinkedHashMap<>();
  private @Nullable WireTopology topology;
  private @Nullable NodeAddress leader;
  private @Nullable NodeAddress reader;

  Links(RouteOptions options, Random random, LinkWatch watch) {
    this.watch = watch;
    this.options = options;
    this.random = random;
  }

  /**
   * Opens the first link, to any of the contact points.
   *
   * @throws SQLException 08001 with all that was tried, or what the node says that refuses
   */
  NodeLink openFirst(Map<String, String> settings) throws SQLException {
    try {
      NodeLink first = openAny(shuffled(options.contacts()), settings, Set.of());
      if (options.target() == ReadTarget.CONTACT
          || (options.target() == ReadTarget.ANY && options.contacts().size() > 1)) {
        reader = first.address();
      }
      return first;
    } catch (LinkException e) {
      throw SqlExceptions.of(ErrorCode.CONNECTION_FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * A link to the leader, or, where the leader is not known or not to be reached, to a node that
   * will pass the request on.
   *
   * @param avoid nodes that have just failed
   * @throws LinkException when no other node is to be reached
   */
  NodeLink leader(Map<String, String> settings, Set<NodeAddress> avoid)
      throws LinkException, SQLException {
    Set<NodeAddress> candidates = new LinkedHashSet<>();
    if (leader != null) {
      candidates.add(leader);
    }
    candidates.addAll(open.keySet());
    candidates.addAll(everyone());
    return openAny(candidates, settings, avoid);
  }

  /**
   * A link for a read.
   *
   * @throws LinkException when no node that fits is to be reached
   */
  NodeLink reader(Map<String, String> settings, Set<NodeAddress> avoid)
      throws LinkException, SQLException {
    if (reader != null && !avoid.contains(reader)) {
      NodeLink link = open.get(reader);
      if (link != null && fits(reader)) {
        return link;
      }
    }
    NodeLink chosen = openAny(readCandidates(), settings, avoid);
    reader = chosen.address();
    return chosen;
  }

  private boolean fits(NodeAddress address) {
    WireTopology known = topology;
    if (known == null
        || options.target() == ReadTarget.ANY
        || options.target() == ReadTarget.CONTACT) {
      return true;
    }
    return members(member -> options.target().fits(known, member)).contains(address);
  }

  private Collection<NodeAddress> readCandidates() {
    WireTopology known = topology;
    if (known == null || options.target() == ReadTarget.CONTACT) {
      return shuffled(options.contacts());
    }
    ReadTarget target = options.target();
    Set<NodeAddress> candidates = new LinkedHashSet<>();
    candidates.addAll(shuffled(members(m -> target.fits(known, m) && m.reachable())));
    candidates.addAll(shuffled(members(m -> target.fits(known, m))));
    if (target.othersToo()) {
      candidates.addAll(everyone());
    }
    return candidates;
  }

  private List<NodeAddress> members(Predicate<Member> filter) {
    List<NodeAddress> addresses = new ArrayList<>();
    WireTopology known = topology;
    if (known != null) {
      known.members().stream()
          .filter(filter)
          .map(Member::address)
          .forEach(address -> parse(address, addresses));
    }
    return addresses;
  }

  /** All members, then the contact points, which may be names of the same. */
  private List<NodeAddress> everyone() {
    Set<NodeAddress> addresses = new LinkedHashSet<>(shuffled(members(member -> true)));
    addresses.addAll(shuffled(options.contacts()));
    return new ArrayList<>(addresses);
  }

  private static void parse(String address, Collection<NodeAddress> target) {
    try {
      target.add(NodeAddress.parse(address));
    } catch (IllegalArgumentException e) {
      // A member without an address for clients: it takes none.
      return;
    }
  }

  private NodeLink openAny(
      Collection<NodeAddress> candidates, Map<String, String> settings, Set<NodeAddress> avoid)
      throws LinkException, SQLException {
    List<String> reasons = new ArrayList<>();
    LinkException last = null;
    SQLException refusal = null;
    for (NodeAddress address : lastFailedLast(candidates)) {
      // Asking a node again that has just answered is worth more than waiting for a dead one.
      if (avoid.contains(address) || (!avoid.isEmpty() && isDoubtful(address))) {
        continue;
      }
      try {
        return link(address, settings);
      } catch (LinkException e) {
        failedAtNanos.put(address, System.nanoTime());
        reasons.add(String.valueOf(e.getMessage()));
        last = e;
      } catch (SQLException e) {
        if (!e.getSQLState().startsWith("53") && !e.getSQLState().startsWith("08")) {
          throw e;
        }
        refusal = e;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    String tried = reasons.isEmpty() ? "no other node is known" : String.join("; ", reasons);
    throw LinkException.unreachable("no node of the cluster could be reached: " + tried, last);
  }

  /** Keeps the order, but nodes that failed a moment ago come last, unless a link is open. */
  private List<NodeAddress> lastFailedLast(Collection<NodeAddress> candidates) {
    List<NodeAddress> good = new ArrayList<>();
    List<NodeAddress> doubtful = new ArrayList<>();
    for (NodeAddress address : candidates) {
      (isDoubtful(address) ? doubtful : good).add(address);
    }
    good.addAll(doubtful);
    return good;
  }

  private boolean isDoubtful(NodeAddress address) {
    Long failedAt = failedAtNanos.get(address);
    return failedAt != null
        && System.nanoTime() - failedAt < AVOID_NANOS
        && !open.containsKey(address);
  }

  private NodeLink link(NodeAddress address, Map<String, String> settings)
      throws LinkException, SQLException {
    NodeLink existing = open.get(address);
    if (existing != null) {
      return existing;
    }
    Greeting greeting = new Greeting(options, settings, random);
    NodeLink link = NodeLink.open(address, greeting, options.connectTimeoutMillis(), watch);
    failedAtNanos.remove(address);
    failedAtNanos.remove(link.address());
    NodeLink sameNode = open.get(link.address());
    if (sameNode != null) {
      link.bye();
      return sameNode;
    }
    open.put(link.address(), link);
    learn(link, link.welcome().state());
    return link;
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

  void learn(NodeLink from, SessionState state) {
    if (state.topology().isEmpty()) {
      return;
    }
    WireTopology news = state.topology().get();
    topology = news;
    if (news.leaderMember().isPresent()) {
      learnLeader(news.leaderMember().get().address());
    } else if (from.address().equals(leader)) {
      leader = null;
    }
  }

  /** Takes a hint, {@code host:port} or empty; whether it is news. */
  boolean learnLeader(String hint) {
    List<NodeAddress> hinted = new ArrayList<>();
    parse(hint, hinted);
    if (hinted.isEmpty() || hinted.get(0).equals(leader)) {
      return false;
    }
    leader = hinted.get(0);
    return true;
  }

  void drop(NodeLink link) {
    link.close();
    open.remove(link.address(), link);
    failedAtNanos.put(link.address(), System.nanoTime());
    if (link.address().equals(leader)) {
      leader = null;
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

  private List<NodeAddress> shuffled(List<NodeAddress> addresses) {
    List<NodeAddress> copy = new ArrayList<>(addresses);
    Collections.shuffle(copy, random);
    return copy;
  }
}
