package io.quorate.driver;

import java.time.Duration;
import java.util.Optional;

/** Who answered a statement, and what that node could vouch for. Immutable. */
public final class Receipt {
  private final String node;
  private final String address;
  private final long revision;
  private final long stalenessMillis;
  private final boolean quorate;
  private final String level;

  /** As the answer says it; a staleness of -1 ms is an unknown one. */
  Receipt(
      String node,
      String address,
      long revision,
      long stalenessMillis,
      boolean quorate,
      String level) {
    this.node = node;
    this.address = address;
    this.revision = revision;
    this.stalenessMillis = stalenessMillis;
    this.quorate = quorate;
    this.level = level;
  }

  /** Name of the node that answered. A write may have been passed on by it. */
  public String node() {
    return node;
  }

  /** Where that node takes clients, {@code host:port}. */
  public String address() {
    return address;
  }

  /** The revision that the rows show; of a write, the one that it made. */
  public long revision() {
    return revision;
  }

  /**
   * Everything that was acknowledged to anybody longer ago than this, as of the answer, is shown;
   * empty where the node could not tell.
   */
  public Optional<Duration> staleness() {
    return stalenessMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(stalenessMillis));
  }

  /** Whether the node had lately heard from a leader that a majority follows. */
  public boolean quorate() {
    return quorate;
  }

  /** The {@code read_level} of what returned rows, the {@code commit_level} of all else. */
  public String level() {
    return level;
  }

  @Override
  public String toString() {
    return node
        + " at "
        + address
        + ", revision "
        + revision
        + staleness().map(bound -> ", at most " + bound.toMillis() + " ms old").orElse("")
        + (quorate ? "" : ", no quorum")
        + ", "
        + level;
  }
}
