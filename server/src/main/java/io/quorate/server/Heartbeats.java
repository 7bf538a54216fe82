package io.quorate.server;

import io.quorate.server.admin.NodeRecord;
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
 * One that is silent, and has been asking this node all the while, has <em>lost connection</em>:
 * what is sent to it does not arrive. Of one that has only just become known, and was not heard
 * yet, nothing is known.
 *
 * <p>Thread-safe: the timer asks, answers and questions arrive on other threads, operators read.
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

  /** Since when a member is known to this node. */
  private final Map<MemberId, Long> known = new ConcurrentHashMap<>();

  private final Map<MemberId, Asking> asking = new ConcurrentHashMap<>();

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

  /** A member asks, without a pause as long as the timeout, from one moment to another. */
  private record Asking(long firstNanos, long lastNanos) {}

  /** Forgets who is no member any more, and notes who has become one. */
  void retain(Membership membership) {
    long now = nanoClock.getAsLong();
    membership.all().forEach(member -> known.putIfAbsent(member, now));
    known.keySet().retainAll(membership.all());
    asking.keySet().retainAll(membership.all());
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

  /** A member has asked this node how it is. */
  void askedBy(MemberId member) {
    long now = nanoClock.getAsLong();
    asking.merge(
        member,
        new Asking(now, now),
        (before, fresh) ->
            now - before.lastNanos > timeout.toNanos()
                ? fresh
                : new Asking(before.firstNanos, now));
  }

  /** What operators are shown of a member. */
  NodeRecord.Status statusOf(MemberId member, Heard of) {
    if (!isSilent(of)) {
      return isLate(member) ? NodeRecord.Status.TIMEOUT : NodeRecord.Status.ALIVE;
    }
    if (isAsking(member)) {
      return NodeRecord.Status.LOST_CONNECTION;
    }
    return heard.containsKey(member) || isKnownForLong(member)
        ? NodeRecord.Status.TIMEOUT
        : NodeRecord.Status.INVALID;
  }

  /** For longer than an answer takes: who is back may ask before it is asked. */
  private boolean isAsking(MemberId member) {
    Asking asks = asking.get(member);
    long now = nanoClock.getAsLong();
    return asks != null
        && now - asks.lastNanos <= timeout.toNanos()
        && asks.lastNanos - asks.firstNanos > timeout.toNanos();
  }

  private boolean isKnownForLong(MemberId member) {
    long now = nanoClock.getAsLong();
    return now - known.computeIfAbsent(member, first -> now) > timeout.toNanos();
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
