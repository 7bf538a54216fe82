package io.quorate.server.replica;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.ReplicatedState.Applied;
import io.quorate.server.format.Command;
import io.quorate.server.format.EpochStart;
import io.quorate.server.format.RequestName;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.replica.Replica.ReplicaConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts commands into the log on the node that leads.
 *
 * <p>Thread-safe; never blocks. Each leadership begins with an {@code EpochStart} command, and only
 * once that is applied are writes taken: a write carries its epoch, and one that reaches the log
 * under a later leadership has no effect there. The bytes under way are bounded; what goes beyond
 * is refused at once.
 */
public final class Proposer implements LeadershipListener {
  private static final Logger log = LoggerFactory.getLogger(Proposer.class);
  private static final long NOT_LEADING = -1;

  /** What the consensus writes around a command; some dozens of bytes in truth. */
  private static final int ENTRY_OVERHEAD_BYTES = 512;

  /** Request, epoch, base and lengths. */
  private static final int COMMAND_OVERHEAD_BYTES = 128;

  private final Consensus consensus;
  private final String self;
  private final long bytesInFlightMax;
  private final int commandBytesMax;
  private final Executor soon;
  private final AtomicLong bytesInFlight = new AtomicLong();

  /**
   * Held while leadership comes, goes, or its epoch begins: the three arrive on different threads.
   */
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private long leading = NOT_LEADING;

  /** Term of the leadership whose epoch has begun. Written under the lock, read without it. */
  private volatile long epoch = NOT_LEADING;

  /**
   * @param soon runs a task a little later, for repeating a refused epoch start
   */
  Proposer(Consensus consensus, ReplicaConfig config, Executor soon) {
    this.consensus = consensus;
    this.self = config.name();
    this.bytesInFlightMax = config.bytesInFlightMax();
    this.commandBytesMax = config.entryBytesMax() - ENTRY_OVERHEAD_BYTES;
    this.soon = soon;
  }

  /** Whether writes are taken here: this node leads and its epoch has begun. */
  public boolean isReady() {
    return epoch != NOT_LEADING;
  }

  /**
   * The leadership that takes writes here, by its term; negative while none does. All effects of
   * earlier ones are visible to readers, and none can come any more.
   */
  public long epoch() {
    return epoch;
  }

  /** Bytes that the changes of one command may have together. */
  public int writeSetBytesMax() {
    return commandBytesMax - COMMAND_OVERHEAD_BYTES;
  }

  /** Bytes of commands whose outcome is awaited. */
  public long bytesInFlight() {
    return bytesInFlight.get();
  }

  @Override
  public void leadershipStarted(long term) {
    lead(term);
    startEpoch(term);
  }

  @Override
  public void leadershipStopped() {
    lead(NOT_LEADING);
  }

  private void lead(long term) {
    lock.lock();
    try {
      leading = term;
      epoch = NOT_LEADING;
    } finally {
      lock.unlock();
    }
  }

  private boolean leads(long term) {
    lock.lock();
    try {
      return leading == term;
    } finally {
      lock.unlock();
    }
  }

  private void startEpoch(long term) {
    byte[] command =
        Command.newBuilder()
            .setEpoch(term)
            .setEpochStart(EpochStart.newBuilder().setLeader(self))
            .build()
            .toByteArray();
    consensus.propose(command, term, new EpochListener(term));
  }

  /**
   * Proposes a write.
   *
   * @param base a revision that the requester had seen before it first sent this request
   * @return completes with where the request stands in the log and what came of it; fails with
   *     {@link ErrorCode#NO_LEADER} or {@link ErrorCode#OVERLOADED} when it certainly was not
   *     taken, and with {@link ErrorCode#OUTCOME_UNKNOWN} when only a repetition under the same id
   *     can tell
   */
  public CompletableFuture<Applied> propose(RequestId request, long base, WriteSet writes) {
    Answer answer = new Answer(request);
    propose(request, base, writes, answer);
    return answer.future;
  }

