package io.quorate.driver.route;

import io.quorate.driver.wire.Freshness;

/** Who gave an answer, and how fresh it is. Immutable. */
public final class Answered {
  private final String node;
  private final NodeAddress address;
  private final long revision;
  private final Freshness freshness;
  private final String level;

  Answered(String node, NodeAddress address, long revision, Freshness freshness, String level) {
    this.node = node;
    this.address = address;
    this.revision = revision;
    this.freshness = freshness;
    this.level = level;
  }

  /** What the node calls itself. */
  public String node() {
    return node;
  }

  public NodeAddress address() {
    return address;
  }

  /** That the rows show, or that a write has made. */
  public long revision() {
    return revision;
  }

  public Freshness freshness() {
    return freshness;
  }

  /** Of reading or of committing, as the request was one or the other. */
  public String level() {
    return level;
  }
}
