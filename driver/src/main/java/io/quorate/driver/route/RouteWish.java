package io.quorate.driver.route;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one request wants of its node. Made by {@link #of} and the {@code with…} methods; immutable,
 * as long as its sets are left alone.
 */
final class RouteWish {
  /** How new a read must be: the values of {@code read_level}. */
  enum Level {
    SESSION,
    LOCAL,
    BOUNDED,
    LINEARIZABLE;

    /** The level of that name; the server is the judge of others, which are taken for SESSION. */
    static Level of(String name) {
      for (Level level : values()) {
        if (level.name().equalsIgnoreCase(name)) {
          return level;
        }
      }
      return SESSION;
    }
  }

  private final Exchange.Way way;
  private final RoutePreference preference;
  private final Level level;
  private final long stalenessMaxMillis;
  private final Set<NodeAddress> avoid;
  private final Collection<NodeAddress> open;
  private final @Nullable NodeAddress home;
  private final Collection<NodeAddress> contacts;

  private RouteWish(
      Exchange.Way way,
      RoutePreference preference,
      Level level,
      long stalenessMaxMillis,
      Set<NodeAddress> avoid,
      Collection<NodeAddress> open,
      @Nullable NodeAddress home,
      Collection<NodeAddress> contacts) {
    this.way = way;
    this.preference = preference;
    this.level = level;
    this.stalenessMaxMillis = stalenessMaxMillis;
    this.avoid = avoid;
    this.open = open;
    this.home = home;
    this.contacts = contacts;
  }

  static RouteWish of(Exchange.Way way, RoutePreference preference) {
    return new RouteWish(way, preference, Level.SESSION, -1, Set.of(), Set.of(), null, Set.of());
  }

  /**
   * @param stalenessMaxMillis for {@link Level#BOUNDED}; -1 without a bound
   */
  RouteWish withLevel(Level wanted, long stalenessMaxMillis) {
    return new RouteWish(way, preference, wanted, stalenessMaxMillis, avoid, open, home, contacts);
  }

  /** Nodes at which this very request has failed. */
  RouteWish withAvoid(Set<NodeAddress> failed) {
    return new RouteWish(way, preference, level, stalenessMaxMillis, failed, open, home, contacts);
  }

  /**
   * @param links nodes to which the connection has a link
   * @param last the node that it read from the last time
   */
  RouteWish withLinks(Collection<NodeAddress> links, @Nullable NodeAddress last) {
    return new RouteWish(way, preference, level, stalenessMaxMillis, avoid, links, last, contacts);
  }

  /** The nodes that {@link ReadTarget#CONTACT} means. */
  RouteWish withContacts(Collection<NodeAddress> nodes) {
    return new RouteWish(way, preference, level, stalenessMaxMillis, avoid, open, home, nodes);
  }

  Exchange.Way way() {
    return way;
  }

  RoutePreference preference() {
    return preference;
  }

  Level level() {
    return level;
  }

  long stalenessMaxMillis() {
    return stalenessMaxMillis;
  }

  Set<NodeAddress> avoid() {
    return avoid;
  }

  boolean hasOpen(NodeView node) {
    return open.contains(node.address());
  }

  @Nullable NodeAddress home() {
    return home;
  }

  boolean isContact(NodeView node) {
    return contacts.contains(node.address());
  }
}
