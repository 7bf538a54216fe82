package io.quorate.server;

import io.quorate.server.admin.MembershipChanges;
import io.quorate.server.tx.Control;

/** A limit that no log keeps. */
final class FakeFollowerLimit implements FollowerLimit {
  int followers = MembershipChanges.FOLLOWERS_MAX;
  boolean newest = true;

  /** Runs before each write, to throw. */
  Runnable before = () -> {};

  @Override
  public int get() {
    return followers;
  }

  @Override
  public boolean isNewest() {
    return newest;
  }

  @Override
  public void set(int limit, Control control) {
    before.run();
    followers = limit;
  }
}
