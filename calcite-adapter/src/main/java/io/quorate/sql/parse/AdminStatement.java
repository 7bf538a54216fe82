package io.quorate.sql.parse;

import org.jspecify.annotations.Nullable;

/** A statement about nodes, ADMIN and its like: the words, whatever they mean to a node. */
public sealed interface AdminStatement {

  /** Whether it changes anything. */
  default boolean changes() {
    return !(this instanceof Show);
  }

  /** Whether it changes the membership of the cluster, and not only what this node is. */
  default boolean changesMembership() {
    return changes() && !(this instanceof SetRole);
  }

  /** What is shown. */
  enum Subject {
    CURRENT_NODE,
    NODE,
    NODES,
    VARIABLE,
    VARIABLES,
    CONFIGS,
    /** CHECK CLUSTER: whether all replicas have the same rows. */
    REPLICAS
  }

  /**
   * ADMIN SHOW, and CHECK CLUSTER.
   *
   * @param name of the node or the variable; null where all are meant, or the node itself
   */
  record Show(Subject subject, @Nullable String name) implements AdminStatement {}

  /** What a node is told to be. */
  enum Role {
    ADMIN,
    STANDALONE,
    LEADER,
    FOLLOWER,
    LEARNER,
    WITNESS
  }

  /**
   * ADMIN SET, and ADMIN CONNECT, which is the same with an address.
   *
   * @param name the node is to have; null for the one that it has
   * @param leader peer address of the leader; null where none was told
   */
  record SetRole(Role role, @Nullable String name, @Nullable String leader)
      implements AdminStatement {}

  /**
   * ADMIN ADD NODE.
   *
   * @param address where the node listens for other nodes
   * @param role what it becomes: a follower, a learner or a witness
   */
  record AddNode(String node, String address, Role role) implements AdminStatement {}

  /** ADMIN REMOVE NODE. */
  record RemoveNode(String node) implements AdminStatement {}

  /** ADMIN PROMOTE NODE. */
  record PromoteNode(String node, boolean whenReady) implements AdminStatement {}

  /** ADMIN TRANSFER LEADER TO. */
  record TransferLeader(String node) implements AdminStatement {}

  /**
   * SET CLUSTER.
   *
   * @param name in lower case
   * @param value without quotes; a bare word as names fold, so in upper case
   */
  record SetCluster(String name, String value) implements AdminStatement {}
}
