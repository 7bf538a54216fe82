package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.config.IdentityConfig.Role;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Control;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How many members of each kind there may be. Witnesses take the places of followers, since a
 * majority counts them (adr/0042). Thread-safe.
 */
final class Places {
  static final int LEARNERS_MAX = 255;

  private final MemberId self;
  private final FollowerLimit limit;

  Places(MemberId self, FollowerLimit limit) {
    this.self = self;
    this.limit = limit;
  }

  int followersMax() {
    return limit.get();
  }

  /**
   * Passes where there is a place for one more.
   *
   * @throws QuorateException with the limit
   */
  void require(Membership membership, Role role) {
    if (role == Role.LEARNER) {
      if (membership.learners().size() >= LEARNERS_MAX) {
        throw new QuorateException(
            ErrorCode.TOO_MANY_LEARNERS, "Too many learner, limit: " + LEARNERS_MAX);
      }
      return;
    }
    int followers = limit.get();
    // One of the voters leads.
    if (membership.voters().size() > followers) {
      throw new QuorateException(
          ErrorCode.TOO_MANY_FOLLOWERS, "Too many followers, limit: " + followers);
    }
  }

  /**
   * Passes where what was set before this node led counts for it already.
   *
   * @throws QuorateException that is worth another try
   */
  void requireNewest(Role role) {
    if (role != Role.LEARNER && !limit.isNewest()) {
      throw notYet();
    }
  }

  /** As {@link #requireNewest} for a voter, after some waiting. */
  void awaitNewest(ChangePatience patience) {
    if (!patience.poll(limit::isNewest)) {
      throw notYet();
    }
  }

  private static QuorateException notYet() {
    return new QuorateException(
        ErrorCode.NO_LEADER, "the node that leads takes no writes yet; try again");
  }

  /**
   * Sets how many followers there may be, where this node leads. Blocks as writes do; no voter may
   * enter meanwhile.
   *
   * @return done
   * @throws QuorateException when there are more already, with their names
   */
  CompletableFuture<Void> limit(Membership membership, int followers, ChangePatience patience) {
    awaitNewest(patience);
    List<String> present =
        membership.voters().stream()
            .filter(voter -> !voter.equals(self))
            .map(MemberId::name)
            .sorted()
            .toList();
    if (present.size() > followers) {
      throw new QuorateException(
          ErrorCode.TOO_MANY_FOLLOWERS,
          "Too many followers, limit: %d; there are %d, %s: remove some first"
              .formatted(followers, present.size(), String.join(", ", present)));
    }
    limit.set(followers, new Control(patience.deadline(), patience.cancel()));
    return CompletableFuture.completedFuture(null);
  }
}
