package io.quorate.server.replica;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.store.MvEngine;
import io.quorate.server.store.Opened;
import io.quorate.server.store.StoreConfig;
import io.quorate.sql.store.ReadView;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One copy of the data: the store, the state beside it, what applies the log to both, and the way
 * into the log.
 *
 * <p>Opened before the consensus, which then applies to {@link #state()}; closed after it.
 */
public final class Replica implements AutoCloseable {
  private final MvEngine store;
  private final Holding holding;
  private final ReplicaState beside;
  private final AppliedRevision applied = new AppliedRevision();
  private final Proposer proposer;
  private final CommandApplier applier;

  /**
   * @param io writes snapshots; bounded
   * @param soon runs a task a little later
   * @param failure is told when this replica cannot go on, from any thread
   */
  public Replica(
      ReplicaConfig config,
      Consensus consensus,
      Executor io,
      Executor soon,
      Consumer<Throwable> failure) {
    this(config, consensus, io, soon, failure, new ReplicaState(config.requestsRemembered()));
  }

  /** With another state beside the rows, for tests that plant a fault in it. */
  Replica(
      ReplicaConfig config,
      Consensus consensus,
      Executor io,
      Executor soon,
      Consumer<Throwable> failure,
      ReplicaState beside) {
    this.beside = beside;
    this.store = new MvEngine(config.store(), beside, failure);
    this.holding = config.holding();
    this.proposer = new Proposer(consensus, config, soon);
    LeadershipListener leadership = holding.isAll() ? proposer : new NoWrites();
    this.applier = new CommandApplier(store, beside, holding, applied, io, leadership, failure);
  }

  /** Opens the store and takes over what it kept. */
  public Opened open() {
    Opened opened = store.open();
    beside.restore(store.systemEntries());
    applied.advanceTo(store.appliedRevision());
    return opened;
  }

  /** What the log is applied to. */
  public ReplicatedState state() {
    return applier;
  }

  public Proposer proposer() {
    return proposer;
  }

  public AppliedRevision applied() {
    return applied;
  }

  public MvEngine store() {
    return store;
  }

  /**
   * What came of a request, if this replica has applied it. From any thread, never blocking. To
   * conclude that a request will not run any more, the {@linkplain Proposer#epoch() epoch} must
   * have begun here before the call and the request come from an earlier one.
   *
   * @param base a revision that the requester had seen before it first sent the request
   * @return empty when it has not run; with {@code EXPIRED} when it may have, too long ago
   */
  public Optional<Applied> findRequest(RequestId request, long base) {
    return applier.findRequest(request, base);
  }

  /**
   * The rows as they are now on this replica. On a witness, whoever asks the view for rows that are
   * not held gets {@link ErrorCode#ROWS_ELSEWHERE}.
   */
  public ReadView readView() {
    ReadView view = store.openView();
    return holding.isAll() ? view : new HeldRows(view, holding);
  }

  /** As {@link #readView} where that does not have to wait; null where it does. */
  public @Nullable ReadView readViewNow() {
    ReadView view = store.openViewNow();
    return view == null || holding.isAll() ? view : new HeldRows(view, holding);
  }

  /** Whether it has the rows of all tables, as all have but witnesses. */
  public boolean holdsAllRows() {
    return holding.isAll();
  }

  /**
   * Passes where whole tables can be read.
   *
   * @throws QuorateException {@link ErrorCode#ROWS_ELSEWHERE} on a witness
   */
  public void requireAllRows() {
    if (!holding.isAll()) {
      throw HeldRows.elsewhere();
    }
  }

  @Override
  public void close() {
    store.close();
  }

  /**
   * How a replica is kept.
   *
   * @param name this node's name
   * @param requestsRemembered requests whose outcome is kept for a repetition
   * @param bytesInFlightMax bytes of commands under way at once
   * @param entryBytesMax the largest entry that the log takes
   * @param holding whose rows it holds; one that does not hold all takes no writes
   */
  public record ReplicaConfig(
      String name,
      int requestsRemembered,
      long bytesInFlightMax,
      int entryBytesMax,
      StoreConfig store,
      Holding holding) {

    /** Of a replica that holds everything. */
    public ReplicaConfig(
        String name,
        int requestsRemembered,
        long bytesInFlightMax,
        int entryBytesMax,
        StoreConfig store) {
      this(name, requestsRemembered, bytesInFlightMax, entryBytesMax, store, Holding.ALL);
    }
  }

  /** That of a replica which leads only to hand over. */
  private static final class NoWrites implements LeadershipListener {
    @Override
    public void leadershipStarted(long term) {}

    @Override
    public void leadershipStopped() {}
  }
}
