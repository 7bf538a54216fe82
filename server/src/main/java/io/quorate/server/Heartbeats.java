package io.quorate.server;

import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.format.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What the other members have answered, and when. One is <em>silent</em> when it has not answered
 * within the timeout, and <em>late</em> from when it is heard again until it shows what the leader
 * had then.
 *
 * <pre>
 *   answers ──── timeout passes ────▶ silent ──── an answer ────▶ late ──┐
 *      ▲                                                                 │ it has what it missed
 *      └─────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Thread-safe: the timer asks, answers arrive on the notifier, operators read.
 */
final class Heartbeats {
  /** A member that has not answered so many questions in a row cannot be reached. */
  private static final int MISSED_MAX = 3;

  private final Duration timeout;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final Map<MemberId, Heard> heard = new ConcurrentHashMap<>();

  /** Questions without an answer since the last one. */
  private final Map<MemberId, Integer> missed = new ConcurrentHashMap<>();

  /** The revision that a late member must show. */
  private final Map<MemberId, Long> owed = new ConcurrentHashMap<>();

  /**
   * @param nanoClock monotonic
   */
  Heartbeats(Duration timeout, InstantSource clock, LongSupplier nanoClock) {
    this.timeout = timeout;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  /**
   * The last answer of a member.
   *
   * @param askedNanos when it was asked for, so that its ages count from before it spoke
   */
  record Heard(NodeStatus status, long beats, Instant at, long nanos, long askedNanos) {
    /** Answers may overtake each other. */
    private Heard followedBy(Heard next) {
      Heard newest = next.askedNanos - askedNanos >= 0 ? next : this;
      return new Heard(newest.status, beats + next.beats, next.at, next.nanos, newest.askedNanos);
    }
  }

  /** Forgets who is no member any more. */
  void retain(Membership membership) {
    heard.keySet().retainAll(membership.all());
    missed.keySet().retainAll(membership.all());
    owed.keySet().retainAll(membership.all());
  }

  /** A question is sent that a member which can be reached answers soon. */
  void asked(MemberId member) {
    missed.merge(member, 1, Integer::sum);
  }

  /**
   * An answer has come.
   *
   * @param beats how many heartbeats it stands for
   * @param leaderApplied the revision that the leader shows, as far as this node knows
   */
  void hear(MemberId member, NodeStatus status, int beats, long askedNanos, long leaderApplied) {
    Heard before = heard.get(member);
    if (before != null && isSilent(before)) {
      owed.put(member, leaderApplied);
    }
    owed.computeIfPresent(
        member, (late, revision) -> status.getApplied() >= revision ? null : revision);
    Heard fresh = new Heard(status, beats, clock.instant(), nanoClock.getAsLong(), askedNanos);
    heard.merge(member, fresh, Heard::followedBy);
    missed.remove(member);
  }

  /** The last answer; one that is silent and says nothing where there was none. */
  Heard of(MemberId member) {
    Heard last = heard.get(member);
    if (last != null) {
      return last;
    }
    long now = nanoClock.getAsLong();
    return new Heard(
        NodeStatus.newBuilder().setMember(member.toString()).build(),
        0,
        Instant.EPOCH,
        now - 2 * timeout.toNanos(),
        now);
  }

  /** What a node says of itself, now. */
  Heard own(NodeStatus status) {
    long now = nanoClock.getAsLong();
    return new Heard(status, 0, clock.instant(), now, now);
  }

  boolean isSilent(Heard of) {
    return nanoClock.getAsLong() - of.nanos > timeout.toNanos();
  }

  /** Whether it is back, and has not caught up. */
  boolean isLate(MemberId member) {
    return owed.containsKey(member);
  }

  boolean isReachable(MemberId member, Heard of) {
    return missed.getOrDefault(member, 0) <= MISSED_MAX && !isSilent(of);
  }
}
