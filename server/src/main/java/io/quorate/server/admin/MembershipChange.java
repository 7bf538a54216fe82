package io.quorate.server.admin;

import io.quorate.server.config.IdentityConfig;

/** What an operator may change of the membership, each of one node. */
public sealed interface MembershipChange {

  /** The node that it is about. */
  String node();

  /**
   * A node in mode admin becomes a member, under this name.
   *
   * @param address where it listens for other nodes, {@code host:port} as it was written
   * @param role with a vote and rows, or without one of them
   */
  record Add(String node, String address, IdentityConfig.Role role) implements MembershipChange {}

  /** The node is no member any more. */
  record Remove(String node) implements MembershipChange {}

  /**
   * A learner becomes a voter.
   *
   * @param whenReady whether to wait until it has caught up, instead of refusing
   */
  record Promote(String node, boolean whenReady) implements MembershipChange {}

  /** The node takes the leadership over. */
  record Transfer(String node) implements MembershipChange {}
}
