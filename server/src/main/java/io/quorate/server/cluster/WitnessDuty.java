package io.quorate.server.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a witness does while it leads: it hands over, to the voter with rows that has come furthest.
 * It leads only where its log was the newest of a majority's; the entries that the others lack are
 * shipped to them before one takes over.
 *
 * <p>Confined to the timer; does not block.
 */
public final class WitnessDuty implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(WitnessDuty.class);

  private final MemberId self;
  private final Consensus consensus;
  private final Function<MemberId, OptionalLong> progress;

  /** Attempts of this leadership: one that answers and does not take over is not asked forever. */
  private int attempts;

  /**
   * @param progress how far a member has come; empty for one that is not heard
   */
  public WitnessDuty(
      MemberId self, Consensus consensus, Function<MemberId, OptionalLong> progress) {
    this.self = self;
    this.consensus = consensus;
    this.progress = progress;
  }

  @Override
  public void run() {
    Consensus.Role role = consensus.role();
    if (role == Consensus.Role.CANDIDATE) {
      // It hands over right now, or its leadership is about to begin.
      return;
    }
    Consensus.Membership membership = consensus.membership();
    if (role != Consensus.Role.LEADER || !membership.witnesses().contains(self)) {
      attempts = 0;
      return;
    }
    List<MemberId> heard =
        membership.dataVoters().stream()
            .filter(voter -> progress.apply(voter).isPresent())
            .sorted(Comparator.comparingLong(this::distance))
            .toList();
    if (heard.isEmpty()) {
      return;
    }
    MemberId next = heard.get(attempts % heard.size());
    attempts++;
    log.atInfo().addKeyValue("to", next).log("the witness hands the leadership over");
    var unused =
        consensus
            .transferLeadership(next)
            .exceptionally(
                refused -> {
                  log.atInfo()
                      .addKeyValue("to", next)
                      .addKeyValue("cause", refused.getMessage())
                      .log("not handed over");
                  return null;
                });
  }

  private long distance(MemberId voter) {
    return -progress.apply(voter).orElse(0);
  }
}
