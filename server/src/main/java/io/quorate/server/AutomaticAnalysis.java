package io.quorate.server;

import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Session;
import io.quorate.server.session.SessionOptions;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementService;
import io.quorate.server.session.WriteIdentity;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.lang.SqlFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps statistics up to date: the node that leads runs ANALYZE for tables that have changed, one
 * at a time and few in a round, beside everything else. {@link #run} is called again and again by
 * one thread and does not wait; the work is done by another.
 */
final class AutomaticAnalysis implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AutomaticAnalysis.class);

  /** A round every ten seconds, so that some 30,000 rows a second are drawn at most. */
  static final Duration INTERVAL = Duration.ofSeconds(10);

  private static final int TABLES_IN_ROUND_MAX = 10;

  private static final Duration ANALYZING = Duration.ofMinutes(5);

  private final BooleanSupplier leading;
  private final Function<Instant, List<TableDef>> tables;
  private final StatementService statements;
  private final InstantSource clock;
  private final Executor thread;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** Held for a round, so that none is left behind when the store closes. */
  private final ReentrantLock turn = new ReentrantLock();

  private volatile boolean closed;
  private volatile @Nullable Session running;

  /**
   * @param leading whether this node leads
   * @param tables those to be analyzed at a time
   * @param thread for one round at a time
   */
  AutomaticAnalysis(
      BooleanSupplier leading,
      Function<Instant, List<TableDef>> tables,
      StatementService statements,
      InstantSource clock,
      Executor thread) {
    this.leading = leading;
    this.tables = tables;
    this.statements = statements;
    this.clock = clock;
    this.thread = thread;
  }

  @Override
  public void run() {
    if (!leading.getAsBoolean() || !busy.compareAndSet(false, true)) {
      return;
    }
    boolean handed = false;
    try {
      thread.execute(this::round);
      handed = true;
    } catch (RejectedExecutionException e) {
      log.atDebug().log("analysis put off");
    } finally {
      if (!handed) {
        busy.set(false);
      }
    }
  }

  private void round() {
    turn.lock();
    try {
      List<TableDef> changed = closed ? List.of() : tables.apply(clock.instant());
      for (TableDef table : changed.subList(0, Math.min(changed.size(), TABLES_IN_ROUND_MAX))) {
        analyze(table);
      }
    } catch (QuorateException e) {
      // A snapshot is being loaded; the next round tries again.
      log.atDebug().setCause(e).log("no analysis");
    } finally {
      turn.unlock();
      busy.set(false);
    }
  }

  private void analyze(TableDef table) {
    if (closed) {
      return;
    }
    try (Session session = statements.open(new SessionOptions("", Map.of()))) {
      running = session;
      if (closed) {
        return;
      }
      var unused =
          session.execute(
              new StatementRequest(
                  "ANALYZE " + quoted(table.schema()) + "." + quoted(table.name()),
                  List.of(),
                  WriteIdentity.NONE,
                  0,
                  0,
                  0,
                  ANALYZING));
      log.atDebug()
          .addKeyValue("schema", table.schema())
          .addKeyValue("table", table.name())
          .log("table analyzed");
    } catch (QuorateException | SqlFailure e) {
      // It was dropped meanwhile, or this node does not lead any more; the next round looks again.
      log.atDebug().setCause(e).addKeyValue("table", table.name()).log("table not analyzed");
    } finally {
      running = null;
    }
  }

  /** Ends what is being analyzed, and waits for that. */
  @Override
  public void close() {
    closed = true;
    Session session = running;
    if (session != null) {
      session.close();
    }
    turn.lock();
    try {
      log.atDebug().log("analysis ends");
    } finally {
      turn.unlock();
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
