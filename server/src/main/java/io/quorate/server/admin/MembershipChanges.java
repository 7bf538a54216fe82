package io.quorate.server.admin;

import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;

/** Makes changes of the membership. Thread-safe. */
public interface MembershipChanges {
  /**
   * Followers and witnesses beside the leader, where nothing else is set, and at most: a larger
   * majority costs every commit (FEATURES I-17).
   */
  int FOLLOWERS_MAX = 4;

  /** How many followers and witnesses there may be beside the leader, as this node knows. */
  int followersMax();

  /**
   * Makes the change, here or on the leader; one that is made already is done at once. Blocks until
   * it is in force.
   *
   * @param cancel asked while it waits; a change that has begun goes on without who asked for it
   * @throws QuorateException when it is refused, there is no leader, or it is not in force by the
   *     deadline; {@link io.quorate.driver.ErrorCode#OUTCOME_UNKNOWN} says that it may be later
   */
  void make(MembershipChange change, Deadline deadline, CancelFlag cancel);
}
