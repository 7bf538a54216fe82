package io.quorate.driver.route;

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
  private final long stalenessMillis;
  private final boolean quorate;
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
        state.stalenessMillis(nowNanos),
        state.quorate(),
        state.trouble(nowNanos));
  }

  NodeView(
      NodeAddress address,
      @Nullable Member member,
      boolean leads,
      long latencyNanos,
      int inFlight,
      long stalenessMillis,
      boolean quorate,
      String trouble) {
    this.address = address;
    this.member = member;
    this.leads = leads;
    this.latencyNanos = latencyNanos;
    this.inFlight = inFlight;
    this.stalenessMillis = stalenessMillis;
    this.quorate = quorate;
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

  /** -1 if unknown. */
  long stalenessMillis() {
    return stalenessMillis;
  }

  boolean quorate() {
    return quorate;
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
