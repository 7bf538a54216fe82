package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.DataDirectory.Identity;
import io.quorate.server.DataDirectory.Stage;
import io.quorate.server.admin.MembershipChange;
import io.quorate.server.admin.MembershipChanges;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.admin.RoleChanges;
import io.quorate.server.admin.RoleRequest;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.NoConsensus;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.IdentityConfig.Mode;
import io.quorate.server.config.IdentityConfig.Role;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of a node what an administrator tells it to be. Thread-safe; blocks its callers.
 *
 * <p>The leadership is taken while the node runs. For everything else it begins again: what it is
 * to be is written into its data directory, after all that can be known beforehand was looked at,
 * and {@link NodeHost} opens another node there. A change that fails leaves the directory as it
 * was.
 */
final class RoleTransitions implements RoleChanges {
  private static final Logger log = LoggerFactory.getLogger(RoleTransitions.class);

  /** Views of JGroups that are to merge for it take some seconds, and may have to begin again. */
  private static final Duration FINDING = Duration.ofSeconds(20);

  /** Two heartbeats, and some. */
  private static final Duration HEARING = Duration.ofSeconds(3);

  /** A handing over, and a change of the membership behind another one. */
  private static final Duration LEAVING = Duration.ofSeconds(15);

  /** An election, and a handing over. */
  private static final Duration LEADING = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final DataDirectory directory;
  private final HostPort peerAddress;
  private final Consensus consensus;
  private final ClusterContacts contacts;
  private final MembershipChanges changes;
  private final Supplier<List<NodeRecord>> nodes;
  private final Runnable beginAgain;
  private final LongSupplier nanoClock;

  /** Held from a change on that makes the node begin again. */
  private final Semaphore turn = new Semaphore(1);

  /** Whether the node takes part, so that it can be removed. */
  private volatile boolean settled;

  /** What a node is asked about, or told. */
  record Surroundings(
      DataDirectory directory,
      HostPort peerAddress,
      Consensus consensus,
      ClusterContacts contacts,
      MembershipChanges changes) {}

  /**
   * @param nodes all members as this node knows them
   * @param beginAgain makes the node end a moment later, and another one begin in its place
   */
  RoleTransitions(
      Surroundings around,
      Supplier<List<NodeRecord>> nodes,
      Runnable beginAgain,
      LongSupplier nanoClock) {
    this.directory = around.directory;
    this.peerAddress = around.peerAddress;
    this.consensus = around.consensus;
    this.contacts = around.contacts;
    this.changes = around.changes;
    this.nodes = nodes;
    this.beginAgain = beginAgain;
    this.nanoClock = nanoClock;
  }

  @Override
  public void become(
      NodeRecord.Role from, RoleRequest request, Deadline deadline, CancelFlag cancel) {
    if (request.role() == NodeRecord.Role.LEADER && from != NodeRecord.Role.ADMIN) {
      lead(from == NodeRecord.Role.LEARNER, deadline, cancel);
      return;
    }
    takeTurn();
    begin(() -> directory.assign(next(request, deadline, cancel)));
    log.atInfo().addKeyValue("from", from).addKeyValue("to", request.role()).log("role assigned");
  }

  /**
   * Begins again in a role that is written down, in the turn that the caller has; if that fails,
   * the turn is over.
   */
  private void begin(Runnable written) {
    boolean begun = false;
    try {
      written.run();
      begun = true;
      beginAgain.run();
    } finally {
      if (!begun) {
        turn.release();
      }
    }
  }

  private AssignedRole next(RoleRequest request, Deadline deadline, CancelFlag cancel) {
    return switch (request.role()) {
      case ADMIN -> admin(deadline, cancel);
      case STANDALONE -> standalone();
      case LEADER -> leader(request, deadline, cancel);
      case FOLLOWER -> member(request, Role.VOTER, deadline, cancel);
      case LEARNER -> member(request, Role.LEARNER, deadline, cancel);
      case WITNESS -> member(request, Role.WITNESS, deadline, cancel);
    };
  }

  private MemberId self() {
    return directory.identity().member();
  }

