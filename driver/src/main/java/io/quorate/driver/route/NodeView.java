package io.quorate.driver.route;

import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.WireTopology.Member;
import io.quorate.driver.wire.WireTopology.Role;
import org.jspecify.annotations.Nullable;

/** A node as a choice sees it: one moment of a {@link NodeState} and its place. Immutable. */
final class NodeView {
  private final NodeAddress address;
  private final @Nullable Member member;
  private final boolean leads;
  private final long latencyNanos;
  private final int inFlight;
  private final @Nullable Freshness freshness;
  private final String trouble;

  /**
   * As it is at that moment of {@link System#nanoTime}.
   *
   * @param member what the topology says of it; null for a contact point that no member admits to
   */
  NodeView(NodeState state, @Nullable Member member, boolean leads, long nowNanos) {
    this(
        state.address(),
        member,
        leads,
        state.latencyNanos(),
        state.inFlight(),
        state.freshness(nowNanos),
        state.trouble(nowNanos));
  }

  NodeView(
      NodeAddress address,
      @Nullable Member member,
      boolean leads,
      long latencyNanos,
      int inFlight,
      @Nullable Freshness freshness,
      String trouble) {
    this.address = address;
    this.member = member;
    this.leads = leads;
    this.latencyNanos = latencyNanos;
    this.inFlight = inFlight;
    this.freshness = freshness;
    this.trouble = trouble;
  }

  NodeAddress address() {
    return address;
  }

  boolean isMember() {
    return member != null;
  }

  /** Its name; empty where only an address is known. */
  String name() {
    return member == null ? "" : member.name();
  }

  String zone() {
    return member == null ? "" : member.zone();
  }

  /** Null where only an address is known. */
  @Nullable Role role() {
    return member == null ? null : member.role();
  }

  boolean leads() {
    return leads;
  }

  /** Whether the node that drew the topology had heard of it. */
  boolean reachable() {
    return member == null || member.reachable();
  }

  /** 0 if unknown. */
  long latencyNanos() {
    return latencyNanos;
  }

  int inFlight() {
    return inFlight;
  }

  /** Whether it has said how fresh it is, be it that it does not know. */
  boolean hasSpoken() {
    return freshness != null;
  }

  /** Upper bound for a read that begins now; -1 if unknown. */
  long stalenessMillis() {
    return freshness == null ? -1 : freshness.stalenessMillis();
  }

  /** Whether it said that a majority follows the leader it hears; false if unknown. */
  boolean quorate() {
    return freshness != null && freshness.quorate();
  }

  /** Why it is to be tried last; empty without a reason. */
  String trouble() {
    return trouble;
  }

  @Override
  public String toString() {
    return name().isEmpty() ? address.toString() : name();
  }
}
