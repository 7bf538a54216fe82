package io.quorate.server.tx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.replica.Replica;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes on the node that leads.
 *
 * <pre>
 *  autocommit:   view ─▶ evaluate ─▶ lock keys ─▶ does the newest view show what was seen?
 *                          ▲                        │ no: again, locks kept     │ yes
 *                          └────────────────────────┘                           ▼
 *  transaction:  snapshot ─▶ each statement locks, compares, buffers ─▶ commit ─▶ propose ─▶ applied
 *                                                                                 │
 *                                                      locks go when readers see it
 * </pre>
 *
 * <p>Thread-safe. A statement blocks its caller's thread. All that waits here ends with the
 * leadership: locks are of one epoch, and the log takes a write only under the epoch in which it
 * was evaluated.
 */
public final class Transactions {
  private final Replica replica;
  private final Catalogs catalogs;
  private final TxConfig config;
  private final LongSupplier nanoClock;
  private final CommitPipeline pipeline;
  private final Set<Transaction> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock turn = new ReentrantLock();

  @GuardedBy("turn")
  private Leadership latest;

  /**
   * @param nanoClock monotonic, the one that deadlines stand on
   * @param ownClient drawn at random: names the requests that no client has named
   */
  public Transactions(
      Replica replica, Catalogs catalogs, TxConfig config, LongSupplier nanoClock, long ownClient) {
    this.replica = replica;
    this.catalogs = catalogs;
    this.config = config;
    this.nanoClock = nanoClock;
    this.pipeline = new CommitPipeline(replica, ownClient);
    this.latest = newLeadership(-1);
  }

  /** Whether writes are taken here. */
  public boolean isLeading() {
    return replica.proposer().isReady();
  }

  /**
   * The leadership that is in force.
   *
   * @throws QuorateException {@link ErrorCode#NO_LEADER} when this node does not lead, or not yet
   */
  Leadership requireLeadership() {
    long epoch = replica.proposer().epoch();
    if (epoch < 0) {
      throw new QuorateException(ErrorCode.NO_LEADER, "this node does not take writes");
    }
    turn.lock();
    try {
      if (latest.epoch() < epoch) {
        latest = newLeadership(epoch);
      }
      if (latest.epoch() != epoch) {
        throw new QuorateException(ErrorCode.NO_LEADER, "the leadership has just ended");
      }
      return latest;
    } finally {
      turn.unlock();
    }
  }

  private Leadership newLeadership(long epoch) {
    return new Leadership(
        epoch,
        new LockTable(config.lockTimeout(), nanoClock, () -> replica.proposer().epoch() == epoch),
        new SequenceCounters());
  }

  boolean inForce(Leadership leadership) {
    return replica.proposer().epoch() == leadership.epoch();
  }

  /**
   * Runs statements as one write, all or nothing; each sees what those before it did.
   *
   * @throws QuorateException {@link ErrorCode#WRITE_CONFLICT} when others are always faster, {@link
   *     ErrorCode#NO_LEADER} when it certainly had no effect, {@link ErrorCode#OUTCOME_UNKNOWN}
   */
  public Written write(List<? extends Evaluation> statements, Request request, Control control) {
    Leadership leadership = requireLeadership();
    return pipeline.once(
        request,
        leadership.epoch(),
        control,
        proposal ->
            new AutocommitWrite(this, leadership, statements, control)
                .evaluateAndPropose(proposal));
  }

  /**
   * As {@link #write} of one statement, without waiting, neither for a lock nor for the log. What
   * comes is told on the thread that brings it, which must not be held up; it has no deadline.
   *
   * @param statement is short; it may be evaluated again by {@link #write} afterwards
   * @param request named by its client, and not sent before
   * @return null if this cannot be done or fails before it is proposed; then it had no effect
   */
  public @Nullable CompletableFuture<Written> writeNow(Evaluation statement, Request request) {
    Optional<RequestId> id = request.client();
    if (id.isEmpty() || request.repeated()) {
      return null;
    }
    try {
      return new ImmediateWrite(this, requireLeadership(), statement).propose(request, id.get());
    } catch (RuntimeException e) {
      // Whoever runs it again, where it may wait, meets the cause again and tells it.
      return null;
    }
  }

  /**
   * Keeps a part of a large value until a statement puts the value into a row. Doing so again does
   * no harm.
   *
   * @throws QuorateException as {@link #write} does
   */
  public Written stage(LobPart part, Request request, Control control) {
    return write(List.of(ofSystem(part::changes)), request, control);
  }

  /** A write of rows that are in no table of the catalog. */
  Evaluation ofSystem(Function<ReadView, Plan.Changes> changes) {
    return (view, identities) -> new Evaluation.Evaluated(catalogs.of(view), changes.apply(view));
  }

  /** Runs a DDL statement. */
  public Written redefine(Redefining statement, Request request, Control control) {
    Leadership leadership = requireLeadership();
    return pipeline.once(
        request,
        leadership.epoch(),
        control,
        proposal ->
            new DefinitionWrite(this, leadership, statement, control).evaluateAndPropose(proposal));
  }

  /** Whether a DDL statement runs here. Does not wait. */
  boolean isDefining() {
    LockTable locks = requireLeadership().locks();
    LockTable.Owner nobody = new LockTable.Owner();
    boolean free =
        locks.tryAcquire(nobody, List.of(), Conflicts.definitions(List.of(Catalog.STORE_TABLE)));
    locks.release(nobody);
    return !free;
  }

  /** Begins a transaction, whose snapshot is now. */
  public Transaction begin() {
    Leadership leadership = requireLeadership();
    if (open.size() >= config.transactionsMax()) {
      throw new QuorateException(
          ErrorCode.OVERLOADED, config.transactionsMax() + " transactions are open");
    }
    Transaction transaction = new Transaction(this, leadership, newestView());
    open.add(transaction);
    return transaction;
  }

  /**
   * What became of a COMMIT that the client sent before and got no answer to. Afterwards it will
   * not run any more if it has not.
   *
   * @throws QuorateException {@link ErrorCode#WRITE_CONFLICT} when it has not run
   */
  public Written resolveCommit(Request request, Control control) {
    return pipeline.resolve(request, requireLeadership().epoch(), control);
  }

  /** Rolls back the transactions that are idle for too long or of an ended leadership. */
  public void expire() {
    long now = nanoClock.getAsLong();
    for (Transaction transaction : open) {
      transaction.expire(now, config.idleTimeout());
    }
  }

  /** Transactions that are open. */
  public int count() {
    return open.size();
  }

  void ended(Transaction transaction) {
    open.remove(transaction);
  }

  CommitPipeline pipeline() {
    return pipeline;
  }

  Catalogs catalogs() {
    return catalogs;
  }

  long nanos() {
    return nanoClock.getAsLong();
  }

  ReadView newestView() {
    return replica.readView();
  }

  /** As {@link #newestView} where that does not have to wait; null elsewhere. */
  @Nullable ReadView newestViewNow() {
    return replica.readViewNow();
  }

  /** Whether a view opened now would show more than {@code view}. */
  boolean isOutdated(ReadView view) {
    return replica.store().publishedRevision() != view.revision();
  }

  int writeSetBytesMax() {
    return replica.proposer().writeSetBytesMax();
  }
}
