package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.dispatch.LeaderRoad;
import io.quorate.server.dispatch.ReadGate;
import io.quorate.server.format.StatementAnswer;
import io.quorate.server.format.StatementQuestion;
import io.quorate.server.session.ClusterFacts;
import io.quorate.server.session.ForwardedStatements;
import io.quorate.server.session.MetadataAnswers;
import io.quorate.server.session.Rooms;
import io.quorate.server.session.SessionConfig;
import io.quorate.server.session.SessionService;
import io.quorate.server.session.SessionTables;
import io.quorate.server.tx.Transactions;
import io.quorate.server.tx.TxConfig;
import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.exec.SystemTables;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes the rooms that statements pass through, and ties them together. */
final class StatementRooms {
  private final Node.Parts parts;
  private final ClusterFacts cluster;
  private final NodeThreads threads;
  private final SecureRandom random;
  private final AtomicReference<@Nullable ForwardedStatements> forwarded = new AtomicReference<>();

  StatementRooms(
      Node.Parts parts, ClusterFacts cluster, NodeThreads threads, SecureRandom random) {
    this.parts = parts;
    this.cluster = cluster;
    this.threads = threads;
    this.random = random;
  }

  SessionService open() {
    CatalogReader catalogs = new CatalogReader();
    Transactions transactions =
        new Transactions(
            parts.replica(),
            catalogs::read,
            TxConfig.DEFAULT,
            System::nanoTime,
            random.nextLong());
    AtomicReference<@Nullable SessionService> sessions = new AtomicReference<>();
    SystemTables system =
        new SessionTables(
            cluster::facts,
            () -> rowsOf(sessions.get()));
    SessionService service =
        new SessionService(
            new Rooms(
                parts.replica(),
                catalogs::read,
                planner(system),
                system,
                new MetadataAnswers(systemSchemas(system)),
                transactions,
                new ReadGate(parts.replica().applied(), parts.consensus()),
                new LeaderRoad(
                    parts.directory().member(),
                    parts.consensus(),
                    parts.hub(),
                    transactions::isLeading,
                    System::nanoTime),
                cluster,
                SessionConfig.forHeap(Runtime.getRuntime().maxMemory()),
                InstantSource.system(),
                System::nanoTime,
                random));
    sessions.set(service);
    forwarded.set(service.forwarded());
    return service;
  }

  private static List<@Nullable Object[]> rowsOf(@Nullable SessionService sessions) {
    return sessions == null ? List.of() : sessions.rows();
  }

  /** Runs what another member hands on; on threads of its own, because statements block. */
  CompletableFuture<StatementAnswer> answerForwarded(StatementQuestion question) {
    ForwardedStatements statements = forwarded.get();
    if (statements == null) {
      return failed(ErrorCode.NO_LEADER, "this node is not open yet");
    }
    Executor pool =
        ForwardedStatements.isEnding(question) ? threads.endings : threads.forwarded;
    try {
      return CompletableFuture.supplyAsync(() -> statements.answer(question), pool);
    } catch (RejectedExecutionException e) {
      return failed(ErrorCode.OVERLOADED, "too many statements wait at the leader");
    }
  }

  private static CompletableFuture<StatementAnswer> failed(ErrorCode code, String line) {
    return CompletableFuture.completedFuture(
        StatementAnswer.newBuilder().setErrorNumber(code.number()).setError(line).build());
  }

  // TEMP
  private static io.quorate.sql.plan.SqlPlanner planner(SystemTables system) {
    return (catalog, schema, sql) -> { throw new IllegalStateException(); };
  }

  private static java.util.SortedMap<String, List<SystemTables.Definition>> systemSchemas(SystemTables system) {
    return new TreeMap<>(java.util.Map.of("SYSTEM", system.definitions()));
  }
}
