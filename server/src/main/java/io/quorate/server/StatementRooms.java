package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.admin.Applications;
import io.quorate.server.dispatch.AllVoters;
import io.quorate.server.dispatch.LeaderRoad;
import io.quorate.server.dispatch.MajorityWatch;
import io.quorate.server.dispatch.ReadGate;
import io.quorate.server.format.StatementAnswer;
import io.quorate.server.format.StatementQuestion;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.Replica;
import io.quorate.server.rest.RestEndpoint;
import io.quorate.server.security.Entrance;
import io.quorate.server.session.Admission;
import io.quorate.server.session.ForwardedStatements;
import io.quorate.server.session.MetadataAnswers;
import io.quorate.server.session.NodeAdministration;
import io.quorate.server.session.Rooms;
import io.quorate.server.session.SessionConfig;
import io.quorate.server.session.SessionService;
import io.quorate.server.session.SessionTables;
import io.quorate.server.tx.Catalogs;
import io.quorate.server.tx.LeaderChores;
import io.quorate.server.tx.LobCleaner;
import io.quorate.server.tx.ServerEntry;
import io.quorate.server.tx.ServerRegister;
import io.quorate.server.tx.Transactions;
import io.quorate.server.tx.TxConfig;
import io.quorate.server.tx.UnfinishedIndexes;
import io.quorate.sql.catalog.AccessTables;
import io.quorate.sql.catalog.Catalog;
import io.quorate.sql.catalog.CatalogReader;
import io.quorate.sql.catalog.InformationSchema;
import io.quorate.sql.catalog.TableDef;
import io.quorate.sql.catalog.UserTable;
import io.quorate.sql.catalog.Users;
import io.quorate.sql.catalog.VirtualTable;
import io.quorate.sql.exec.PasswordVerifiers;
import io.quorate.sql.exec.ResultColumn;
import io.quorate.sql.exec.SystemTables;
import io.quorate.sql.plan.CalcitePlanner;
import io.quorate.sql.plan.PlanCacheTable;
import io.quorate.sql.plan.PlannerClocks;
import io.quorate.sql.statistics.StatisticsTables;
import io.quorate.sql.store.ReadView;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the rooms that statements pass through, and ties them together. */
final class StatementRooms {
  private static final Logger log = LoggerFactory.getLogger(StatementRooms.class);

  /** A large value that was sent waits so long for its statement. */
  private static final Duration STAGED_IDLE = Duration.ofMinutes(10);

  /** Between two looks for large values that no row has. */
  private static final Duration CLEANING = Duration.ofSeconds(1);

  /** Between two looks for members that have come, gone or moved; some rows are read. */
  private static final Duration REGISTERING = Duration.ofMillis(250);

  private final Node.Parts parts;
  private final ClusterView cluster;
  private final NodeAdministration administration;
  private final Duration boundedWait;
  private final NodeMetrics metrics;
  private final NodeThreads threads;
  private final SecureRandom random;
  private final PasswordVerifiers verifiers;
  private final Admission admission;
  private final CatalogReader catalogs = new CatalogReader();
  private final StoredStatistics statistics;
  private final AtomicReference<@Nullable Transactions> transactions = new AtomicReference<>();
  private final AtomicReference<@Nullable ForwardedStatements> forwarded = new AtomicReference<>();

  StatementRooms(
      Node.Parts parts,
      ClusterView cluster,
      NodeAdministration administration,
      Duration boundedWait,
      NodeMetrics metrics,
      NodeThreads threads,
      SecureRandom random,
      PasswordVerifiers verifiers,
      Admission admission) {
    this.admission = admission;
    this.verifiers = verifiers;
    this.parts = parts;
    this.statistics = new StoredStatistics(parts.replica()::readView);
    this.cluster = cluster;
    this.administration = administration;
    this.boundedWait = boundedWait;
    this.metrics = metrics;
    this.threads = threads;
    this.random = random;
  }

  /** What the catalog's entries in the store say. */
  private record Definitions(CatalogReader reader) implements Catalogs {
    @Override
    public Catalog of(ReadView view) {
      return reader.read(view);
    }

    @Override
    public @Nullable Catalog ofKnown(ReadView view) {
      return reader.find(view).orElse(null);
    }
  }

  /**
   * Opens them.
   *
   * @param life by which they are closed
   * @param limit is written by them
   */
  SessionService open(NodeLife life, StoredFollowerLimit limit) {
    Catalogs definitions = new Definitions(catalogs);
    Transactions writes =
        new Transactions(
            parts.replica(), definitions, TxConfig.DEFAULT, System::nanoTime, random.nextLong());
    transactions.set(writes);
    limit.writeBy(writes);
    LeaderChores chores =
        new LeaderChores(
            writes, List.of(new LobCleaner(writes, STAGED_IDLE), new UnfinishedIndexes(writes)));
    threads.repeat(CLEANING.toMillis(), () -> chores.begin(threads.forwarded));
    LeaderChores register =
        new LeaderChores(
            writes, List.of(new ServerRegister(writes, () -> ServerRows.members(cluster.facts()))));
    threads.repeat(REGISTERING.toMillis(), () -> register.begin(threads.forwarded));
    AtomicReference<@Nullable SessionService> sessions = new AtomicReference<>();
    SystemTables system =
        new SessionTables(cluster, () -> rowsOf(sessions.get()), cluster::metrics);
    CalcitePlanner planner =
        new CalcitePlanner(
            statistics,
            system,
            verifiers,
            new PlannerClocks(InstantSource.system(), System::nanoTime));
    SessionConfig config = SessionConfig.forHeap(Runtime.getRuntime().maxMemory());
    SessionService service =
        new SessionService(rooms(definitions, planner, system, writes, config));
    sessions.set(service);
    forwarded.set(service.forwarded());
    warmUp(planner);
    life.opened(service);
    threads.repeat(AutomaticAnalysis.INTERVAL.toMillis(), life.opened(analysis(service)));
    return service;
  }

