package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.DataDirectory.Stage;
import io.quorate.server.admin.AdminPortConfig;
import io.quorate.server.admin.AdminServer;
import io.quorate.server.admin.AdminService;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.cluster.WitnessDuty;
import io.quorate.server.cluster.messaging.JGroupsMessenger;
import io.quorate.server.cluster.messaging.RpcHub;
import io.quorate.server.cluster.wal.WalLogStorage;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.dispatch.FreshnessGauge;
import io.quorate.server.frontend.ClientPort;
import io.quorate.server.frontend.ClientPortConfig;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.Replica;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.ScramVerifiers;
import io.quorate.server.session.Admission;
import io.quorate.server.session.SessionService;
import io.quorate.server.session.StatementCounters;
import io.quorate.server.session.StatementService;
import io.quorate.server.tls.NodeTls;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: the one place that makes the rooms and ties them together. {@link #open} starts them down
 * the page and {@link #close} stops them in the reverse order.
 *
 * <p>A failure that the node cannot live with (its log, its vote, its store, or applying an entry)
 * is told to {@link NodeLife#fail}: the node stops taking writes at once, leaves the consensus time
 * to hand leadership on, and stops with another exit code than 0. It never goes on in doubt.
 */
public final class Node implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  private static final Duration JOINING = Duration.ofSeconds(90);

  /** For an answer from members that are there; a restart with nobody there waits in vain. */
  private static final Duration ASKING = Duration.ofSeconds(2);

  /** Between two looks whether this node, a witness, leads. */
  private static final Duration WITNESS_LOOKS = Duration.ofMillis(20);

  private final NodeConfig config;
  private final Optional<AdminServer> hosted;
  private final SecureRandom random = new SecureRandom();
  private final NodeLife life = new NodeLife();
  private final NodeThreads threads = new NodeThreads(life::fail);
  private volatile Optional<Parts> parts = Optional.empty();
  private volatile Optional<SessionService> statements = Optional.empty();
  private volatile Optional<ClientPort> clientPort = Optional.empty();
  private volatile Optional<Entrance> entrance = Optional.empty();
  private volatile Optional<RoleTransitions> roles = Optional.empty();

  /** One that is on its own: with an admin port that ends with it, and for one role only. */
  public Node(NodeConfig config) {
    this(config, Optional.empty());
  }

  /**
   * One of several on a directory, one after the other.
   *
   * @param admin that is open, and outlives it
   */
  Node(NodeConfig config, AdminServer admin) {
    this(config, Optional.of(admin));
  }

  private Node(NodeConfig config, Optional<AdminServer> hosted) {
    this.config = config;
    this.hosted = hosted;
    life.endsWith(threads);
  }

  /** The rooms of a running node. */
  public record Parts(
      DataDirectoryView directory,
      JGroupsMessenger messenger,
      RpcHub hub,
      Consensus consensus,
      Replica replica,
      FreshnessGauge gauge,
      WalLogStorage log) {}

  /** Where statements go in. Open once the node is. */
  public StatementService statements() {
    return statements.orElseThrow(Node::notOpen);
  }

  /** What others may know of the data directory. */
  public record DataDirectoryView(MemberId member, String cluster) {}

  /**
   * Starts the node and, if it is a fresh one that was told whom to join, waits until it is a
   * member.
   *
   * @throws QuorateException when it cannot; it is closed then
   */
  public void open() {
    try {
      start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void start() {
    EntryRule.requireNotOpenToAll(config);
    Optional<NodeTls> tls = NodeTls.load(config.tls(), InstantSource.system().instant());
    OpenFiles.compare(config.clients().connections());
    String firstVerifier = FirstUser.verifierOf(config.security(), random);
    DataDirectory directory =
        life.opened(DataDirectory.open(config.node().data(), config.node().id(), random));
    MemberId self = directory.identity().member();
    KnownPeers peers = new KnownPeers(config, directory);
    JGroupsMessenger messenger =
        new JGroupsMessenger(peers.messengerConfig(isMaintained()), System::nanoTime);
    RpcHub hub =
        new RpcHub(
            messenger,
            new RpcHub.Threads(threads.timer, threads.answers, threads.notifier),
            System::nanoTime,
            random.nextLong());
    life.opened(hub);
    hub.open();
    ClusterJoin join = new ClusterJoin(self, hub, () -> peers.others(messenger), System::nanoTime);
    Deadline joining = Deadline.after(JOINING, System::nanoTime);
    if (!isMaintained()) {
      directory.requireLog();
      directory.requireKind(isWitness());
      requireCluster(directory, join, joining);
      Divergence.of(directory)
          .ifPresent(
              wrong ->
                  new RowsRepair(directory, hub, () -> peers.others(messenger), System::nanoTime)
                      .run(wrong, joining));
    }
    Parts running =
        new ReplicaStart(config, threads, life, isMaintained()).open(directory, messenger, hub);
    parts = Optional.of(running);
    life.mutesBy(hub::mute);
    ClusterView view = startOperations(running, directory, tls, firstVerifier);
    if (isMaintained()) {
      log.atInfo().log("mode admin: the node takes part in no cluster until it is given a role");
    } else if (directory.identity().stage() == Stage.JOINING || mustEnter(directory)) {
      join.enter(directory.identity().cluster(), config.node().role(), joining);
    } else if (!config.cluster().join().isEmpty()) {
      requireSameCluster(directory, join);
    }
    view.beat();
    if (config.cluster().join().isEmpty()) {
      EntryRule.requireUsers(config, requireEntrance());
    }
    openClientPort(tls);
    if (!isMaintained()) {
      roles.ifPresent(RoleTransitions::settle);
    }
    log.atInfo()
        .addKeyValue("member", self)
        .addKeyValue("cluster", directory.identity().cluster())
        .addKeyValue("client_addr", clientAddress())
        .addKeyValue("peer_addr", config.network().peerAddr())
        .addKeyValue("admin_addr", config.network().adminAddr())
        .log("node started");
  }

  /** Whether it was a member once, and comes back. */
  private boolean mustEnter(DataDirectory directory) {
    return hosted.isPresent() && directory.assigned().filter(AssignedRole::left).isPresent();
  }

  /** Whether it takes no part in its cluster, or in any, and answers administrators alone. */
  private boolean isMaintained() {
    return config.node().mode() == IdentityConfig.Mode.ADMIN;
  }

  private boolean isWitness() {
    return config.node().role() == IdentityConfig.Role.WITNESS;
  }

  /** Gives a fresh directory its cluster: a new one, or that of the nodes to join. */
  private void requireCluster(DataDirectory directory, ClusterJoin join, Deadline joining) {
    if (directory.identity().stage() == Stage.NEW) {
      if (config.cluster().join().isEmpty()) {
        directory.belongTo("c" + Long.toHexString(random.nextLong()), Stage.FOUNDING, isWitness());
      } else {
        directory.belongTo(join.requireCluster(joining), Stage.JOINING, isWitness());
      }
    }
  }

  /**
   * A directory that belongs to a cluster already is not taken into another one. Where nobody is to
   * be asked, this node may be the first of its own cluster to come back.
   */
  private void requireSameCluster(DataDirectory directory, ClusterJoin join) {
    Optional<String> found = join.findCluster(Deadline.after(ASKING, System::nanoTime));
    if (found.isPresent() && !found.get().equals(directory.identity().cluster())) {
      throw new QuorateException(
          ErrorCode.IO_ERROR,
          "data directory %s belongs to cluster %s, but the nodes to join (%s) are cluster %s"
              .formatted(
                  config.node().data(),
                  directory.identity().cluster(),
                  config.cluster().join().stream()
                      .map(HostPort::toString)
                      .collect(Collectors.joining(", ")),
                  found.get()));
    }
  }

  private ClusterView view(
      Parts running, DataDirectory directory, ReplicaAgreement agreement, NodeMetrics metrics) {
    return new ClusterView(
        running.directory.cluster,
        running.consensus,
        running.hub,
        new ClusterView.Sources(
            status(running),
            agreement::hear,
            () -> directory.identity().stage() == Stage.MEMBER,
            () -> StatementRooms.registered(running.replica),
            life::failureLine,
            metrics,
            config::shown,
            ClusterView.outside(config.node())),
        running.gauge,
        config.cluster().heartbeatTimeout(),
        InstantSource.system(),
        System::nanoTime);
  }

  private ClusterView startOperations(
      Parts running, DataDirectory directory, Optional<NodeTls> tls, String firstVerifier) {
    ReplicaAgreement agreement = ReplicaAgreement.of(running, directory);
    NodeMetrics metrics =
        new NodeMetrics(
            new StatementCounters(),
            running.replica.store()::facts,
            running.consensus::leaderships,
            running.log::bytesOnDisk,
            agreement::disagreeing);
    ClusterView view = view(running, directory, agreement, metrics);
    StoredFollowerLimit limit = new StoredFollowerLimit(running.replica);
    ClusterChanges changes =
        ClusterChanges.of(
            running, config.network().peerAddr(), view::nodes, threads.forwarded, limit);
    AdminService service = service(running, directory, view, changes);
    ReplicaAnswers replica =
        new ReplicaAnswers(running, directory, threads.forwarded, random, System::nanoTime);
    StatementRooms rooms =
        new StatementRooms(
            running,
            view,
            new SqlAdministration(service, new ClusterCheck(running, replica)),
            config.reads().boundedWait(),
            metrics,
            threads,
            random,
            new ScramVerifiers(config.security().iterationCount()),
            isMaintained() ? Admission.MAINTENANCE : Admission.ALL);
    SessionService sessions = rooms.open(life, limit);
    statements = Optional.of(sessions);
    Entrance door = EntryRule.entrance(config, rooms::users, firstVerifier, random);
    entrance = Optional.of(door);
    settle(door, running, directory);
    FirstUser firstUser =
        FirstUser.of(
            config.security(),
            firstVerifier,
            rooms::isLeading,
            rooms::users,
            sessions,
            threads.endings);
    if (isMaintained()) {
      running.hub.answerWith(new MaintenanceAnswers(roles, threads.forwarded, System::nanoTime));
      threads.repeat(config.cluster().heartbeatInterval().toMillis(), sessions::expire);
    } else {
      running.hub.answerWith(answers(running, rooms, changes, replica));
      keepUp(running, directory, view, sessions, firstUser);
      threads.repeat(config.cluster().heartbeatInterval().toMillis(), agreement::compare);
    }
    AdminServer port =
        hosted.orElseGet(
            () -> new AdminServer(AdminPortConfig.of(config, tls, InstantSource.system())));
    port.serve(service, door, threads.admin, Optional.of(rooms.applications(life, sessions, door)));
    if (hosted.isPresent()) {
      life.opened((AutoCloseable) port::pause);
    } else {
      life.opened(port).open();
    }
    return view;
  }

  /** A node that was told of no cluster, and so has begun one, can be invited into another. */
  private Peers.Responder answers(
      Parts running, StatementRooms rooms, ClusterChanges changes, ReplicaAnswers replica) {
    PeerAnswers usual =
        new PeerAnswers(
            running.directory.cluster,
            running.consensus,
            rooms.cluster()::statusFor,
            rooms::answerForwarded,
            changes,
            replica::answer,
            contacts(running).wayBack(threads.forwarded),
            config.node().mode() == IdentityConfig.Mode.STANDALONE);
    if (roles.isEmpty()
        || config.cluster().bootstrap()
        || config.node().mode() != IdentityConfig.Mode.CLUSTER) {
      return usual;
    }
    return new LoneAnswers(
        usual,
        () -> LoneAnswers.emptyAt(running.directory.member, running.consensus, running.replica),
        roles.get(),
        threads.forwarded,
        System::nanoTime);
  }

  /** In maintenance nobody tells how far the log reaches, but the log itself. */
  private void settle(Entrance door, Parts running, DataDirectory directory) {
    if (!isMaintained()) {
      new Settling(running.consensus, door, threads.timer).begin();
    } else if (directory.hasNothingBeyond(running.replica.applied().current())) {
      door.settle();
    }
  }

  private AdminService service(
      Parts running, DataDirectory directory, ClusterView view, ClusterChanges changes) {
    if (hosted.isEmpty()) {
      return new AdminService(view, changes);
    }
    RoleTransitions transitions =
        new RoleTransitions(
            new RoleTransitions.Surroundings(
                directory,
                config.network().peerAddr(),
                running.consensus,
                contacts(running),
                changes),
            view::nodes,
            this::beginAgain,
            System::nanoTime);
    roles = Optional.of(transitions);
    return new AdminService(view, changes, transitions);
  }

  private static ClusterContacts contacts(Parts running) {
    return new ClusterContacts(running.messenger, running.hub, System::nanoTime);
  }

  /** Who asks the admin port from now on waits for the next node. */
  private void beginAgain() {
    hosted.ifPresent(AdminServer::pause);
    life.beginAgain();
  }

  /** What is done again and again. */
  private void keepUp(
      Parts running,
      DataDirectory directory,
      ClusterView view,
      SessionService sessions,
      FirstUser firstUser) {
    threads.repeat(
        config.reads().probeInterval().toMillis(),
        () -> {
          running.gauge.tick();
          view.probe();
        });
    long beat = config.cluster().heartbeatInterval().toMillis();
    SnapshotTrigger snapshots =
        SnapshotTrigger.of(running, directory, view, config.log().snapshotLogBytes());
    Progress progress = new Progress(view, running.consensus);
    threads.repeat(
        WITNESS_LOOKS.toMillis(),
        new WitnessDuty(running.directory.member, running.consensus, progress::of));
    threads.repeat(
        beat,
        () -> {
          view.beat();
          new KnownPeers(config, directory).remember(running.messenger);
          rememberMembership(running, directory);
          snapshots.run();
          sessions.expire();
          firstUser.run();
          roles.ifPresent(role -> role.noteRemoval(view.removal().toldFor(), removalPatience()));
        });
  }

  /** Longer than a leader that has lost its majority goes on as one. */
  private Duration removalPatience() {
    Duration elections = config.cluster().electionTimeout().multipliedBy(3);
    Duration beats = config.cluster().heartbeatInterval().multipliedBy(2);
    return elections.compareTo(beats) > 0 ? elections : beats;
  }

  private Entrance requireEntrance() {
    return entrance.orElseThrow(Node::notOpen);
  }

  /** Opened last, when statements can be answered, and so closed first. */
  private void openClientPort(Optional<NodeTls> tls) {
    ClientPort opening =
        new ClientPort(
            ClientPortConfig.of(config.network().clientAddr(), tls, config.clients()),
            statements(),
            requireEntrance(),
            threads::named,
            System::nanoTime);
    life.opened(opening);
    if (!isMaintained()) {
      threads.awaitWarm();
    }
    opening.open();
    clientPort = Optional.of(opening);
  }

  /** What clients are told to connect to. */
  public HostPort clientAddress() {
    return config.network().clientDomain() == null && clientPort.isPresent()
        ? clientPort.get().boundAddress()
        : config.network().advertisedAddr();
  }

  private static void rememberMembership(Parts running, DataDirectory directory) {
    if (directory.identity().stage() != Stage.MEMBER
        && running.log.bytesAppended() > 0
        && running.consensus.membership().contains(running.directory.member)) {
      directory.becomeMember();
    }
  }

  private OwnStatus status(Parts running) {
    return new OwnStatus(config, running, this::clientAddress, life::hasFailed);
  }

  /** The cluster that a data directory belongs to, as it lies there, in use or not. */
  public static Optional<String> clusterOf(Path data) {
    return DataDirectory.clusterOf(data);
  }

  /** The rooms, once {@link #open} has returned. */
  public Parts parts() {
    return parts.orElseThrow(Node::notOpen);
  }

  private static QuorateException notOpen() {
    return new QuorateException(ErrorCode.INTERNAL_ERROR, "the node is not open");
  }

  /** Blocks until the node has stopped, by {@link #close} or by a failure. */
  public void awaitStopped() throws InterruptedException {
    life.awaitStopped();
  }

  /** Stops the node: rooms in the reverse order of their start. Idempotent, from any thread. */
  @Override
  public void close() {
    life.close();
  }

  /** 0 after a stop that was asked for, another number after a failure. */
  public int exitCode() {
    return life.exitCode();
  }

  /** Whether it has stopped so that another node here takes over what it was told to be. */
  boolean beginsAgain() {
    return life.beginsAgain();
  }

  /** Whether it stopped over a damaged store, so that another node here builds the store anew. */
  public boolean stoppedOverDamagedStore() {
    return life.stoppedOverDamagedStore();
  }
}
