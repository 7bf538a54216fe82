package io.quorate.server.cluster.raft.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.Consensus.Role;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.messaging.InProcessNetwork;
import io.quorate.server.lang.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/** A cluster that a test drives step by step. Confined to the test's thread. */
final class Scenario implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final AtomicInteger NUMBERS = new AtomicInteger(5000);

  private final int number = NUMBERS.incrementAndGet();
  private final History history = new History();
  private final FaultCluster cluster;

  /** Above those of a {@link Load}. */
  private long commands = 1L << 40;

  Scenario(int size, Path directory) {
    cluster = new FaultCluster(number, size, number, directory, Seams.NONE, history);
    cluster.open();
  }

  /** What a proposer was told. */
  record Answer(Kind kind, String detail) {
    enum Kind {
      APPLIED,
      REFUSED,
      IN_DOUBT
    }
  }

  FaultCluster cluster() {
    return cluster;
  }

  InProcessNetwork network() {
    return cluster.network();
  }

  History history() {
    return history;
  }

  /** A member beside the first ones. */
  MemberId another(int ordinal) {
    return FaultCluster.member(number, ordinal);
  }

  FaultNode node(MemberId member) {
    return cluster.node(member).orElseThrow();
  }

  List<FaultNode> others(FaultNode... excluded) {
    List<FaultNode> rest = new ArrayList<>(cluster.nodes());
    rest.removeAll(List.of(excluded));
    return rest;
  }

  void awaitThat(String what, Callable<Boolean> condition) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  FaultNode awaitLeader() {
    return awaitLeaderAmong(cluster.nodes());
  }

  FaultNode awaitLeaderAmong(Collection<FaultNode> candidates) {
    awaitThat("a leader", () -> leaderAmong(candidates).isPresent());
    return leaderAmong(candidates).orElseThrow();
  }

  private static Optional<FaultNode> leaderAmong(Collection<FaultNode> candidates) {
    return candidates.stream().filter(node -> node.consensus().role() == Role.LEADER).findFirst();
  }

  /** Proposes without waiting. */
  List<CompletableFuture<Answer>> propose(FaultNode node, int count) {
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(propose(node, node.consensus().term()));
    }
    return answers;
  }

  CompletableFuture<Answer> propose(FaultNode node, long term) {
    commands++;
    Command command = new Command(commands, commands);
    CompletableFuture<Answer> told = new CompletableFuture<>();
    node.consensus().propose(command.bytes(), term, new Listener(command, told));
    return told;
  }

  /**
   * Commits that many, through this leader as long as it leads: on a busy machine an election may
   * come between, which a scenario has to bear.
   */
  void commit(FaultNode node, int count) {
    int missing = 0;
    for (CompletableFuture<Answer> answer : propose(node, count)) {
      assertThat(answer).succeedsWithin(PATIENCE);
      missing += answer.join().kind() == Answer.Kind.APPLIED ? 0 : 1;
    }
    if (missing > 0) {
      commitSomewhere(missing);
    }
  }

  /** Commits through whoever leads, however often that changes meanwhile. */
  void commitSomewhere(int count) {
    AtomicInteger left = new AtomicInteger(count);
    awaitThat(
        "progress",
        () -> {
          Optional<FaultNode> leader = leaderAmong(cluster.nodes());
          if (leader.isPresent() && isApplied(propose(leader.get(), 1).get(0))) {
            left.decrementAndGet();
          }
          return left.get() <= 0;
        });
  }

  private static boolean isApplied(CompletableFuture<Answer> answer)
      throws InterruptedException, ExecutionException {
    try {
      return answer.get(2, TimeUnit.SECONDS).kind() == Answer.Kind.APPLIED;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /**
   * Asks whoever leads for a change until it is made: a leader that steps down on a busy machine
   * leaves it in doubt. Returns who leads then.
   */
  FaultNode change(
      Function<Consensus, CompletableFuture<Void>> change, Predicate<Membership> made) {
    awaitThat(
        "the change",
        () -> {
          Optional<FaultNode> leader = leaderAmong(cluster.nodes());
          if (leader.isEmpty() || made.test(leader.get().consensus().membership())) {
            return leader.isPresent();
          }
          change
              .apply(leader.get().consensus())
              .exceptionally(refused -> null)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
          return false;
        });
    return awaitLeader();
  }

  FaultNode addVoter(MemberId member) {
    return change(leader -> leader.addVoter(member), now -> now.voters().contains(member));
  }

  FaultNode addLearner(MemberId member) {
    return change(leader -> leader.addLearner(member), now -> now.learners().contains(member));
  }

  FaultNode remove(MemberId member) {
    return change(leader -> leader.remove(member), now -> !now.contains(member));
  }

  /** Reads linearizably, and checks it; empty when the member reaches no leader. */
  Optional<Long> read(FaultNode node) {
    History.Ack before = history.latestAck();
    try {
      long index = node.consensus().readBarrier().get(3, TimeUnit.SECONDS);
      assertThat(index).isGreaterThanOrEqualTo(before.index());
      assertThat(node.state().indexOf(before.request())).isEqualTo(before.index());
      return Optional.of(index);
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Ends all faults; then there is progress, and all have applied the same. */
  void awaitAgreement() {
    network().healAll();
    cluster.nodes().stream()
        .filter(node -> node.failure() != null)
        .forEach(node -> cluster.crash(node.member()));
    cluster.down().forEach(cluster::start);
    commitSomewhere(1);
    awaitRunningAgree();
    history
        .acknowledged()
        .forEach(
            (request, index) ->
                assertThat(cluster.nodes())
                    .allMatch(node -> node.state().indexOf(request) == index));
  }

  /** All that run have applied the same. */
  void awaitRunningAgree() {
    awaitThat(
        "agreement",
        () -> {
          long last = history.lastIndex();
          return cluster.nodes().stream().allMatch(node -> node.state().last() == last);
        });
  }

  void assertNothingViolated() {
    assertThat(history.violation()).isEmpty();
  }

  @Override
  public void close() {
    cluster.close();
  }

  private final class Listener implements ProposalListener {
    private final Command command;
    private final CompletableFuture<Answer> told;

    Listener(Command command, CompletableFuture<Answer> told) {
      this.command = command;
      this.told = told;
    }

    @Override
    public void applied(long index, Outcome outcome) {
      if (outcome.code() == Outcome.Code.APPLIED) {
        history.acknowledged(command, index);
      }
      told.complete(new Answer(Answer.Kind.APPLIED, "at " + index));
    }

    @Override
    public void refused(Refusal reason) {
      history.refused(command);
      told.complete(new Answer(Answer.Kind.REFUSED, reason.name()));
    }

    @Override
    public void inDoubt(String why) {
      told.complete(new Answer(Answer.Kind.IN_DOUBT, why));
    }
  }
}
