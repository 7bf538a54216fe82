package io.quorate.server.dispatch;

import io.quorate.server.cluster.Consensus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Knows how old what this replica shows can be at most, without comparing the clocks of two
 * machines.
 *
 * <p>A question goes to the leader at a time {@code asked} of this node's own clock: how far does
 * the log reach? The answer is a revision, and it arrives once it is applied here. Whatever was
 * acknowledged to anyone before {@code asked} lies at or below that revision, whoever led meanwhile
 * (ReadIndex, Raft dissertation 6.4). So a view that shows the revision misses, at any later time
 * {@code now}, nothing that was acknowledged longer than {@code now - asked} ago.
 *
 * <pre>
 *           asked                 answered      now
 *  ───────────┼───────────────────────┼──────────┼────▶  this node's monotonic clock
 *  shown, all of it │ shown or not, who knows    │
 *                   └──── staleness at most ─────┘
 * </pre>
 *
 * <p>One question is asked every {@linkplain #tick tick}, so that every answer can tell its bound
 * for nothing, and one more when a read {@linkplain #askSince wants} a better one; reads that want
 * the same share it. A replica that applies late gets its answers late, and so knows it is behind.
 *
 * <p>Thread-safe; never blocks longer than a few assignments take. {@link #newest} is one volatile
 * read.
 */
public final class FreshnessGauge {
  private final Consensus consensus;
  private final LongSupplier applied;
  private final LongSupplier nanoClock;
  private final Timing timing;
  private final ReentrantLock turn = new ReentrantLock();

  /** Written under {@link #turn}, as are the others; only grows. */
  private volatile Mark newest = Mark.NONE;

  /** When a majority was last known to follow a leader; only grows. */
  private volatile Mark quorumSeen = Mark.NONE;

  /** The last question, answered or not. */
  private volatile Question latest;

  /** When the first question was asked that nothing was heard of since. */
  private volatile Mark unanswered = Mark.NONE;

  /**
   * @param applied the revision that readers see at the moment
   * @param nanoClock monotonic
   */
  public FreshnessGauge(
      Consensus consensus, LongSupplier applied, LongSupplier nanoClock, Timing timing) {
    this.consensus = consensus;
    this.applied = applied;
    this.nanoClock = nanoClock;
    this.timing = timing;
    this.latest =
        new Question(
            nanoClock.getAsLong(),
            CompletableFuture.failedFuture(new IllegalStateException("nothing was asked")));
  }

  /**
   * How long to wait for what.
   *
   * @param patience a question that has no answer for so long does not hold up the next
   * @param quorate how long after a sign of a majority there is said to be one
   */
  public record Timing(Duration patience, Duration quorate) {
    public static final Timing DEFAULT = new Timing(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  /**
   * A view at or above {@code revision} shows whatever was acknowledged before {@code askedNanos}.
   *
   * @param known false for what nothing is known of; the numbers mean nothing then
   */
  public record Mark(boolean known, long askedNanos, long revision) {
    public static final Mark NONE = new Mark(false, 0, 0);

    /** What another node vouches for: any view that came with it has it. */
    public static Mark of(long askedNanos) {
      return new Mark(true, askedNanos, 0);
    }

    /** Whether it vouches for more than {@code other}; nanoseconds may wrap. */
    boolean isAfter(Mark other) {
      return known && (!other.known || askedNanos - other.askedNanos > 0);
    }

    /** Whether it vouches for what was acknowledged before that time. */
    boolean covers(long nanos) {
      return known && askedNanos - nanos >= 0;
    }
  }

  private record Question(long askedNanos, CompletableFuture<Mark> answer) {}

  /** Asks in the background, unless an answer is awaited that may still come. */
  public void tick() {
    Question last = latest;
    long now = nanoClock.getAsLong();
    if (last.answer.isDone() || now - last.askedNanos > timing.patience.toNanos()) {
      var unused = askSince(now);
    }
  }

  /**
   * Completes once a view opened afterwards shows what was acknowledged before {@code nanos}; fails
   * when the question does. Shares the question that is under way if that is late enough.
   */
  CompletableFuture<Mark> askSince(long nanos) {
    Question next;
    turn.lock();
    try {
      Question last = latest;
      if (!last.answer.isDone() && last.askedNanos - nanos >= 0) {
        return last.answer;
      }
      next = new Question(nanoClock.getAsLong(), new CompletableFuture<>());
      latest = next;
      if (!unanswered.known) {
        unanswered = Mark.of(next.askedNanos);
      }
    } finally {
      turn.unlock();
    }
    ask(next);
    return next.answer;
  }

  private void ask(Question question) {
    var unused =
        consensus
            .readBarrier()
            .whenComplete(
                (index, problem) -> {
                  if (problem == null) {
                    question.answer.complete(answered(question.askedNanos, index));
                  } else {
                    question.answer.completeExceptionally(problem);
                  }
                });
  }

  /** The index may be that of an entry of the log's own, behind which nothing is to be shown. */
  private Mark answered(long askedNanos, long index) {
    Mark mark = new Mark(true, askedNanos, Math.min(index, applied.getAsLong()));
    turn.lock();
    try {
      if (mark.isAfter(newest)) {
        newest = mark;
      }
      if (mark.covers(unanswered.askedNanos)) {
        unanswered = Mark.NONE;
      }
    } finally {
      turn.unlock();
    }
    quorumSeen(askedNanos);
    return mark;
  }

  /** Tells that the leader knew of its majority at that time of this node's clock. */
  public void quorumSeen(long nanos) {
    Mark mark = Mark.of(nanos);
    turn.lock();
    try {
      if (mark.isAfter(quorumSeen)) {
        quorumSeen = mark;
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * The best that is known now. Taken before a view is opened, it holds for the view, for views
   * only show more.
   */
  public Mark newest() {
    return newest;
  }

  /** Whether a view opened now shows what was acknowledged before {@code nanos}. */
  boolean coversSince(long nanos) {
    return newest.covers(nanos);
  }

  /**
   * How old a view of {@code revision} can be now, in milliseconds, rounded up; -1 if unknown.
   *
   * @param atOpening the mark taken before the view was opened; later ones may know better
   */
  public long stalenessMillis(long revision, Mark atOpening) {
    Mark best = newest;
    return age(revision < best.revision || !best.isAfter(atOpening) ? atOpening : best);
  }

  /** How old a view opened now can be, in milliseconds, rounded up; -1 if unknown. */
  public long stalenessMillis() {
    return age(newest);
  }

  private long age(Mark mark) {
    return mark.known ? millisUp(nanoClock.getAsLong() - mark.askedNanos) : -1;
  }

  private static long millisUp(long nanos) {
    return Math.max(0, nanos + 999_999) / 1_000_000;
  }

  /**
   * Whether no question has been answered for longer than that, although some were asked: this
   * replica applies late, or reaches no leader.
   */
  public boolean isWaiting(Duration longer) {
    Mark since = unanswered;
    return since.known && nanoClock.getAsLong() - since.askedNanos > longer.toNanos();
  }

  /** Whether a majority was lately known to follow a leader. */
  public boolean isQuorate() {
    Mark seen = quorumSeen;
    return seen.known && nanoClock.getAsLong() - seen.askedNanos <= timing.quorate.toNanos();
  }

  /** Whether a majority was ever known to follow a leader, since this node started. */
  public boolean wasQuorate() {
    return quorumSeen.known;
  }

  long nanos() {
    return nanoClock.getAsLong();
  }
}
