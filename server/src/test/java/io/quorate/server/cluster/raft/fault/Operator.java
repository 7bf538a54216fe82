package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Changes who belongs to the cluster, as operators do: asks whoever leads, bears refusals and doubt
 * and asks another time. Who was removed, and was told to be, ends some time later and may come
 * back under its name with an empty disk, as another member.
 *
 * <p>Confined to the thread of the run; what a leader answers is noted on the leader's threads.
 */
final class Operator {
  private static final int VOTERS_MIN = 3;
  private static final int VOTERS_MAX = 5;
  private static final int MEMBERS_MAX = 7;

  /** What the number of a name's next disk is above that of the last. */
  private static final int NEXT_DISK = 1000;

  private final FaultCluster cluster;
  private final History history;
  private final SplittableRandom random;
  private final List<Change> open = new ArrayList<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::nanos));

  /**
   * A change under way.
   *
   * @param leaves whether the member is to end with it
   */
  private record Change(
      MemberId member, FaultNode leader, boolean leaves, CompletableFuture<Void> answer) {}

  /** The end of a member that was removed. */
  private record Due(Long nanos, MemberId member) {}

  Operator(FaultCluster cluster, SplittableRandom random) {
    this.cluster = cluster;
    this.history = cluster.history();
    this.random = random;
  }

  /** Looks after what is under way. */
  void work() {
    List<Change> ended =
        open.stream()
            .filter(change -> change.answer().isDone() || change.leader().killed())
            .toList();
    open.removeAll(ended);
    ended.stream().filter(Change::leaves).forEach(this::leftOrNot);
    while (!due.isEmpty() && due.element().nanos() - System.nanoTime() <= 0) {
      retire(due.remove().member());
    }
  }

  /** One that was removed runs on for a while; of one that may have been, nothing is concluded. */
  private void leftOrNot(Change change) {
    if (change.answer().isDone() && !change.answer().isCompletedExceptionally()) {
      long millis = random.nextInt(50, 1500);
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      due.add(new Due(end, change.member()));
    } else {
      cluster.start(change.member());
    }
  }

  private void retire(MemberId member) {
    cluster.retire(member);
    if (random.nextBoolean() && hasRoom()) {
      join(new MemberId(member.name(), member.number() + NEXT_DISK));
    }
  }

  /** Whether nothing is under way any more. */
  boolean isSettled() {
    return open.isEmpty() && due.isEmpty();
  }

  /** Ends whoever is no member, once all that was asked for is settled. */
  void retireStrangers(Membership membership) {
    cluster.members().stream()
        .filter(member -> !membership.contains(member))
        .forEach(cluster::retire);
  }

  // What is asked for

  void addVoter() {
    ifOneMayBeAsked(
        leader -> {
          if (leader.consensus().membership().voters().size() < VOTERS_MAX && hasRoom()) {
            MemberId member = stranger(leader);
            open(leader, member, false, leader.consensus().addVoter(member));
          }
        });
  }

  void addLearner() {
    ifOneMayBeAsked(
        leader -> {
          if (hasRoom()) {
            MemberId member = stranger(leader);
            open(leader, member, false, leader.consensus().addLearner(member));
          }
        });
  }

  /** In two steps, as in production; where the second is refused it is made a learner again. */
  void promote() {
    ifOneMayBeAsked(
        leader -> {
          Membership now = leader.consensus().membership();
          if (now.learners().isEmpty() || now.voters().size() >= VOTERS_MAX) {
            return;
          }
          MemberId member = anyOf(now.learners());
          CompletableFuture<Void> voter =
              leader
                  .consensus()
                  .remove(member)
                  .thenCompose(
                      left ->
                          leader
                              .consensus()
                              .addVoter(member)
                              .exceptionallyCompose(
                                  refused -> leader.consensus().addLearner(member)));
          open(leader, member, false, voter);
        });
  }

  /** Anyone; one time in three whoever leads, if it is a voter that can be spared. */
  void remove() {
    ifOneMayBeAsked(
        leader -> {
          Membership now = leader.consensus().membership();
          List<MemberId> some = now.voters().size() > VOTERS_MIN ? now.all() : now.learners();
          if (!some.isEmpty()) {
            boolean itself = some.contains(leader.member()) && random.nextInt(3) == 0;
            MemberId member = itself ? leader.member() : anyOf(some);
            open(leader, member, true, leader.consensus().remove(member));
          }
        });
  }

  /** One dies, is removed while it is down, and may come back with an empty disk. */
  void replace() {
    ifOneMayBeAsked(
        leader -> {
          MemberId member = anyOf(leader.consensus().membership().all());
          if (!member.equals(leader.member()) && cluster.canSpare(member)) {
            cluster.crash(member);
            open(leader, member, true, leader.consensus().remove(member));
          }
        });
  }

  /** One at a time of one leader, most often; the next leader is not told what the last one was. */
  private void ifOneMayBeAsked(Consumer<FaultNode> change) {
    cluster
        .leader()
        .filter(
            leader ->
                open.stream().noneMatch(under -> under.leader().equals(leader))
                    || random.nextInt(8) == 0)
        .ifPresent(change);
  }

  private boolean hasRoom() {
    return cluster.members().size() < MEMBERS_MAX;
  }

  private MemberId anyOf(List<MemberId> members) {
    return members.get(random.nextInt(members.size()));
  }

  /** One that waits to be added, or a new one. */
  private MemberId stranger(FaultNode leader) {
    Membership now = leader.consensus().membership();
    List<MemberId> waiting =
        cluster.nodes().stream()
            .map(FaultNode::member)
            .filter(member -> !now.contains(member) && !isUnderWay(member))
            .toList();
    return waiting.isEmpty() ? join(cluster.nextMember()) : anyOf(waiting);
  }

  private boolean isUnderWay(MemberId member) {
    return open.stream().anyMatch(change -> change.member().equals(member))
        || due.stream().anyMatch(later -> later.member().equals(member));
  }

  private MemberId join(MemberId member) {
    history.joins(member);
    cluster.join(member);
    return member;
  }

  private void open(
      FaultNode leader, MemberId member, boolean leaves, CompletableFuture<Void> answer) {
    open.add(new Change(member, leader, leaves, answer));
  }
}