  /** One change at a time; whatever begins it gives the turn back where that fails. */
  private void takeTurn() {
    if (!turn.tryAcquire()) {
      throw new QuorateException(
          ErrorCode.OVERLOADED, "the role of this node is being changed; try again after it");
    }
  }

  private boolean isFresh() {
    return directory.identity().stage() == Stage.NEW;
  }

  // Out of a cluster

  /** In good order: its cluster does not count on it any more, wherever a majority is left. */
  private AssignedRole admin(Deadline deadline, CancelFlag cancel) {
    Membership membership = consensus.membership();
    boolean alone = membership.all().equals(List.of(self()));
    boolean left = !membership.contains(self()) || (!alone && leave(deadline, cancel));
    return new AssignedRole(Mode.ADMIN, roleIn(membership), contacts.others(), left, alone, false);
  }

  private Role roleIn(Membership membership) {
    if (directory.identity().witness()) {
      return Role.WITNESS;
    }
    return membership.learners().contains(self()) ? Role.LEARNER : Role.VOTER;
  }

  /** Whether it is no member any more, or may be none; false where it goes without a word. */
  private boolean leave(Deadline deadline, CancelFlag cancel) {
    Deadline leaving = deadline.atMost(LEAVING);
    try {
      if (!consensus.electsItself() && consensus.role() == Consensus.Role.LEADER) {
        // Who leads next is an administrator's to say.
        return false;
      }
      while (consensus.role() == Consensus.Role.LEADER) {
        Optional<NodeRecord> successor = awaitSuccessor(cancel);
        if (successor.isEmpty()) {
          return false;
        }
        make(new MembershipChange.Transfer(successor.get().name()), leaving, cancel);
      }
      make(new MembershipChange.Remove(self().name()), leaving, cancel);
      return true;
    } catch (QuorateException e) {
      log.atWarn().addKeyValue("cause", e.getMessage()).log("the cluster was not left in order");
      return switch (e.code()) {
        case OUTCOME_UNKNOWN, NODE_NOT_FOUND -> true;
        case NO_LEADER, NODE_UNREACHABLE, INVALID_ROLE_CHANGE -> false;
        default -> throw e;
      };
    }
  }

