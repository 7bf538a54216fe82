package io.quorate.server.store;

/** All that one command changes. */
@FunctionalInterface
public interface ChangeSet {

  /** Hands every change over, in order; called once, with the store's lock held. */
  void writeTo(RowWriter writer);
}