  /** As {@link #propose(RequestId, long, WriteSet)}, without a future. */
  public void propose(RequestId request, long base, WriteSet writes, ProposalListener listener) {
    propose(epoch, request, base, writes, listener);
  }

  /** As {@link #propose(RequestId, long, WriteSet)}, if the epoch is still {@code term}. */
  public CompletableFuture<Applied> propose(
      long term, RequestId request, long base, WriteSet writes) {
    Answer answer = new Answer(request);
    propose(term, request, base, writes, answer);
    return answer.future;
  }

  private void propose(
      long term, RequestId request, long base, WriteSet writes, ProposalListener listener) {
    if (term == NOT_LEADING || term != epoch) {
      listener.refused(Refusal.NOT_LEADER);
      return;
    }
    byte[] command =
        Command.newBuilder()
            .setRequest(
                RequestName.newBuilder()
                    .setClient(request.client())
                    .setSequence(request.sequence()))
            .setEpoch(term)
            .setBase(base)
            .setWriteSet(writes)
            .build()
            .toByteArray();
    if (command.length > commandBytesMax) {
      listener.refused(Refusal.TOO_LARGE);
      return;
    }
    if (bytesInFlight.addAndGet(command.length) > bytesInFlightMax) {
      bytesInFlight.addAndGet(-command.length);
      listener.refused(Refusal.OVERLOADED);
      return;
    }
    consensus.propose(command, term, new Admitted(command.length, listener));
  }

  /** Opens the door to writes when the epoch has begun, and tries again while this node leads. */
  private final class EpochListener implements ProposalListener {
    private final long term;

    EpochListener(long term) {
      this.term = term;
    }

    @Override
    public void applied(long index, Outcome outcome) {
      lock.lock();
      try {
        if (leading == term) {
          epoch = term;
        }
      } finally {
        lock.unlock();
      }
      log.atInfo().addKeyValue("epoch", term).addKeyValue("revision", index).log("epoch began");
    }

    @Override
    public void refused(Refusal reason) {
      if (reason == Refusal.OVERLOADED && leads(term)) {
        soon.execute(() -> startEpoch(term));
      }
    }

    @Override
    public void inDoubt(String why) {
      // The leadership is lost; the next one starts its own epoch.
      log.atDebug().addKeyValue("epoch", term).addKeyValue("why", why).log("epoch not begun");
    }
  }

  private final class Admitted implements ProposalListener {
    private final int bytes;
    private final ProposalListener listener;

    Admitted(int bytes, ProposalListener listener) {
      this.bytes = bytes;
      this.listener = listener;
    }

    @Override
    public void applied(long index, Outcome outcome) {
      bytesInFlight.addAndGet(-bytes);
      listener.applied(index, outcome);
    }

    @Override
    public void refused(Refusal reason) {
      bytesInFlight.addAndGet(-bytes);
      listener.refused(reason);
    }

    @Override
    public void inDoubt(String why) {
      bytesInFlight.addAndGet(-bytes);
      listener.inDoubt(why);
    }
  }

  private static final class Answer implements ProposalListener {
    final CompletableFuture<Applied> future = new CompletableFuture<>();
    private final RequestId request;

    Answer(RequestId request) {
      this.request = request;
    }

    @Override
    public void applied(long index, Outcome outcome) {
      future.complete(new Applied(index, outcome));
    }

    @Override
    public void refused(Refusal reason) {
      ErrorCode code =
          switch (reason) {
            case NOT_LEADER, TRANSFERRING, CLOSED -> ErrorCode.NO_LEADER;
            case OVERLOADED -> ErrorCode.OVERLOADED;
            case TOO_LARGE -> ErrorCode.LIMIT_EXCEEDED;
          };
      future.completeExceptionally(
          new QuorateException(code, "request " + request + " was not taken: " + reason));
    }

    @Override
    public void inDoubt(String why) {
      future.completeExceptionally(
          new QuorateException(
              ErrorCode.OUTCOME_UNKNOWN,
              "no answer for request " + request + " (" + why + "); it may still commit"));
    }
  }
}
