package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.admin.MembershipChange;
import io.quorate.server.admin.MembershipChanges;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.IdentityConfig.Role;
import io.quorate.server.format.ChangeQuestion;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of the membership: made where this node leads, handed on to the leader elsewhere, at most
 * one hop. Thread-safe; blocks its callers, never longer than their deadline and a second.
 *
 * <pre>
 *  AdminService ─▶ make ─┬─ leads ─▶ Consensus
 *                        └─ not   ─▶ Peers ─▶ the leader's {@link #answer} ─▶ Consensus
 *  a joining node ─▶ PeerAnswers ─▶ {@link #admit} ─▶ Consensus
 * </pre>
 */
final class ClusterChanges implements MembershipChanges {
  /** So few revisions behind, a learner catches up within the change that makes it a voter. */
  static final long LAG_MAX = 1000;

  private static final Logger log = LoggerFactory.getLogger(ClusterChanges.class);

  private final MemberId self;
  private final Consensus consensus;
  private final Supplier<List<NodeRecord>> nodes;
  private final BiConsumer<MembershipChange.Add, ChangePatience> invitations;
  private final Places places;
  private final HandedOnChanges handedOn;

  /**
   * Held while the consensus makes a change, however long its caller waits for it: a promotion has
   * two steps, between which no other change may come.
   */
  private final Semaphore turn = new Semaphore(1);

  /**
   * @param nodes all members as this node knows them
   * @param threads on which what other members hand on may block
   * @param invitations tells a node that is no member to enter
   * @param limit how many followers there may be
   */
  ClusterChanges(
      MemberId self,
      Consensus consensus,
      Peers peers,
      Supplier<List<NodeRecord>> nodes,
      Executor threads,
      BiConsumer<MembershipChange.Add, ChangePatience> invitations,
      FollowerLimit limit,
      LongSupplier nanoClock) {
    this.places = new Places(self, limit);
    this.self = self;
    this.consensus = consensus;
    this.nodes = nodes;
    this.invitations = invitations;
    this.handedOn = new HandedOnChanges(self, consensus, peers, threads, nanoClock, this::makeHere);
  }

  /**
   * Those of a running node.
   *
   * @param peerAddress where the node listens for others
   */
  static ClusterChanges of(
      Node.Parts node,
      HostPort peerAddress,
      Supplier<List<NodeRecord>> nodes,
      Executor threads,
      FollowerLimit limit) {
    Invitations invitations =
        new Invitations(
            new ClusterContacts(node.messenger(), node.hub(), System::nanoTime),
            peerAddress,
            node.directory().cluster());
    return new ClusterChanges(
        node.directory().member(),
        node.consensus(),
        node.hub(),
        nodes,
        threads,
        invitations::send,
        limit,
        System::nanoTime);
  }

  @Override
  public void make(MembershipChange change, Deadline deadline, CancelFlag cancel) {
    ChangePatience patience = new ChangePatience(deadline, cancel);
    if (consensus.role() == Consensus.Role.LEADER) {
      makeHere(change, patience);
    } else {
      handedOn.askLeader(change, patience);
    }
  }

  @Override
  public int followersMax() {
    return places.followersMax();
  }

  /** Makes what another member hands on, where this node leads. Does not block. */
  CompletableFuture<PeerAnswer> answer(ChangeQuestion question) {
    return handedOn.answer(question);
  }

  private void makeHere(MembershipChange change, ChangePatience patience) {
    if (change instanceof MembershipChange.Add add) {
      add(add, patience);
      return;
    } else if (change instanceof MembershipChange.LimitFollowers limited) {
      var unused =
          inTurn(() -> places.limit(consensus.membership(), limited.followers(), patience));
      return;
    }
    MemberId member = require(change.node());
    if (change instanceof MembershipChange.Remove) {
      requireMayGo(member);
      patience.await(inTurn(() -> consensus.remove(member)));
    } else if (change instanceof MembershipChange.Promote promote) {
      promote(member, promote.whenReady(), patience);
    } else {
      transfer(member, patience);
    }
  }

  private MemberId require(String name) {
    return find(name).orElseThrow(() -> notFound(name));
  }

  private Optional<MemberId> find(String name) {
    return consensus.membership().all().stream()
        .filter(member -> member.name().equalsIgnoreCase(name))
        .findFirst();
  }

  private static QuorateException notFound(String name) {
    return new QuorateException(ErrorCode.NODE_NOT_FOUND, "Node doesn't exist: " + name);
  }

  /**
   * Begins a change, where no other is under way.
   *
   * @throws QuorateException {@link ErrorCode#OVERLOADED} where one is
   */
  private CompletableFuture<Void> inTurn(Supplier<CompletableFuture<Void>> change) {
    if (!turn.tryAcquire()) {
      throw new QuorateException(
          ErrorCode.OVERLOADED,
          "another change of the membership is under way; try again after it");
    }
    CompletableFuture<Void> made;
    try {
      made = change.get();
    } catch (RuntimeException e) {
      turn.release();
      throw e;
    }
    return made.whenComplete((done, problem) -> turn.release());
  }

  // Removal

  /**
   * Refuses what would stop the cluster: the removal is in force when a majority of those who are
   * left has it.
   */
  private void requireMayGo(MemberId member) {
    if (member.equals(self)) {
      throw new QuorateException(
          ErrorCode.INVALID_ROLE_CHANGE,
          "Can't remove current node: " + member.name() + "; transfer the leadership first");
    }
    List<MemberId> voters = consensus.membership().voters();
    if (!voters.contains(member)) {
      return;
    }
    if (consensus.membership().dataVoters().equals(List.of(member))) {
      throw new QuorateException(
          ErrorCode.INVALID_ROLE_CHANGE,
          "Can't remove %s: the voters left would all be witnesses, which hold no rows"
              .formatted(member.name()));
    }
    List<MemberId> left = voters.stream().filter(voter -> !voter.equals(member)).toList();
    List<String> silent =
        left.stream().filter(voter -> !isAlive(voter)).map(MemberId::name).toList();
    if (left.size() - silent.size() < left.size() / 2 + 1) {
      throw new QuorateException(
          ErrorCode.INVALID_ROLE_CHANGE,
          "Can't remove %s: of the voters left, %s, no majority would answer, for %s does not"
              .formatted(
                  member.name(),
                  left.stream().map(MemberId::name).collect(Collectors.joining(", ")),
                  String.join(", ", silent)));
    }
  }

  private boolean isAlive(MemberId member) {
    return recordOf(member).status() == NodeRecord.Status.ALIVE;
  }

  private NodeRecord recordOf(MemberId member) {
    return nodes.get().stream()
        .filter(node -> node.memberId().equals(member.toString()))
        .findFirst()
        .orElseThrow(() -> notFound(member.name()));
  }

  // Promotion

  private void promote(MemberId member, boolean whenReady, ChangePatience patience) {
    if (consensus.membership().witnesses().contains(member)) {
      throw isWitness(member, "cannot be promoted");
    }
    if (consensus.membership().voters().contains(member)) {
      return;
    }
    places.awaitNewest(patience);
    places.require(consensus.membership(), Role.VOTER);
    awaitCaughtUp(member, whenReady, patience);
    patience.await(inTurn(() -> toVoter(member)));
  }

  /**
   * In two steps: JRaft counts the acknowledgements of whoever was a learner when its replicator
   * was made as a learner's, so the member leaves before it enters with a vote. Where the second
   * step fails it is made a learner again, however long ago its caller has left.
   */
  private CompletableFuture<Void> toVoter(MemberId member) {
    Membership now = consensus.membership();
    if (now.voters().contains(member)) {
      return CompletableFuture.completedFuture(null);
    } else if (!now.contains(member)) {
      throw notFound(member.name());
    }
    places.require(now, Role.VOTER);
    return consensus
        .remove(member)
        .thenCompose(
            left ->
                consensus
                    .addVoter(member)
                    .exceptionallyCompose(problem -> toLearnerAgain(member, problem)));
  }

  private CompletableFuture<Void> toLearnerAgain(MemberId member, Throwable problem) {
    return consensus
        .addLearner(member)
        .handle(
            (done, second) -> {
              if (second == null) {
                throw new CompletionException(problem);
              }
              log.atError()
                  .addKeyValue("member", member)
                  .addKeyValue("cause", ErrorMapper.map(problem).getMessage())
                  .log("promotion broken off, and the member may be in no membership");
              throw new QuorateException(
                  ErrorCode.OUTCOME_UNKNOWN,
                  "the leadership ended while %1$s was promoted; where ADMIN SHOW NODES does not show %1$s, let it join again with an empty data directory"
                      .formatted(member.name()),
                  problem);
            });
  }

  private void awaitCaughtUp(MemberId member, boolean whenReady, ChangePatience patience) {
    BooleanSupplier ready = () -> isAlive(member) && recordOf(member).lag() <= LAG_MAX;
    if (whenReady ? patience.poll(ready) : ready.getAsBoolean()) {
      return;
    }
    String hint = whenReady ? "; nothing was changed" : "; WHEN READY waits for it";
    if (!isAlive(member)) {
      throw unreachable(member, hint);
    }
    throw new QuorateException(
        ErrorCode.CANNOT_LEAD,
        "%s is %d revisions behind the leader%s"
            .formatted(member.name(), recordOf(member).lag(), hint));
  }

  private QuorateException unreachable(MemberId member, String hint) {
    NodeRecord node = recordOf(member);
    return new QuorateException(
        ErrorCode.NODE_UNREACHABLE,
        "Can't connect server: %s, %s is in status %s%s"
            .formatted(
                node.address().isEmpty() ? "unknown address" : node.address(),
                member.name(),
                node.status(),
                hint));
  }

  // Transfer

  private void transfer(MemberId member, ChangePatience patience) {
    if (member.equals(self)) {
      return;
    }
    if (!consensus.membership().voters().contains(member)) {
      throw new QuorateException(
          ErrorCode.CANNOT_LEAD,
          member.name() + " has no vote, and cannot lead; ADMIN PROMOTE NODE gives it one");
    }
    if (consensus.membership().witnesses().contains(member)) {
      throw isWitness(member, "cannot lead");
    }
    if (!isAlive(member)) {
      throw unreachable(member, "; the leadership stays here");
    }
    patience.await(inTurn(() -> consensus.transferLeadership(member)));
    // While it hands over it is neither leader nor follower.
    BooleanSupplier ended =
        () -> otherLeader().isPresent() || consensus.role() == Consensus.Role.LEADER;
    var unused =
        new ChangePatience(patience.deadline(), CancelFlag.NEVER)
            .poll(() -> ended.getAsBoolean() || patience.isCancelled());
    if (leads(member)) {
      return;
    }
    throw ended.getAsBoolean()
        ? new QuorateException(
            ErrorCode.CANNOT_LEAD,
            "%s did not take the leadership over in time; %s leads"
                .formatted(member.name(), otherLeader().orElse(self).name()))
        : new QuorateException(
            ErrorCode.OUTCOME_UNKNOWN,
            member.name() + " has not taken the leadership over yet; ADMIN SHOW NODES tells");
  }

  private static QuorateException isWitness(MemberId member, String what) {
    return new QuorateException(
        ErrorCode.CANNOT_LEAD, member.name() + " is a witness, holds no rows and " + what);
  }

  private Optional<MemberId> otherLeader() {
    return consensus.leader().filter(member -> !member.equals(self));
  }

  private boolean leads(MemberId member) {
    return consensus.leader().filter(member::equals).isPresent();
  }

  // Admission

  /** The node enters by itself, as one that joins does, once it was told to. */
  private void add(MembershipChange.Add add, ChangePatience patience) {
    Optional<MemberId> there = find(add.node());
    if (there.isPresent()) {
      requireIs(there.get(), add);
      return;
    }
    places.require(consensus.membership(), add.role());
    invitations.accept(add, patience);
    if (!patience.poll(() -> find(add.node()).isPresent())) {
      throw new QuorateException(
          ErrorCode.OUTCOME_UNKNOWN,
          add.node() + " was told to enter, and is no member yet; ADMIN SHOW NODES tells");
    }
  }

  private void requireIs(MemberId member, MembershipChange.Add add) {
    Role role = roleOf(consensus.membership(), member);
    if (role != add.role() || !recordOf(member).address().equals(add.address())) {
      throw new QuorateException(
          ErrorCode.DUPLICATE_NODE,
          "Duplicate node: %s is a member already, a %s at %s"
              .formatted(
                  member.name(), role.name().toLowerCase(Locale.ROOT), recordOf(member).address()));
    }
  }

  private static Role roleOf(Membership membership, MemberId member) {
    if (membership.witnesses().contains(member)) {
      return Role.WITNESS;
    }
    return membership.learners().contains(member) ? Role.LEARNER : Role.VOTER;
  }

  /**
   * Lets a node in, where this one leads. Does not block.
   *
   * @throws QuorateException when there is no place for it, its name is another's, or another
   *     change is under way
   */
  CompletableFuture<Void> admit(MemberId joiner, Role role) {
    return inTurn(
        () -> {
          Membership membership = consensus.membership();
          if (membership.contains(joiner)) {
            return CompletableFuture.completedFuture(null);
          }
          places.requireNewest(role);
          requireAdmissible(joiner, role);
          return switch (role) {
            case VOTER -> consensus.addVoter(joiner);
            case LEARNER -> consensus.addLearner(joiner);
            case WITNESS -> consensus.addWitness(joiner);
          };
        });
  }

  /** Changes nothing, and fails where {@link #admit} would. */
  void requireAdmissible(MemberId joiner, Role role) {
    Membership membership = consensus.membership();
    if (membership.contains(joiner)) {
      if (roleOf(membership, joiner) != role) {
        throw new QuorateException(
            ErrorCode.INVALID_ROLE_CHANGE,
            joiner.name() + " is a member still, in another role; remove it first");
      }
      return;
    }
    if (membership.names().stream().anyMatch(joiner.name()::equalsIgnoreCase)) {
      throw new QuorateException(
          ErrorCode.DUPLICATE_NODE,
          "Duplicate node: %s is a member already, with another data directory; remove it first"
              .formatted(joiner.name()));
    }
    places.require(membership, role);
  }
}
