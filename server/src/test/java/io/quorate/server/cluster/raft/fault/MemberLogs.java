package io.quorate.server.cluster.raft.fault;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of every member as far as it is durable there, who voted for whom, and which changes of
 * the membership were asked for. From these three it computes by itself whether a leader was
 * elected, and an entry agreed on, by a majority of those who were voters then: a second road to
 * what the consensus claims.
 *
 * <p>A member tells of an entry after its sync and before it acknowledges it, so whatever was
 * acknowledged is known here. The membership of an index is that of the last entry of its kind at
 * or before it, in the same log (Raft dissertation, 4.1).
 *
 * <p>Thread-safe.
 */
final class MemberLogs {
  private final History history;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<MemberId, Mirror> logs = new HashMap<>();

  /** Who voted, by term and candidate. */
  @GuardedBy("lock")
  private final Map<Long, Map<MemberId, Set<MemberId>>> votes = new HashMap<>();

  @GuardedBy("lock")
  private final List<Asked> asked = new ArrayList<>();

  @GuardedBy("lock")
  private final Set<Made> made = new HashSet<>();

  /** Who was ever meant to vote. */
  @GuardedBy("lock")
  private final Set<MemberId> everVoters = new HashSet<>();

  /** Memberships by index, up to the last index that is known to be agreed on. */
  @GuardedBy("lock")
  private final TreeMap<Long, LoggedMembership> agreed = new TreeMap<>();

  @GuardedBy("lock")
  private long agreedUpTo;

  MemberLogs(History history) {
    this.history = history;
  }

  /** One step of a change; there are no others. */
  record Step(Kind kind, MemberId member) {
    enum Kind {
      VOTER_IN,
      LEARNER_IN,
      OUT
    }
  }

  /**
   * A step that was asked of a leader, and the terms in which that may have put it into its log.
   */
  static final class Asked {
    private final Step step;
    private final long from;
    private long to = Long.MAX_VALUE;

    private Asked(Step step, long from) {
      this.step = step;
      this.from = from;
    }

    private boolean covers(Step other, long term) {
      return step.equals(other) && term >= from && term <= to;
    }
  }

  /** A step that stands in a log. */
  private record Made(Step step, long term, long index) {}

  // What is told