  private Rooms rooms(
      Catalogs definitions,
      CalcitePlanner planner,
      SystemTables system,
      Transactions writes,
      SessionConfig config) {
    MajorityWatch majority =
        new VoterContact(
            parts.consensus(),
            parts.gauge(),
            cluster::answers,
            config.leaderWait(),
            System::nanoTime);
    return new Rooms(
        parts.replica(),
        definitions,
        planner,
        system,
        new MetadataAnswers(systemSchemas(system)),
        writes,
        new ReadGate(
            parts.replica().applied(),
            parts.consensus(),
            parts.gauge(),
            new ReadGate.Patience(boundedWait, config.leaderWait()),
            majority),
        parts.gauge(),
        new LeaderRoad(
            parts.directory().member(),
            parts.consensus(),
            parts.hub(),
            writes::isLeading,
            majority,
            System::nanoTime),
        new AllVoters(
            parts.directory().member(),
            parts.consensus(),
            parts.hub(),
            parts.replica().applied(),
            cluster::isAlive,
            System::nanoTime),
        cluster,
        administration,
        metrics.counters(),
        config,
        admission,
        InstantSource.system(),
        System::nanoTime,
        random);
  }

  /**
   * Those who ask the admin port.
   *
   * @param life which ends what they run before the port is closed, if that was opened earlier
   */
  Applications applications(NodeLife life, SessionService sessions, Entrance door) {
    RestEndpoint rest = life.opened(new RestEndpoint(sessions, door, System::nanoTime));
    return new Applications(rest, threads.applications);
  }

  private AutomaticAnalysis analysis(SessionService sessions) {
    return new AutomaticAnalysis(
        this::isLeading, this::tablesToAnalyze, sessions, InstantSource.system(), threads.analysis);
  }

  /** The members that the rows of a replica have; none where a later version has written them. */
  static List<ServerEntry> registered(Replica replica) {
    try (ReadView view = replica.readView()) {
      return ServerEntry.readAll(view).orElse(List.of());
    }
  }

  /** What this node knows of all members. */
  ClusterView cluster() {
    return cluster;
  }

  /** Whether this node takes writes. */
  boolean isLeading() {
    Transactions made = transactions.get();
    return made != null && made.isLeading();
  }

  /** The users as this node has them now. */
  Users users() {
    try (ReadView view = parts.replica().readView()) {
      return catalogs.read(view).users();
    }
  }

  /** The tables whose statistics are out of date, as this node has them now. */
  private List<TableDef> tablesToAnalyze(Instant now) {
    try (ReadView view = parts.replica().readView()) {
      return statistics.outOfDate(view, catalogs.read(view), now);
    }
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
    Executor pool = ForwardedStatements.isEnding(question) ? threads.endings : threads.forwarded;
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

  /** Applications wait for the first part; general queries come late enough, or wait themselves. */
  private void warmUp(CalcitePlanner planner) {
    threads.warmUp(
        () -> {
          warmUp(planner::warmUp);
          threads.endings.execute(() -> warmUp(planner::warmUpQueries));
        });
  }

  private void warmUp(Consumer<ReadView> planner) {
    try (ReadView view = parts.replica().readView()) {
      planner.accept(view);
    } catch (QuorateException e) {
      // A snapshot is being loaded; the first statement takes the time instead.
      log.atDebug().setCause(e).log("planner not warmed up");
    }
  }

  /** What is in the schemas that no catalog has. */
  private static SortedMap<String, List<SystemTables.Definition>> systemSchemas(
      SystemTables system) {
    SortedMap<String, List<SystemTables.Definition>> schemas = new TreeMap<>();
    List<SystemTables.Definition> own = new ArrayList<>(system.definitions());
    own.add(definition(UserTable.DEFINITION));
    own.add(definition(PlanCacheTable.DEFINITION));
    StatisticsTables.definitions().forEach(table -> own.add(definition(table)));
    schemas.put(Catalog.SYSTEM_SCHEMA, own);
    schemas.put(
        Catalog.INFORMATION_SCHEMA,
        Stream.of(InformationSchema.tables(), AccessTables.definitions())
            .flatMap(List::stream)
            .map(StatementRooms::definition)
            .toList());
    return schemas;
  }

  private static SystemTables.Definition definition(VirtualTable table) {
    return new SystemTables.Definition(
        table.name(),
        table.columns().stream()
            .map(
                column ->
                    new ResultColumn(
                        column.name(),
                        column.type(),
                        column.nullable(),
                        table.schema(),
                        table.name(),
                        column.name()))
            .toList());
  }
}
