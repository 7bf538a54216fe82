package io.quorate.server;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.dispatch.MajorityWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Tells the side of a partition that no leader can come from. This node is cut off when a majority
 * has not shown itself lately and, beside that, fewer voters than a majority answer heartbeats: an
 * election that takes its time among voters who hear each other is none of that.
 *
 * <p>A node that has just started has heard nobody yet; until it has seen a majority for the first
 * time it hopes for a while. Thread-safe; does not block.
 */
final class VoterContact implements MajorityWatch {
  private final Consensus consensus;
  private final FreshnessGauge gauge;
  private final Predicate<MemberId> answers;
  private final Duration firstHope;
  private final LongSupplier nanoClock;
  private final long startNanos;

  /**
   * @param answers whether a member has answered within the heartbeat timeout; true of this node
   * @param firstHope how long after the start a majority is hoped for that never showed itself
   * @param nanoClock monotonic
   */
  VoterContact(
      Consensus consensus,
      FreshnessGauge gauge,
      Predicate<MemberId> answers,
      Duration firstHope,
      LongSupplier nanoClock) {
    this.consensus = consensus;
    this.gauge = gauge;
    this.answers = answers;
    this.firstHope = firstHope;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
  }

  @Override
  public Optional<String> whyCutOff() {
    if (gauge.isQuorate() || (!gauge.wasQuorate() && isYoung())) {
      return Optional.empty();
    }
    List<MemberId> voters = consensus.membership().voters();
    List<MemberId> silent = voters.stream().filter(answers.negate()).toList();
    int needed = voters.size() / 2 + 1;
    int reached = voters.size() - silent.size();
    if (voters.isEmpty() || reached >= needed) {
      return Optional.empty();
    }
    return Optional.of(
        "this node is cut off: %d of %d voters answer it, %d are needed (%s silent); it serves reads below LINEARIZABLE, and no writes"
            .formatted(
                reached,
                voters.size(),
                needed,
                silent.stream().map(MemberId::name).sorted().collect(Collectors.joining(", "))));
  }

  private boolean isYoung() {
    return nanoClock.getAsLong() - startNanos < firstHope.toNanos();
  }
}
