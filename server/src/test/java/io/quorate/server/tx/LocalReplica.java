package io.quorate.server.tx;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.ReplicatedState;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.format.Command;
import io.quorate.server.format.EpochStart;
import io.quorate.server.lang.Outcome;
import io.quorate.server.replica.Replica;
import io.quorate.server.replica.Replica.ReplicaConfig;
import io.quorate.server.store.StoreConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A replica whose log is a thread that applies what is proposed, at once or when it is let. */
public final class LocalReplica implements AutoCloseable {
  private final ExecutorService apply = Executors.newSingleThreadExecutor();
  private final OneNodeLog log = new OneNodeLog();
  private final Replica replica;

  public LocalReplica(Path directory) {
    replica =
        new Replica(
            new ReplicaConfig(
                "n1", 1000, 64 << 20, 1 << 20, StoreConfig.of(directory.resolve("rows.mv"))),
            log,
            apply,
            apply,
            failure -> {
              throw new AssertionError(failure);
            });
    replica.open();
    log.index = replica.store().appliedRevision();
    lead(1);
  }

  public Replica replica() {
    return replica;
  }

  /** Begins a leadership and waits until writes are taken. */
  public void lead(long term) {
    run(
        () -> {
          log.term = term;
          replica.state().leadershipStarted(term);
        });
    run(() -> {});
    run(() -> {});
  }

  public void stopLeading() {
    run(replica.state()::leadershipStopped);
  }

  /** From now on what is proposed waits in the log. */
  public void hold() {
    run(() -> log.held = new ArrayList<>());
  }

  /** How many proposals wait. */
  public int heldCount() {
    int[] count = new int[1];
    run(() -> count[0] = log.held == null ? 0 : log.held.size());
    return count[0];
  }

  /** Applies what waits, and everything from now on at once. */
  public void letGo() {
    run(
        () -> {
          List<Runnable> held = log.held == null ? List.of() : log.held;
          log.held = null;
          held.forEach(Runnable::run);
        });
  }

  /** An epoch begins in the log before what waits. */
  public void epochBegins(long term) {
    run(
        () -> {
          byte[] start =
              Command.newBuilder()
                  .setEpoch(term)
                  .setEpochStart(EpochStart.newBuilder().setLeader("n2"))
                  .build()
                  .toByteArray();
          log.applyNow(start, term, new Unheard());
        });
  }

  private static final class Unheard implements Consensus.ProposalListener {
    @Override
    public void applied(long index, Outcome outcome) {}

    @Override
    public void refused(Consensus.Refusal reason) {}

    @Override
    public void inDoubt(String why) {}
  }

  /** Tells those who wait that nobody knows; what they proposed is applied all the same. */
  public void losesSight() {
    run(() -> log.blind = true);
    letGo();
    run(() -> log.blind = false);
  }

  private void run(Runnable task) {
    try {
      apply.submit(task).get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    apply.shutdownNow();
    replica.close();
  }

  private final class OneNodeLog extends UnusedConsensus {
    private long index;
    private long term;
    private @Nullable List<Runnable> held;
    private boolean blind;

    @Override
    public void propose(byte[] command, long expected, ProposalListener listener) {
      apply.execute(
          () -> {
            if (expected != term) {
              listener.refused(Refusal.NOT_LEADER);
            } else if (held == null) {
              applyNow(command, term, listener);
            } else {
              held.add(() -> applyNow(command, expected, listener));
            }
          });
    }

    private void applyNow(byte[] command, long appendedIn, ProposalListener listener) {
      index++;
      ReplicatedState.Applied applied =
          replica.state().apply(index, appendedIn, ByteBuffer.wrap(command));
      replica.state().batchApplied(index);
      if (blind) {
        listener.inDoubt("the test has lost sight");
      } else {
        listener.applied(applied.index(), applied.outcome());
      }
    }
  }
}
