package io.quorate.server.tx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.ErrorCode;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.tx.Evaluation.Evaluated;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.lang.SavepointStep;
import io.quorate.sql.plan.Plan;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.StoreChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An explicit transaction under snapshot isolation: it reads the rows as they were when it began
 * and its own writes, and whoever of two writes a row first wins.
 *
 * <p>Its session uses it one call at a time; a timer may end it between two calls. A failure with
 * {@link ErrorCode#WRITE_CONFLICT} has ended it; any other leaves the statement undone and the
 * transaction open.
 */
public final class Transaction implements AutoCloseable {
  private final Transactions transactions;
  private final Leadership leadership;
  private final WriteBuffer buffer;
  private final LockTable.Owner owner = new LockTable.Owner();

  /** Held through each call, so that the timer sees whether one is under way. */
  private final ReentrantLock busy = new ReentrantLock();

  @GuardedBy("busy")
  private SharedView shared;

  @GuardedBy("busy")
  private ReadView snapshot;

  /** Whether something of the snapshot was told or written, so that no other can take its place. */
  @GuardedBy("busy")
  private boolean bound;

  @GuardedBy("busy")
  private boolean ended;

  /** Whether the locks go when the log has answered. */
  @GuardedBy("busy")
  private boolean locksAreTheLogs;

  /** Why the transaction was ended by another than its session; told once. */
  @GuardedBy("busy")
  private @Nullable QuorateException lost;

  @GuardedBy("busy")
  private long usedNanos;

  Transaction(Transactions transactions, Leadership leadership, ReadView view) {
    this.transactions = transactions;
    this.leadership = leadership;
    this.shared = new SharedView(view);
    this.snapshot = shared.hold();
    this.buffer = new WriteBuffer(transactions.writeSetBytesMax());
    this.usedNanos = transactions.nanos();
  }

  /** The position in the log that the transaction reads at. */
  public long revision() {
    busy.lock();
    try {
      return snapshot.revision();
    } finally {
      busy.unlock();
    }
  }

  /** The rows as this transaction sees them now; to be closed, and may outlive it. */
  public ReadView view() {
    return view(true);
  }

  /** The same, of which no rows are told to the client. */
  public ReadView planningView() {
    return view(false);
  }

  private ReadView view(boolean told) {
    busy.lock();
    try {
      requireOpen();
      bound |= told;
      return buffer.lastingOver(shared.hold());
    } finally {
      busy.unlock();
    }
  }

  /**
   * Runs statements into the buffer, all or nothing; each sees what those before it did.
   *
   * @return rows changed by each
   */
  @SuppressWarnings("GuardedBy") // what is handed over runs at once, under the lock
  public List<Long> write(List<? extends Evaluation> statements, Control control) {
    busy.lock();
    try {
      requireOpen();
      return undoneOnFailure(() -> writeAll(statements, control));
    } finally {
      busy.unlock();
    }
  }

  /** For the values that a query of this transaction takes. */
  public SequenceDraws draws() {
    busy.lock();
    try {
      requireOpen();
      bound = true;
      return new SequenceDraws(leadership.sequences(), snapshot);
    } finally {
      busy.unlock();
    }
  }

  /**
   * Lets rows go to the client: waits until nobody else can get the values in them.
   *
   * @param catalog that the query was planned for
   */
  @SuppressWarnings("GuardedBy") // what is handed over runs at once, under the lock
  public void settle(SequenceDraws draws, Catalog catalog, Control control) {
    Evaluated nothing = new Evaluated(catalog, new Plan.Changes(0, List.of(), List.of()));
    busy.lock();
    try {
      requireOpen();
      var unused =
          undoneOnFailure(
              () -> {
                conflict(nothing, List.of(), draws, control)
                    .ifPresent(
                        failure -> {
                          throw failure;
                        });
                reserve(draws, control);
                return List.of();
              });
    } finally {
      busy.unlock();
    }
  }

  /**
   * Does something with a savepoint. What is undone was locked, and stays so until the transaction
   * ends.
   *
   * @throws QuorateException {@link ErrorCode#SAVEPOINT_NOT_FOUND}
   */
  public void savepoint(SavepointStep step, String name) {
    busy.lock();
    try {
      requireOpen();
      bound = true;
      buffer.savepoint(step, name);
    } finally {
      busy.unlock();
    }
  }

  @GuardedBy("busy")
  private List<Long> undoneOnFailure(Supplier<List<Long>> statements) {
    boolean done = false;
    boolean conflict = false;
    try {
      List<Long> counts = statements.get();
      done = true;
      return counts;
    } catch (QuorateException e) {
      conflict = e.code() == ErrorCode.WRITE_CONFLICT;
      throw e;
    } finally {
      if (done) {
        buffer.endStatement();
      } else {
        buffer.undoStatement();
      }
      usedNanos = transactions.nanos();
      if (conflict) {
        end();
      }
    }
  }

  @GuardedBy("busy")
  private List<Long> writeAll(List<? extends Evaluation> statements, Control control) {
    List<Long> counts = new ArrayList<>(statements.size());
    for (Evaluation statement : statements) {
      counts.add(write(statement, control));
      bound = true;
    }
    return counts;
  }

  /**
   * Of a transaction that begins by locking what it reads, the snapshot may as well be of when it
   * has the locks: then what others wrote while it waited is no conflict.
   */
  @GuardedBy("busy")
  private long write(Evaluation statement, Control control) {
    for (int attempt = 1; ; attempt++) {
      control.check();
      SequenceDraws draws = new SequenceDraws(leadership.sequences(), snapshot);
      LockedRows locked = new LockedRows(leadership.locks(), owner, buffer);
      Evaluated evaluated = statement.evaluate(buffer.over(snapshot), draws, locked);
      locked.await(control);
      Optional<QuorateException> conflict = conflict(evaluated, locked.read(), draws, control);
      if (conflict.isEmpty()) {
        reserve(draws, control);
        buffer.add(evaluated.changes().changes());
        return evaluated.changes().updateCount();
      }
      if (bound || locked.read().isEmpty() || attempt == AutocommitWrite.ATTEMPTS_MAX) {
        throw conflict.get();
      }
      snapshot.close();
      shared = new SharedView(transactions.newestView());
      snapshot = shared.hold();
    }
  }

  /**
   * Waits until the log says that nobody else gets the values that were taken: the client may learn
   * of them before the transaction commits, or never commit. Once for some thousand values.
   */
  private void reserve(SequenceDraws draws, Control control) {
    if (draws.areReserved()) {
      return;
    }
    WriteSet reservation;
    try (ReadView newest = transactions.newestView()) {
      reservation = draws.with(WriteSet.newBuilder().setUpdateCount(0).build(), newest);
    }
    if (reservation.getChangesCount() == 0) {
      return;
    }
    try {
      var unused =
          transactions
              .pipeline()
              .once(
                  Request.UNNAMED,
                  leadership.epoch(),
                  control,
                  proposal -> proposal.propose(leadership.epoch(), reservation, List.of(0L)));
    } catch (QuorateException e) {
      throw switch (e.code()) {
        case NO_LEADER -> leadershipLost();
        // Only the reservation is in doubt, and it does no harm: the statement had no effect.
        case OUTCOME_UNKNOWN ->
            new QuorateException(
                ErrorCode.CANCELLED, "given up while values of a sequence were reserved", e);
        default -> e;
      };
    }
  }

  /**
   * Locks what is to be written, and sees whether somebody else has written it meanwhile.
   *
   * @param read what is locked already, and must be as it was read
   */
  @GuardedBy("busy")
  private Optional<QuorateException> conflict(
      Evaluated evaluated, List<StoreChange> read, SequenceDraws draws, Control control) {
    List<StoreChange> fresh = new ArrayList<>();
    for (StoreChange change : evaluated.changes().changes()) {
      if (!buffer.contains(change.table(), change.key())) {
        fresh.add(change);
      }
    }
    LockTable locks = leadership.locks();
    List<Integer> ids = draws.definitions(evaluated.changes().tables());
    locks.acquire(owner, Conflicts.definitions(ids), LockTable.Mode.SHARED, control);
    locks.acquire(owner, Conflicts.keys(fresh), LockTable.Mode.EXCLUSIVE, control);
    Conflicts.lock(evaluated.changes().keys(), locks, owner, control);
    if (!transactions.isOutdated(snapshot)) {
      return Optional.empty();
    }
    fresh.addAll(read);
    try (ReadView newest = transactions.newestView()) {
      Catalog before = evaluated.catalog();
      if (!Conflicts.sameDefinitions(before, transactions.catalogs().of(newest), ids)) {
        return Optional.of(Conflicts.redefined(ids, before));
      }
      Optional<StoreChange> conflict = Conflicts.find(fresh, newest);
      if (conflict.isPresent()) {
        return conflict.map(change -> Conflicts.failure(change, before));
      }
      return Conflicts.findUnbound(evaluated.changes().keys(), snapshot, newest)
          .map(key -> Conflicts.failure(key, before));
    }
  }

  /**
   * Commits and ends the transaction, whatever comes of it.
   *
   * @throws QuorateException {@link ErrorCode#WRITE_CONFLICT} when it was rolled back, {@link
   *     ErrorCode#OUTCOME_UNKNOWN} when nobody can tell
   */
  public Written commit(Request request, Control control) {
    busy.lock();
    try {
      requireOpen();
      return commitAndEnd(request, control);
    } finally {
      busy.unlock();
    }
  }

  @GuardedBy("busy")
  private Written commitAndEnd(Request request, Control control) {
    WriteSet writes = buffer.toWriteSet(0);
    try {
      if (buffer.isEmpty()) {
        return new Written(List.of(0L), revision());
      }
      AtomicBoolean proposed = new AtomicBoolean();
      try {
        return transactions
            .pipeline()
            .once(
                request,
                leadership.epoch(),
                control,
                proposal -> {
                  proposed.set(true);
                  return proposal
                      .propose(leadership.epoch(), writes, List.of(0L))
                      .whenComplete((written, problem) -> LockEnd.of(leadership, owner, problem));
                });
      } finally {
        locksAreTheLogs = proposed.get();
      }
    } catch (QuorateException e) {
      throw isRefusal(e.code()) ? rolledBack(e) : e;
    } finally {
      end();
    }
  }

  /** Whether the log certainly has not taken the write, though another attempt might be taken. */
  private static boolean isRefusal(ErrorCode code) {
    return code == ErrorCode.NO_LEADER || code == ErrorCode.OVERLOADED;
  }

  private static QuorateException rolledBack(QuorateException refusal) {
    return new QuorateException(
        ErrorCode.WRITE_CONFLICT,
        "the transaction is rolled back: " + refusal.getMessage(),
        refusal);
  }

  public void rollback() {
    busy.lock();
    try {
      end();
    } finally {
      busy.unlock();
    }
  }

  /** Rolls back, unless it has ended. */
  @Override
  public void close() {
    rollback();
  }

  /** Ends the transaction if nobody uses it or could still commit it. Called by the timer. */
  void expire(long nowNanos, Duration idleTimeout) {
    if (!busy.tryLock()) {
      return;
    }
    try {
      if (ended) {
        return;
      }
      if (!transactions.inForce(leadership)) {
        lost = leadershipLost();
        end();
      } else if (nowNanos - usedNanos > idleTimeout.toNanos()) {
        lost =
            new QuorateException(
                ErrorCode.WRITE_CONFLICT,
                "the transaction was idle for longer than " + idleTimeout + " and is rolled back");
        end();
      }
    } finally {
      busy.unlock();
    }
  }

  @GuardedBy("busy")
  private void requireOpen() {
    QuorateException reason = lost;
    if (reason == null && !ended && !transactions.inForce(leadership)) {
      reason = leadershipLost();
      end();
    }
    if (reason != null) {
      throw reason;
    }
    if (ended) {
      throw new QuorateException(ErrorCode.INVALID_TRANSACTION_STATE, "the transaction has ended");
    }
    usedNanos = transactions.nanos();
  }

  private static QuorateException leadershipLost() {
    return new QuorateException(
        ErrorCode.WRITE_CONFLICT, "the leadership changed; the transaction is rolled back");
  }

  /** Idempotent. */
  @GuardedBy("busy")
  private void end() {
    if (!ended) {
      ended = true;
      transactions.ended(this);
      if (!locksAreTheLogs) {
        leadership.locks().release(owner);
      }
      snapshot.close();
    }
  }
}