  /** Waits for a leader, and for the end of another change, as long as there is time. */
  private void make(MembershipChange change, Deadline deadline, CancelFlag cancel) {
    while (true) {
      try {
        changes.make(change, deadline, cancel);
        return;
      } catch (QuorateException e) {
        boolean passes = e.code() == ErrorCode.OVERLOADED || e.code() == ErrorCode.NO_LEADER;
        if (!passes || deadline.expired()) {
          throw e;
        }
      }
      cancel.check();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** A node that has just joined may not have been heard yet. */
  private Optional<NodeRecord> awaitSuccessor(CancelFlag cancel) {
    Deadline hearing = Deadline.after(HEARING, nanoClock);
    Optional<NodeRecord> successor = successor();
    while (successor.isEmpty()
        && consensus.membership().voters().size() > 1
        && !hearing.expired()) {
      cancel.check();
      LockSupport.parkNanos(PAUSE.toNanos());
      successor = successor();
    }
    return successor;
  }

  /** Who leads after this node, where a majority of the voters left is there. */
  private Optional<NodeRecord> successor() {
    Membership membership = consensus.membership();
    List<String> others =
        membership.voters().stream()
            .filter(voter -> !voter.equals(self()))
            .map(MemberId::toString)
            .toList();
    List<String> withRows = membership.dataVoters().stream().map(MemberId::toString).toList();
    List<NodeRecord> alive =
        nodes.get().stream()
            .filter(node -> others.contains(node.memberId()))
            .filter(node -> node.status() == NodeRecord.Status.ALIVE)
            .toList();
    return alive.size() > others.size() / 2
        ? alive.stream()
            .filter(node -> withRows.contains(node.memberId()))
            .min(Comparator.comparingLong(NodeRecord::lag))
        : Optional.empty();
  }

  private AssignedRole standalone() {
    directory.requireKind(false);
    if (!isFresh() && !wasAlone()) {
      throw new QuorateException(
          ErrorCode.INVALID_ROLE_CHANGE,
          "Can't switch the node to standalone: its data directory belongs to cluster %s, which has other members; let it join again, or begin with an empty directory"
              .formatted(directory.identity().cluster()));
    }
    return new AssignedRole(Mode.STANDALONE, Role.VOTER, List.of(), false, true, false);
  }

  private boolean wasAlone() {
    return directory
        .assigned()
        .map(AssignedRole::alone)
        .orElseGet(() -> directory.peers().isEmpty());
  }

  // Into a cluster

  /** Of a new cluster, or of the one that it belongs to. */
  private AssignedRole leader(RoleRequest request, Deadline deadline, CancelFlag cancel) {
    String name = requireName(request);
    directory.requireKind(false);
    Optional<AssignedRole> before = directory.assigned();
    if (isFresh()) {
      directory.rename(name);
      return new AssignedRole(Mode.CLUSTER, Role.VOTER, List.of(), false, true, true);
    }
    boolean left = before.map(AssignedRole::left).orElse(false) || isRemoved();
    List<HostPort> others = before.map(AssignedRole::contacts).orElseGet(contacts::others);
    if (left) {
      requireAdmission(others, name, Role.VOTER, deadline, cancel);
    }
    return new AssignedRole(
        Mode.CLUSTER,
        left ? Role.VOTER : before.map(AssignedRole::role).orElse(Role.VOTER),
        others,
        left,
        before.map(AssignedRole::alone).orElse(false),
        true);
  }

  /** Whether the node runs in a cluster that it is no member of any more. */
  private boolean isRemoved() {
    return !(consensus instanceof NoConsensus);
  }

  private AssignedRole member(
      RoleRequest request, Role role, Deadline deadline, CancelFlag cancel) {
    String address =
        request
            .leader()
            .orElseThrow(
                () ->
                    new QuorateException(
                        ErrorCode.FIELD_REQUIRED,
                        "Field 'address' is required: where the leader listens for other nodes"));
    HostPort leader = requireAddress(address);
    String name = requireName(request);
    directory.requireKind(role == Role.WITNESS);
    contacts.requireReachable(leader);
    requireAdmission(List.of(leader), name, role, deadline, cancel);
    if (isFresh()) {
      directory.rename(name);
    }
    return new AssignedRole(Mode.CLUSTER, role, List.of(leader), true, false, false);
  }

  /** The store of such a node was made for rows, so it is none of a witness. */
  private static Role roleAfterGivingUp(RoleRequest request) {
    return switch (request.role()) {
      case LEARNER -> Role.LEARNER;
      case WITNESS ->
          throw new QuorateException(
              ErrorCode.INVALID_ROLE_CHANGE,
              "a node that has begun a cluster of its own is added as a voter or learner; a witness"
                  + " is started with --role witness --join, or in mode admin");
      default -> Role.VOTER;
    };
  }

  /**
   * Enters another cluster from one of its own, which holds nothing and is given up.
   *
   * @param emptyAt a revision at which that is so; negative where it is not
   */
  void giveUp(RoleRequest request, LongSupplier emptyAt, Deadline deadline, CancelFlag cancel) {
    takeTurn();
    begin(
        () -> {
          HostPort leader = requireAddress(request.leader().orElseThrow());
          String name = request.name().orElseThrow();
          requireForm(name);
          Role role = roleAfterGivingUp(request);
          contacts.requireReachable(leader);
          contacts.requireAdmission(
              List.of(leader),
              new MemberId(name, self().number()),
              "",
              role,
              deadline.atMost(FINDING),
              cancel);
          long revision = emptyAt.getAsLong();
          if (revision < 0) {
            throw new QuorateException(
                ErrorCode.INVALID_ROLE_CHANGE, "the node was written to, and keeps its cluster");
          }
          directory.giveUpCluster(
              name,
              revision,
              new AssignedRole(Mode.CLUSTER, role, List.of(leader), true, false, false));
        });
    log.atInfo().addKeyValue("role", request.role()).log("a cluster of its own is given up");
  }

  private HostPort requireAddress(String text) {
    HostPort address = ClusterContacts.addressOf(text);
    if (address.equals(peerAddress)) {
      throw new QuorateException(
          ErrorCode.INVALID_NODE_ADDRESS,
          "Invalid server address %s: it is this node's own; tell that of the leader"
              .formatted(text));
    }
    return address;
  }

  /** The name that it has, or is to have: a directory that belongs to a cluster keeps its own. */
  private String requireName(RoleRequest request) {
    String own = self().name();
    String name = request.name().orElse(own);
    if (name.equals(own)) {
      return name;
    }
    requireForm(name);
    if (!isFresh()) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER,
          "this node is %s, and cannot be %s: its data directory belongs to cluster %s under that name"
              .formatted(own, name, directory.identity().cluster()));
    }
    return name;
  }

