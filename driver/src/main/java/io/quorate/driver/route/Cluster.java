package io.quorate.driver.route;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.tls.ClientTls;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WireTopology.Member;
import io.quorate.driver.wire.WireTopology.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of a JVM to one cluster know together: its nodes, who leads, how each node
 * does, and the highest revision that any of them has seen. Thread-safe; statements read a volatile
 * field and atomics, the lock is for news of the topology and for links that come and go.
 *
 * <p>Bounded by the cluster's size: a node that is neither a member nor a contact point is
 * forgotten.
 */
final class Cluster {
  /** Contact points, and who asks: connections that share them share a cluster. Immutable. */
  static final class Entry {
    private final Set<NodeAddress> contacts;
    private final String user;
    private final String password;
    private final ClientTls tls;

    Entry(RouteOptions options) {
      this.contacts = Set.copyOf(options.contacts());
      this.user = options.user();
      this.password = options.password();
      this.tls = options.tls();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Entry)) {
        return false;
      }
      Entry that = (Entry) other;
      return contacts.equals(that.contacts)
          && user.equals(that.user)
          && password.equals(that.password)
          && tls.equals(that.tls);
    }

    @Override
    public int hashCode() {
      return contacts.hashCode() * 31 + user.hashCode();
    }
  }

  /** A node with its place in the topology, if it has one. */
  private static final class Place {
    private final NodeState state;
    private final @Nullable Member member;

    Place(NodeState state, @Nullable Member member) {
      this.state = state;
      this.member = member;
    }
  }

  /** What a node has told last. */
  private static final class Said {
    private final long epoch;
    private final String leader;

    Said(long epoch, String leader) {
      this.epoch = epoch;
      this.leader = leader;
    }
  }

  /** Since when a node leads, as far as is known here. */
  private static final class Reign {
    private final NodeAddress leader;
    private final long sinceNanos;

    Reign(NodeAddress leader, long sinceNanos) {
      this.leader = leader;
      this.sinceNanos = sinceNanos;
    }
  }

  /** All that the topology says. Immutable. */
  private static final class Known {
    private final List<Place> places;
    private final @Nullable NodeAddress leader;
    private final @Nullable Reign reign;
    private final Set<NodeAddress> contacts;

    Known(
        List<Place> places,
        @Nullable NodeAddress leader,
        @Nullable Reign reign,
        Set<NodeAddress> contacts) {
      this.places = places;
      this.leader = leader;
      this.reign = reign;
      this.contacts = contacts;
    }
  }

  private final String id;
  private final RouteOptions options;
  private final AtomicLong revision = new AtomicLong();
  private final Map<NodeAddress, NodeState> states = new ConcurrentHashMap<>();

  /** Contact points by what the node that was met there calls itself. */
  private final Map<NodeAddress, NodeAddress> aliases = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();

  /** The last news by the node that told it; the epochs of no others can be compared. */
  @GuardedBy("lock")
  private final Map<String, Said> said = new HashMap<>();

  @GuardedBy("lock")
  private @Nullable WireTopology topology;

  /** Weak, so that a connection that was forgotten instead of closed is still collected. */
  @GuardedBy("lock")
  private final Set<NodeLink> links = Collections.newSetFromMap(new WeakHashMap<>());

  private volatile Known known;

  /**
   * @param options of the connection that is the first; the watch goes by them
   */
  Cluster(String id, RouteOptions options) {
    this.id = id;
    this.options = options;
    this.known = known(null, null);
  }

  String id() {
    return id;
  }

  RouteOptions options() {
    return options;
  }

  // Revisions

  /** The highest that any connection has seen. */
  long revision() {
    return revision.get();
  }

  void saw(long seen) {
    if (seen > revision.get()) {
      revision.accumulateAndGet(seen, Math::max);
    }
  }

  // Nodes

  /** The numbers of a node; they outlive its place in the cluster as long as a link has them. */
  NodeState state(NodeAddress address) {
    return states.computeIfAbsent(own(address), NodeState::new);
  }

  /** What the node that was met there calls itself; the same address where nobody was. */
  NodeAddress own(NodeAddress dialled) {
    return aliases.getOrDefault(dialled, dialled);
  }

  /** A node was met. */
  void met(NodeAddress dialled, NodeAddress own) {
    NodeState state = states.computeIfAbsent(own, NodeState::new);
    state.reachedAt(dialled);
    state.alive();
    if (options.contacts().contains(dialled) && !own.equals(aliases.put(dialled, own))) {
      refresh();
    }
  }

  /** All nodes as they are now. */
  ClusterSnapshot snapshot() {
    Known now = known;
    long nanos = System.nanoTime();
    List<NodeView> views = new ArrayList<>(now.places.size());
    for (Place place : now.places) {
      boolean leads = place.state.address().equals(now.leader);
      views.add(new NodeView(place.state, place.member, leads, nanos));
    }
    return new ClusterSnapshot(views);
  }

  /** The nodes that {@link ReadTarget#CONTACT} means, by what they call themselves. */
  Set<NodeAddress> contacts() {
    return known.contacts;
  }

  /** Those to be watched: all that may get statements, and contact points while none lives. */
  Set<NodeAddress> watched() {
    Set<NodeAddress> members = new LinkedHashSet<>();
    boolean good = false;
    for (Place place : known.places) {
      if (place.member != null && place.member.role() != Role.WITNESS) {
        members.add(place.state.address());
        good |= place.state.trouble(System.nanoTime()).isEmpty();
      }
    }
    if (!good) {
      members.addAll(contacts());
    }
    return members;
  }

  // Topology

  /** Takes what an answer tells of the cluster. */
  void learn(NodeState from, SessionState told) {
    Optional<WireTopology> news = told.topology();
    if (news.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      Said before = said.get(news.get().self());
      boolean older = before != null && news.get().epoch() <= before.epoch;
      if (older || (!told.freshness().quorate() && othersAreQuorate(from))) {
        return;
      }
      said.put(news.get().self(), new Said(news.get().epoch(), news.get().leader()));
      NodeAddress leader = known.leader;
      Optional<NodeAddress> named = news.get().leaderMember().flatMap(Cluster::address);
      if (named.isPresent()) {
        // One that was cut off as leader says so still, when another one leads already.
        boolean again = before != null && before.leader.equals(news.get().leader());
        leader = again && isWell(leader) ? leader : named.get();
      } else if (from.address().equals(leader)) {
        leader = null;
      }
      topology = news.get();
      known = known(topology, leader);
    } finally {
      lock.unlock();
    }
  }

  private boolean isWell(@Nullable NodeAddress leader) {
    return leader != null && state(leader).trouble(System.nanoTime()).isEmpty();
  }

  /** A node that is cut off draws a cluster in which everybody else is away. */
  private boolean othersAreQuorate(NodeState but) {
    for (Place place : known.places) {
      if (place.state == but) {
        continue;
      }
      long now = System.nanoTime();
      Freshness said = place.state.freshness(now);
      if (said != null && said.quorate() && place.state.trouble(now).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Takes a hint, {@code host:port} or empty; whether it names another node than this. */
  boolean learnLeader(String hint, NodeAddress from) {
    Optional<NodeAddress> named = parse(hint);
    if (named.isEmpty()) {
      return false;
    }
    if (!named.get().equals(known.leader)) {
      lock.lock();
      try {
        known = known(topology, named.get());
      } finally {
        lock.unlock();
      }
    }
    return !named.get().equals(from);
  }

  private void refresh() {
    lock.lock();
    try {
      known = known(topology, known.leader);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Known known(@Nullable WireTopology drawn, @Nullable NodeAddress leader) {
    Map<NodeAddress, Place> places = new LinkedHashMap<>();
    List<Member> members = drawn == null ? List.of() : drawn.members();
    for (Member member : members) {
      address(member).ifPresent(a -> places.putIfAbsent(a, new Place(state(a), member)));
    }
    Set<NodeAddress> contacts = new HashSet<>();
    for (NodeAddress contact : options.contacts()) {
      contacts.add(own(contact));
      places.computeIfAbsent(own(contact), a -> new Place(state(a), null));
    }
    if (leader != null) {
      places.computeIfAbsent(leader, a -> new Place(state(a), null));
    }
    states.keySet().retainAll(places.keySet());
    if (drawn != null) {
      said.keySet().removeIf(name -> members.stream().noneMatch(m -> m.name().equals(name)));
    }
    return new Known(new ArrayList<>(places.values()), leader, reign(leader), Set.copyOf(contacts));
  }

  /** While nobody leads, the last one that did goes on for those who wait there. */
  private @Nullable Reign reign(@Nullable NodeAddress leader) {
    Known before = known;
    Reign reign = before == null ? null : before.reign;
    if (leader == null || (reign != null && reign.leader.equals(leader))) {
      return reign;
    }
    return new Reign(leader, System.nanoTime());
  }

  /**
   * Whether a call that waits at a node since then was sent to a leader in vain: another one has
   * been known to lead for that long, and became it meanwhile.
   */
  boolean isDeposed(NodeAddress node, long waitingSinceNanos, long forNanos) {
    Reign reign = known.reign;
    return reign != null
        && !reign.leader.equals(node)
        && reign.sinceNanos - waitingSinceNanos > 0
        && System.nanoTime() - reign.sinceNanos > forNanos;
  }

  private static Optional<NodeAddress> address(Member member) {
    return parse(member.address());
  }

  /** Empty for a member that has no address for clients: it takes none. */
  private static Optional<NodeAddress> parse(String address) {
    try {
      return address.isEmpty() ? Optional.empty() : Optional.of(NodeAddress.parse(address));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** How many nodes it has numbers of; for tests of the bound. */
  int nodesKept() {
    return states.size();
  }

  /** Of how many nodes it has the last news; for tests of the bound. */
  int tellersKept() {
    lock.lock();
    try {
      return said.size();
    } finally {
      lock.unlock();
    }
  }

  // Links

  void add(NodeLink link) {
    lock.lock();
    try {
      links.add(link);
    } finally {
      lock.unlock();
    }
  }

  void remove(NodeLink link) {
    lock.lock();
    try {
      links.remove(link);
    } finally {
      lock.unlock();
    }
  }

  /** The links of all connections. */
  List<NodeLink> links() {
    lock.lock();
    try {
      return new ArrayList<>(links);
    } finally {
      lock.unlock();
    }
  }
}
