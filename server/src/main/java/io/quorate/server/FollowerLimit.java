package io.quorate.server;

import io.quorate.server.tx.Control;

/** How many followers and witnesses there may be beside the leader, as the log says. */
interface FollowerLimit {

  /** As this node shows it now. Thread-safe. */
  int get();

  /** Whether this node leads, and shows all that was acknowledged. Thread-safe. */
  boolean isNewest();

  /** Writes it, where this node leads. Thread-safe; blocks as writes do. */
  void set(int followers, Control control);
}
