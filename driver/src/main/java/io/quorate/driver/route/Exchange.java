package io.quorate.driver.route;

import io.quorate.driver.ErrorCode;
import io.quorate.driver.ErrorCode.RetryAdvice;
import io.quorate.driver.route.WatchTimes.Patience;
import io.quorate.driver.wire.Failure;
import io.quorate.driver.wire.Message;
import io.quorate.driver.wire.WriteStamp;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request until it has an answer, on as many nodes as that takes. Confined to the thread that
 * holds the router's lock.
 *
 * <p>What may be tried again, and how:
 *
 * <ul>
 *   <li>a read, or anything without effect: on another node at once;
 *   <li>a write with a stamp: the same request, marked as repeated, on whichever node there is.
 *       From the moment an answer was lost only that write's own answer tells its outcome; failures
 *       of later attempts to be heard do not;
 *   <li>a statement inside a transaction: never, for what came before is lost with the node;
 *   <li>a commit: as a write, for its stamp finds what became of it.
 * </ul>
 */
final class Exchange {
  private static final int REDIRECTS_MAX = 3;

  /** Where a request goes when no transaction decides that. */
  enum Way {
    READER,
    LEADER,
    /** For what changes nothing, and is best answered by who knows the newest. */
    INFORMED
  }

  /** Makes the message for one attempt. */
  interface Maker {
    Message make(WriteStamp stamp, Map<String, String> settings, long timeoutMillis);
  }

  /** What an exchange needs of its router. */
  interface Host {
    NodeLink choose(Way way, Set<NodeAddress> avoid) throws LinkException, SQLException;

    /** Sends to this link, notes what the answer tells beside its content. */
    Message send(
        NodeLink link, Maker maker, WriteStamp stamp, RetryWindow window, Patience patience)
        throws LinkException, SQLException;

    /** Takes a hint, which may be empty; whether it names another node than this link's. */
    boolean learnLeader(String hint, NodeLink from);

    /** Gives up a link that is lost, perhaps with its node. */
    void drop(NodeLink link, LinkException loss);

    /** Gives up a link whose session is of no more use; nothing is wrong with its node. */
    void drop(NodeLink link);

    boolean cancelled();
  }

  private final Host host;
  private final Way way;
  private final Maker maker;
  private final RetryWindow window;
  private final boolean stamped;
  private final boolean commit;
  private final Set<NodeAddress> avoid = new HashSet<>();
  private WriteStamp stamp;
  private @Nullable NodeLink pinned;
  private int redirects;
  private @Nullable LinkException lastLoss;
  private @Nullable SQLException lastTold;

  /**
   * @param stamp of a write; none for what has no effect, or has its effect with a commit
   * @param pinned the link that holds the transaction, if one is open
   * @param commit whether the request ends it
   */
  Exchange(
      Host host,
      Way way,
      Maker maker,
      RetryWindow window,
      WriteStamp stamp,
      @Nullable NodeLink pinned,
      boolean commit) {
    this.host = host;
    this.way = way;
    this.maker = maker;
    this.window = window;
    this.stamp = stamp;
    this.stamped = stamp.present();
    this.pinned = pinned;
    this.commit = commit;
  }

  /** An answer that is no failure, and the link it came from. */
  static final class Answer {
    private final NodeLink link;
    private final Message message;

    Answer(NodeLink link, Message message) {
      this.link = link;
      this.message = message;
    }

    NodeLink link() {
      return link;
    }

    Message message() {
      return message;
    }
  }

  Answer run() throws SQLException {
    while (true) {
      NodeLink link = pinned;
      if (link == null) {
        link = choose();
        if (link == null) {
          continue;
        }
      }
      try {
        Message message = host.send(link, maker, stamp, window, patience());
        if (!(message instanceof Failure)) {
          return new Answer(link, message);
        }
        onFailure(link, (Failure) message);
      } catch (LinkException e) {
        host.drop(link, e);
        onLoss(link, e);
      }
    }
  }

  private Patience patience() {
    if (pinned != null && !commit) {
      return Patience.HELD;
    }
    return way == Way.LEADER ? Patience.WRITE : Patience.READ;
  }

  /** A link; null when there was none and the exchange has waited for a better time. */
  private @Nullable NodeLink choose() throws SQLException {
    try {
      return host.choose(way, avoid);
    } catch (LinkException e) {
      SQLException told = lastTold;
      if (told != null && isCutOff(told)) {
        // Its side of a partition is the only one in reach; waiting would not change that.
        throw outcome(told);
      }
      if (told == null) {
        told = giveUp(avoid.isEmpty() || lastLoss == null ? e : lastLoss);
      }
      avoid.clear();
      pauseOr(outcome(told));
      return null;
    }
  }

