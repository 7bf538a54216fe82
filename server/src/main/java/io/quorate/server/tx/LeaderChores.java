package io.quorate.server.tx;

import io.quorate.server.lang.QuorateException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node that leads does from time to time, by writes as any others. Thread-safe; one run at
 * a time.
 */
public final class LeaderChores {
  private static final Logger log = LoggerFactory.getLogger(LeaderChores.class);

  private final Transactions transactions;
  private final List<Runnable> chores;
  private final AtomicBoolean running = new AtomicBoolean();

  /**
   * @param chores block as writes do; what one of them leaves undone it does another time
   */
  public LeaderChores(Transactions transactions, List<Runnable> chores) {
    this.transactions = transactions;
    this.chores = List.copyOf(chores);
  }

  /** Begins a run, unless one is under way; does not block. Called by a timer. */
  public void begin(Executor executor) {
    if (!transactions.isLeading() || !running.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.execute(
          () -> {
            try {
              chores.forEach(this::run);
            } finally {
              running.set(false);
            }
          });
    } catch (RejectedExecutionException e) {
      // There will be another time.
      running.set(false);
    }
  }

  private void run(Runnable chore) {
    try {
      chore.run();
    } catch (QuorateException e) {
      // Leadership may have gone, or the cluster is at its bound.
      log.atDebug().setCause(e).log("left for another time");
    } catch (IllegalStateException e) {
      // A node that ends closes its store under whoever reads it; else this is a fault.
      if (transactions.isLeading()) {
        throw e;
      }
    }
  }
}
