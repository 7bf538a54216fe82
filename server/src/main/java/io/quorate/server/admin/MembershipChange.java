package io.quorate.server.admin;

import io.quorate.server.config.IdentityConfig;

/** What an operator may change of the membership, of one node or of all. */
public sealed interface MembershipChange {

  /** The node that it is about; empty where it is about none. */
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

  /**
   * There may be so many followers and witnesses beside the leader from then on.
   *
   * @param followers from 0 to {@link MembershipChanges#FOLLOWERS_MAX}
   */
  record LimitFollowers(int followers) implements MembershipChange {
    @Override
    public String node() {
      return "";
    }
  }
}
