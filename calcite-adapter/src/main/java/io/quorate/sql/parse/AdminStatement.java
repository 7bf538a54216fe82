package io.quorate.sql.parse;

import org.jspecify.annotations.Nullable;

/** A statement about nodes, ADMIN: the words, whatever they mean to a node. */
public sealed interface AdminStatement {

  /** Whether it changes the membership. */
  default boolean changes() {
    return !(this instanceof Show);
  }

  /** What is shown. */
  enum Subject {
    CURRENT_NODE,
    NODE,
    NODES,
    VARIABLE,
    VARIABLES,
    CONFIGS
  }

  /**
   * ADMIN SHOW.
   *
   * @param name of the node or the variable; null where all are meant, or the node itself
   */
  record Show(Subject subject, @Nullable String name) implements AdminStatement {}

  /** ADMIN REMOVE NODE. */
  record RemoveNode(String node) implements AdminStatement {}

  /** ADMIN PROMOTE NODE. */
  record PromoteNode(String node, boolean whenReady) implements AdminStatement {}

  /** ADMIN TRANSFER LEADER TO. */
  record TransferLeader(String node) implements AdminStatement {}
}
