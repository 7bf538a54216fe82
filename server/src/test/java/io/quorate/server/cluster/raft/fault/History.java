package io.quorate.server.cluster.raft.fault;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.server.cluster.MemberId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All that was seen of one cluster, and the invariants over it. Each observation is compared with
 * what was seen before, so a violation is found at the step that shows it; the first one is kept.
 *
 * <p>An acknowledged entry stands in the chain of entries from then on. Every member's entries are
 * compared with that chain, each with its predecessor and the hash over all before it. So equality
 * of prefixes covers that nothing acknowledged is lost, as long as members go on applying, which
 * the end of a run makes sure of.
 *
 * <p>Thread-safe.
 */
final class History {
  private static final int EVENTS_KEPT = 60;

  private final long startNanos = System.nanoTime();
  private final Map<Long, Entry> chain = new ConcurrentHashMap<>();
  private final Map<Long, MemberId> leaders = new ConcurrentHashMap<>();
  private final Map<Long, Long> attempts = new ConcurrentHashMap<>();
  private final Map<Long, Long> effects = new ConcurrentHashMap<>();
  private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();
  private final Set<Long> refused = ConcurrentHashMap.newKeySet();
  private final Set<MemberId> joined = ConcurrentHashMap.newKeySet();
  private final Map<MemberId, StoredVote> votes = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Ack> latestAck = new AtomicReference<>();
  private final AtomicReference<@Nullable Violation> violation = new AtomicReference<>();
  private final MemberLogs logs = new MemberLogs(this);
  final AtomicInteger crashes = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger doubts = new AtomicInteger();
  final AtomicInteger refusals = new AtomicInteger();
  final AtomicInteger snapshotsLoaded = new AtomicInteger();
  final AtomicInteger joinedBySnapshot = new AtomicInteger();
  final AtomicInteger changes = new AtomicInteger();
  final AtomicInteger learnerReads = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<String> events = new ArrayDeque<>();

  /**
   * An entry that a member has applied.
   *
   * @param previous index of the entry before it that is not the log's own
   * @param hash over all entries up to this
   */
  record Entry(long previous, long term, Command command, long hash) {}

  /** Of a request and the index at which it took effect. */
  record Ack(long request, long index) {}

  /** What went wrong, with the events before it. */
  record Violation(String kind, String detail, List<String> events) {}

  private record StoredVote(long term, String candidate) {}

  // Events

  void event(String text) {
    String line = "%8.3f %s".formatted((System.nanoTime() - startNanos) / 1e9, text);
    lock.lock();
    try {
      events.add(line);
      if (events.size() > EVENTS_KEPT) {
        events.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  void violated(String kind, String detail) {
    event(kind + ": " + detail);
    lock.lock();
    try {
      violation.compareAndSet(null, new Violation(kind, detail, new ArrayList<>(events)));
    } finally {
      lock.unlock();
    }
  }

  Optional<Violation> violation() {
    return Optional.ofNullable(violation.get());
  }

  /** What the members' logs hold. */
  MemberLogs logs() {
    return logs;
  }

  /** A member begins with an empty disk beside the first ones. */
  void joins(MemberId member) {
    event(member + " joins");
    joined.add(member);
  }

  boolean hasJoined(MemberId member) {
    return joined.contains(member);
  }

  int joined() {
    return joined.size();
  }

  // The log

  /** A member has applied the entry at {@code index}, anew or again. */
  void applied(MemberId member, long index, Entry entry) {
    Entry known = chain.putIfAbsent(index, entry);
    if (known != null && !known.equals(entry)) {
      violated("DIVERGED", member + " applied " + entry + " at " + index + ", known is " + known);
      return;
    }
    if (known != null) {
      return;
    }
    logs.applied(member, index, entry.term());
    long attempt = entry.command().attempt();
    Long other = attempts.putIfAbsent(attempt, index);
    if (other != null && other != index) {
      violated("TWICE_IN_LOG", "attempt " + attempt + " stands at " + other + " and " + index);
    }
    if (refused.contains(attempt)) {
      violated("REFUSED_BUT_IN_LOG", entry + " at " + index);
    }
  }

  /** The request had its effect at {@code index}. */
  void effect(MemberId member, long request, long index) {
    Long other = effects.putIfAbsent(request, index);
    if (other != null && other != index) {
      violated(
          "APPLIED_TWICE",
          "request " + request + " at " + other + " and on " + member + " " + index);
    }
  }

  /** A member has taken over a state that reaches to {@code index}. */
  void restored(MemberId member, long index, long hash) {
    Entry known = chain.get(index);
    if (index > 0 && (known == null || known.hash() != hash)) {
      violated("DIVERGED", member + " loaded a snapshot up to " + index + ", known is " + known);
    }
  }

  Optional<Entry> entry(long index) {
    return Optional.ofNullable(chain.get(index));
  }

  // Leaders and votes

  boolean hasLed(MemberId member) {
    return leaders.containsValue(member);
  }

  void leads(MemberId member, long term) {
    event(member + " leads term " + term);
    MemberId other = leaders.putIfAbsent(term, member);
    if (other != null && !other.equals(member)) {
      violated("TWO_LEADERS", other + " and " + member + " in term " + term);
    }
    logs.leads(member, term);
  }

  /** The member has stored this, or has read it after a restart. */
  void voted(MemberId member, long term, String candidate) {
    if (!candidate.isEmpty()) {
      logs.voted(member, term, MemberId.parse(candidate));
    }
    StoredVote next = new StoredVote(term, candidate);
    StoredVote last = votes.put(member, next);
    if (last == null) {
      return;
    }
    if (term < last.term()) {
      violated("TERM_WENT_BACK", member + " from " + last + " to " + next);
    } else if (term == last.term()
        && !last.candidate().isEmpty()
        && !last.candidate().equals(candidate)) {
      violated("VOTE_CHANGED", member + " from " + last + " to " + next);
    }
  }

  // Proposals and reads

  void acknowledged(Command command, long index) {
    Entry entry = chain.get(index);
    if (entry == null || entry.command().request() != command.request()) {
      violated("ACKNOWLEDGED_ELSEWHERE", command + " at " + index + ", where stands " + entry);
    }
    acknowledged.put(command.request(), index);
    Ack mine = new Ack(command.request(), index);
    latestAck.accumulateAndGet(
        mine, (a, ignored) -> a != null && a.index() >= mine.index() ? a : mine);
  }

  void refused(Command command) {
    refusals.incrementAndGet();
    refused.add(command.attempt());
    Long index = attempts.get(command.attempt());
    if (index != null) {
      violated("REFUSED_BUT_IN_LOG", command + " at " + index);
    }
  }

  /** The acknowledgement with the highest index so far. */
  Ack latestAck() {
    Ack latest = latestAck.get();
    return latest == null ? new Ack(0, 0) : latest;
  }

  Map<Long, Long> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  int elections() {
    return leaders.size();
  }

  long lastIndex() {
    return chain.keySet().stream().max(Comparator.naturalOrder()).orElse(0L);
  }
}