  private void onFailure(NodeLink link, Failure failure) throws SQLException {
    boolean elsewhere = host.learnLeader(failure.leader(), link) && way != Way.READER;
    SQLException told = SqlExceptions.of(failure);
    if (pinned != null) {
      onFailureInTransaction(link, failure, told);
      return;
    }
    if (isCutOff(told)) {
      lastTold = told;
      avoid.add(link.address());
    } else if (failure.advice() == RetryAdvice.SAME_REQUEST && stamped) {
      stamp = stamp.again();
      pauseOr(told);
    } else if (isNoLeader(failure)
        || (elsewhere && isWithoutEffect(failure) && !isCancelled(failure))) {
      if (failure.state().inTransaction()) {
        host.drop(link);
      }
      if (elsewhere && redirects++ < REDIRECTS_MAX) {
        avoid.clear();
      } else {
        pauseOr(outcome(told));
        lastTold = told;
        avoid.add(link.address());
      }
    } else if (way == Way.READER && isOfThatNode(failure)) {
      lastTold = told;
      avoid.add(link.address());
    } else if (stamp.repeated() && isWithoutEffect(failure)) {
      pauseOr(outcome(told));
    } else {
      throw told;
    }
  }

  private void onFailureInTransaction(NodeLink link, Failure failure, SQLException told)
      throws SQLException {
    if (commit && failure.advice() == RetryAdvice.SAME_REQUEST) {
      stamp = stamp.again();
      pinned = null;
      pauseOr(told);
    } else if (commit && isNoLeader(failure) && failure.state().inTransaction()) {
      pauseOr(told);
    } else if (isNoLeader(failure) && !failure.state().inTransaction()) {
      throw lost(link, told);
    } else {
      throw told;
    }
  }

  private void onLoss(NodeLink link, LinkException loss) throws SQLException {
    lastLoss = loss;
    lastTold = null;
    if (loss.timedOut() && window.timedOut()) {
      throw stamped
          ? outcomeUnknown(loss)
          : SqlExceptions.of(
              ErrorCode.CANCELLED, "no answer within the timeout: " + loss.getMessage(), loss);
    }
    if (pinned != null && !commit) {
      throw lost(link, loss);
    }
    pinned = null;
    if (stamped && loss.sent()) {
      stamp = stamp.again();
    }
    avoid.add(link.address());
    if (!mayRetry()) {
      throw giveUp(loss);
    }
  }

  private void pauseOr(SQLException orElse) throws SQLException {
    if (!mayRetry()) {
      throw orElse;
    }
    window.pause();
  }

  private boolean mayRetry() {
    return window.mayRetry() && !host.cancelled() && !Thread.currentThread().isInterrupted();
  }

  /** The failure, unless an earlier attempt may have done the write. */
  private SQLException outcome(SQLException told) {
    return stamp.repeated() && !isOutcomeUnknown(told) ? outcomeUnknown(told) : told;
  }

  private static boolean isOutcomeUnknown(SQLException told) {
    return ErrorCode.OUTCOME_UNKNOWN.sqlState().equals(told.getSQLState());
  }

  private SQLException giveUp(LinkException last) {
    if (stamp.repeated()) {
      return outcomeUnknown(last);
    }
    if (host.cancelled()) {
      return SqlExceptions.of(ErrorCode.CANCELLED, "cancelled: " + last.getMessage(), last);
    }
    ErrorCode code = last.sent() ? ErrorCode.CONNECTION_LOST : ErrorCode.CONNECTION_FAILED;
    return SqlExceptions.of(code, String.valueOf(last.getMessage()), last);
  }

  private SQLException outcomeUnknown(Throwable last) {
    return SqlExceptions.of(
        ErrorCode.OUTCOME_UNKNOWN,
        "no answer for the write "
            + Long.toHexString(stamp.client())
            + "-"
            + stamp.sequence()
            + "; it may have been done, or may still be: "
            + last.getMessage(),
        last);
  }

  private static SQLException lost(NodeLink link, Throwable cause) {
    return SqlExceptions.of(
        ErrorCode.TRANSACTION_LOST,
        "the transaction was lost with its node "
            + link.address()
            + "; nothing of it was done: "
            + cause.getMessage(),
        cause);
  }

  private static boolean isNoLeader(Failure failure) {
    return failure.advice() == RetryAdvice.SAFE && failure.sqlState().startsWith("08");
  }

  private static boolean isCutOff(SQLException told) {
    return told.getErrorCode() == ErrorCode.NO_QUORUM.number();
  }

  /** Whether another node may well answer: this one is behind, or full. */
  private static boolean isOfThatNode(Failure failure) {
    return failure.advice() == RetryAdvice.OTHER_NODE
        || failure.sqlState().equals(ErrorCode.OVERLOADED.sqlState());
  }

  private static boolean isWithoutEffect(Failure failure) {
    return failure.advice() == RetryAdvice.SAFE || failure.advice() == RetryAdvice.OTHER_NODE;
  }

  /** It did nothing either, but that was somebody's wish. */
  private static boolean isCancelled(Failure failure) {
    return failure.sqlState().equals(ErrorCode.CANCELLED.sqlState());
  }
}
