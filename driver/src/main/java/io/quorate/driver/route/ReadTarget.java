package io.quorate.driver.route;

import io.quorate.driver.wire.WireTopology.Role;
import java.util.Locale;
import java.util.Optional;

/** Where reads outside of a transaction may go: the values of the option {@code target}. */
public enum ReadTarget {
  ANY(true),
  /** The hosts of the URL and no others. */
  CONTACT(false),
  LEADER(false),
  FOLLOWER(false),
  LEARNER(false),
  PREFER_LEADER(true),
  PREFER_FOLLOWER(true),
  PREFER_LEARNER(true);

  private final boolean othersToo;

  ReadTarget(boolean othersToo) {
    this.othersToo = othersToo;
  }

  /** The target of this name, such as {@code prefer-follower}. */
  public static Optional<ReadTarget> of(String name) {
    for (ReadTarget target : values()) {
      if (target.text().equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(target);
      }
    }
    return Optional.empty();
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a node that does not fit will do when there is no other. */
  boolean othersToo() {
    return othersToo;
  }

  boolean fits(NodeView node) {
    switch (this) {
      case ANY:
      case CONTACT:
        return true;
      case LEADER:
      case PREFER_LEADER:
        return node.leads();
      case FOLLOWER:
      case PREFER_FOLLOWER:
        return node.role() == Role.VOTER && !node.leads();
      case LEARNER:
      case PREFER_LEARNER:
        return node.role() == Role.LEARNER;
    }
    throw new IllegalStateException("unreachable: " + this);
  }
}