  private static void requireForm(String name) {
    if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER, "the name of a node is 1 to 64 of A-Z a-z 0-9 _ . -");
    }
  }

  /** Looks whether the leader would let the node in, so that it need not begin again in vain. */
  private void requireAdmission(
      List<HostPort> addresses, String name, Role role, Deadline deadline, CancelFlag cancel) {
    Deadline finding = deadline.atMost(FINDING);
    Identity identity = directory.identity();
    contacts.requireAdmission(
        addresses,
        new MemberId(name, identity.member().number()),
        identity.cluster(),
        role,
        finding,
        cancel);
  }

  // The leadership

  private void lead(boolean learner, Deadline deadline, CancelFlag cancel) {
    if (learner) {
      make(new MembershipChange.Promote(self().name(), false), deadline, cancel);
    }
    if (!consensus.electsItself()) {
      stand(deadline, cancel);
    }
    make(new MembershipChange.Transfer(self().name()), deadline, cancel);
  }

  /** Where nobody leads, and nobody would by itself. */
  private void stand(Deadline standing, CancelFlag cancel) {
    while (consensus.leader().isEmpty()) {
      if (standing.expired()) {
        throw new QuorateException(
            ErrorCode.CANNOT_LEAD,
            "%s was not elected: a majority of the voters does not answer, or has what it lacks"
                .formatted(self().name()));
      }
      cancel.check();
      consensus.stand();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Does what is left to do once the node takes part: its members know it, and it may lead. */
  void settle() {
    directory
        .assigned()
        .ifPresent(
            assigned -> {
              if (assigned.leads()) {
                leadAtLast();
              }
              AssignedRole done = assigned.entered().settled();
              if (!done.equals(assigned)) {
                directory.assign(done);
              }
            });
    settled = true;
  }

  /**
   * To be called again and again: a node that others have removed goes to mode admin, from which it
   * can enter again.
   *
   * @param toldFor how long leaders have been saying that it is no member
   * @param patience after which they are believed
   */
  void noteRemoval(Duration toldFor, Duration patience) {
    if (!settled || toldFor.compareTo(patience) < 0 || !turn.tryAcquire()) {
      return;
    }
    begin(
        () -> {
          Role role = directory.assigned().map(AssignedRole::role).orElse(Role.VOTER);
          directory.assign(
              new AssignedRole(Mode.ADMIN, role, contacts.others(), true, false, false));
        });
    log.atWarn().log("the node was removed from its cluster, and begins again in mode admin");
  }

  private void leadAtLast() {
    // Where it has to be told to stand, others may have to be found first.
    Duration patience = consensus.electsItself() ? LEADING : LEADING.plus(FINDING);
    Deadline deadline = Deadline.after(patience, nanoClock);
    try {
      while (consensus.electsItself() && consensus.leader().isEmpty() && !deadline.expired()) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      boolean learner = consensus.membership().learners().contains(self());
      if (consensus.leader().filter(self()::equals).isEmpty()) {
        lead(learner, deadline, CancelFlag.NEVER);
      }
    } catch (QuorateException e) {
      log.atWarn().addKeyValue("cause", e.getMessage()).log("the leadership was not taken over");
    }
  }
}