  /** The membership that a cluster begins with. */
  void begins(List<MemberId> voters) {
    lock.lock();
    try {
      agreed.put(0L, LoggedMembership.stable(new Membership(voters, List.of())));
      everVoters.addAll(voters);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A leader is about to be asked.
   *
   * @param term the leader's, before it is called
   */
  Asked asking(Step step, long term) {
    lock.lock();
    try {
      Asked next = new Asked(step, term);
      asked.add(next);
      if (step.kind() == Step.Kind.VOTER_IN) {
        everVoters.add(step.member());
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** The call has returned, in {@code term}: a later leadership does not go on with it. */
  void asked(Asked question, long term) {
    lock.lock();
    try {
      question.to = term;
    } finally {
      lock.unlock();
    }
  }

  /** The leader says that it is done: then it is agreed on. */
  void acknowledged(Asked question) {
    lock.lock();
    try {
      boolean found = false;
      for (Made change : List.copyOf(made)) {
        found |=
            question.covers(change.step(), change.term())
                && isAgreed(change.index(), change.term());
      }
      if (!found) {
        history.violated("CHANGE_NOT_MADE", question.step + " was acknowledged; made are " + made);
      }
    } finally {
      lock.unlock();
    }
  }

  void voted(MemberId member, long term, MemberId candidate) {
    lock.lock();
    try {
      votes
          .computeIfAbsent(term, unused -> new HashMap<>())
          .computeIfAbsent(candidate, unused -> new HashSet<>())
          .add(member);
      if (!everVoters.contains(member)) {
        history.violated("LEARNER_VOTES", member + " for " + candidate + " in " + term);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The member has read its log at a start.
   *
   * @param first index of the first entry
   * @param last index of the last entry
   */
  void opened(MemberId member, long first, long last) {
    lock.lock();
    try {
      Mirror mirror = logs.computeIfAbsent(member, unused -> new Mirror());
      if (mirror.last() > last) {
        history.violated(
            "LOG_LOST", member + " had entries up to " + mirror.last() + ", has up to " + last);
      } else {
        mirror.keep(first);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The index behind the last that is known of the member. */
  long next(MemberId member) {
    lock.lock();
    try {
      return log(member).last() + 1;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The entry is durable on the member.
   *
   * @param membership empty where the entry is none
   */
  void stored(MemberId member, long index, long term, Optional<LoggedMembership> membership) {
    lock.lock();
    try {
      Mirror mirror = log(member);
      if (index != mirror.last() + 1) {
        history.violated("GAP", member + " stores " + index + " behind " + mirror.last());
        return;
      }
      if (membership.isPresent()) {
        membershipAt(mirror, index - 1)
            .ifPresent(before -> compare(before, membership.get(), index, term));
        mirror.memberships.put(index, membership.get());
      }
      mirror.add(term);
    } finally {
      lock.unlock();
    }
  }

  /** The member has cut its log off behind {@code last}. */
  void cut(MemberId member, long last) {
    lock.lock();
    try {
      Mirror mirror = log(member);
      if (last < mirror.last()) {
        mirror.cut(last);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The member has let go what a snapshot covers, which may reach farther than its log. */
  void keeps(MemberId member, long first) {
    lock.lock();
    try {
      log(member).keep(first);
    } finally {
      lock.unlock();
    }
  }

  /** The member has taken a snapshot over, its log begins at {@code next}. */
  void beginsAt(MemberId member, long next) {
    lock.lock();
    try {
      log(member).beginAt(next);
    } finally {
      lock.unlock();
    }
  }

  // What is held against it

  /** Somebody is the first to apply this entry. */
  void applied(MemberId member, long index, long term) {
    lock.lock();
    try {
      if (!isAgreed(index, term)) {
        history.violated(
            "NOT_AGREED",
            "%s applied %d of term %d, which is on %s, in %s"
                .formatted(member, index, term, holders(index, term), membershipOf(index, term)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** A leader tells that it has begun, after its first entry. */
  void leads(MemberId leader, long term) {
    lock.lock();
    try {
      Set<MemberId> given = votes.getOrDefault(term, Map.of()).getOrDefault(leader, Set.of());
      for (Mirror mirror : logs.values()) {
        Optional<LoggedMembership> electors =
            mirror.firstOf(term).flatMap(first -> membershipAt(mirror, first - 1));
        if (electors.isPresent()) {
          if (!electors.get().hasVoter(leader) || !electors.get().hasMajority(given)) {
            history.violated(
                "NOT_ELECTED",
                "%s leads %d with the votes of %s, in %s"
                    .formatted(leader, term, given, electors.get()));
          }
          return;
        }
      }
      history.violated("LEADS_WITHOUT_ENTRY", leader + " in term " + term);
    } finally {
      lock.unlock();
    }
  }

  /** The membership at the end of the member's log. */
  Optional<LoggedMembership> membership(MemberId member) {
    lock.lock();
    try {
      Mirror mirror = log(member);
      return membershipAt(mirror, mirror.last());
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Mirror log(MemberId member) {
    return logs.computeIfAbsent(member, unused -> new Mirror());
  }

  /**
   * Two memberships that follow each other differ in one step at most, and that was asked for. What
   * changes the voters is made when the ones of before do not count any more.
   */
  @GuardedBy("lock")
  private void compare(LoggedMembership before, LoggedMembership after, long index, long term) {
    List<Step> begun = steps(before.now(), after.now());
    boolean sound =
        after.isJoint()
            ? after.leaving().equals(before.isJoint() ? before.leaving() : before.now().voters())
            : !before.isJoint() || begun.isEmpty();
    boolean wanted = true;
    for (Step step : begun) {
      wanted &= asked.stream().anyMatch(question -> question.covers(step, term));
    }
    if (!sound || !wanted || begun.size() > 1) {
      history.violated(
          "UNASKED_CHANGE", "from %s to %s at %d of %d".formatted(before, after, index, term));
    }
    if (!after.isJoint()) {
      Membership left =
          before.isJoint()
              ? new Membership(before.leaving(), before.now().learners())
              : before.now();
      steps(left, after.now()).forEach(step -> made.add(new Made(step, term, index)));
    }
  }

  private static List<Step> steps(Membership before, Membership after) {
    List<Step> steps = new ArrayList<>();
    without(after.voters(), before.voters())
        .forEach(member -> steps.add(new Step(Step.Kind.VOTER_IN, member)));
    without(after.learners(), before.learners())
        .forEach(member -> steps.add(new Step(Step.Kind.LEARNER_IN, member)));
    without(before.all(), after.all())
        .forEach(member -> steps.add(new Step(Step.Kind.OUT, member)));
    return steps;
  }

  private static List<MemberId> without(List<MemberId> all, List<MemberId> some) {
    return all.stream().filter(member -> !some.contains(member)).toList();
  }

  /** Empty where the log begins behind a snapshot of which too little is known. */
  @GuardedBy("lock")
  private Optional<LoggedMembership> membershipAt(Mirror mirror, long index) {
    Map.Entry<Long, LoggedMembership> own = mirror.memberships.floorEntry(index);
    if (own != null) {
      return Optional.of(own.getValue());
    }
    return mirror.begin - 1 > agreedUpTo
        ? Optional.empty()
        : Optional.of(agreed.floorEntry(mirror.begin - 1).getValue());
  }

  /**
   * Whether this entry, or one behind it in the same log, is on a majority of those who were voters
   * at that one's index; notes it as agreed if so, for its caller knows that it was claimed.
   */
  @GuardedBy("lock")
  private boolean isAgreed(long index, long term) {
    for (Mirror mirror : logs.values()) {
      if (mirror.holds(index, term) && isAgreed(mirror, index)) {
        if (index > agreedUpTo) {
          agreed.putAll(mirror.memberships.subMap(agreedUpTo, false, index, true));
          agreedUpTo = index;
        }
        return true;
      }
    }
    return false;
  }

  /** Each membership of the log counts for the entries from its own to the one before the next. */
  @GuardedBy("lock")
  private boolean isAgreed(Mirror mirror, long index) {
    long end = mirror.last();
    while (end >= index) {
      Optional<LoggedMembership> membership = membershipAt(mirror, end);
      Long begin = mirror.memberships.floorKey(end);
      long from = Math.max(index, begin == null ? index : begin);
      if (membership.isPresent()) {
        long common = from;
        long last = end;
        List<MemberId> holding =
            logs.entrySet().stream()
                .filter(other -> other.getValue().commonWith(mirror, last) >= common)
                .map(Map.Entry::getKey)
                .toList();
        if (membership.get().hasMajority(holding)) {
          return true;
        }
      }
      end = from - 1;
    }
    return false;
  }

  @GuardedBy("lock")
  private List<MemberId> holders(long index, long term) {
    return logs.entrySet().stream()
        .filter(entry -> entry.getValue().holds(index, term))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @GuardedBy("lock")
  private Optional<LoggedMembership> membershipOf(long index, long term) {
    return logs.values().stream()
        .filter(log -> log.holds(index, term))
        .findFirst()
        .flatMap(log -> membershipAt(log, index));
  }

  /** The terms and memberships of one log; what a snapshot covers is not looked into. */
  private static final class Mirror {
    private final TreeMap<Long, LoggedMembership> memberships = new TreeMap<>();
    private long begin = 1;
    private long[] terms = new long[1024];
    private int count;

    long last() {
      return begin + count - 1;
    }

    void add(long term) {
      if (count == terms.length) {
        terms = Arrays.copyOf(terms, 2 * count);
      }
      terms[count++] = term;
    }

    void cut(long last) {
      count = (int) Math.max(0, last - begin + 1);
      memberships.tailMap(last, false).clear();
    }

    /** What is known of entries before stays: whoever had them has them still, if in a snapshot. */
    void keep(long first) {
      if (first > last() + 1) {
        beginAt(first);
      }
    }

    void beginAt(long next) {
      begin = next;
      count = 0;
      memberships.clear();
    }

    boolean holds(long index, long term) {
      return index >= begin && index <= last() && termAt(index) == term;
    }

    private long termAt(long index) {
      return terms[(int) (index - begin)];
    }

    /** Index of the first entry of a term, if the one before it is known to be of another. */
    Optional<Long> firstOf(long term) {
      for (int at = count - 1; at >= 0 && terms[at] >= term; at--) {
        if (terms[at] == term && (at == 0 ? begin == 1 : terms[at - 1] < term)) {
          return Optional.of(begin + at);
        }
      }
      return Optional.empty();
    }

    /**
     * The last index up to {@code end} at which both logs have the same entry, and so the same
     * before it; what a snapshot covers is common to all.
     */
    long commonWith(Mirror other, long end) {
      long index = Math.min(end, last());
      while (index >= begin && index >= other.begin && termAt(index) != other.termAt(index)) {
        index--;
      }
      return begin > end ? end : index;
    }
  }
}
