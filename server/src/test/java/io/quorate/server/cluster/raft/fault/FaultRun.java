package io.quorate.server.cluster.raft.fault;

import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** One seed: a cluster, a load, faults for a time, then none, and everyone must agree. */
final class FaultRun {
  /** Most take under 2 s; a machine that is busy with other things takes its time. */
  private static final Duration HEAL_MAX = Duration.ofSeconds(60);

  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final long seed;
  private final int size;
  private final Fault.Mix mix;
  private final Duration faults;
  private final Seams seams;
  private final History history = new History();

  /**
   * @param size members
   * @param faults how long faults are injected; healing comes after
   */
  FaultRun(long seed, int size, Fault.Mix mix, Duration faults, Seams seams) {
    this.seed = seed;
    this.size = size;
    this.mix = mix;
    this.faults = faults;
    this.seams = seams;
  }

  /**
   * What a run came to, in numbers: a history holds every write, and hundreds of them fill a heap.
   */
  record Report(
      int acknowledged,
      long elections,
      long crashes,
      long reads,
      long changes,
      long learnerReads,
      long joinedBySnapshot,
      Duration healing,
      String text,
      boolean failed) {}

  private Report report(Duration healing) {
    String counts =
        "SEED=%d members=%d acknowledged=%d elections=%d crashes=%d reads=%d doubts=%d refusals=%d snapshots=%d changes=%d joined=%d bySnapshot=%d learnerReads=%d healed=%dms"
            .formatted(
                seed,
                size,
                history.acknowledged().size(),
                history.elections(),
                history.crashes.get(),
                history.reads.get(),
                history.doubts.get(),
                history.refusals.get(),
                history.snapshotsLoaded.get(),
                history.changes.get(),
                history.joined(),
                history.joinedBySnapshot.get(),
                history.learnerReads.get(),
                healing.toMillis());
    String text =
        history
            .violation()
            .map(
                found ->
                    "%s VIOLATION=%s %s%n  %s"
                        .formatted(
                            counts,
                            found.kind(),
                            found.detail(),
                            String.join("\n  ", found.events())))
            .orElse(counts);
    return new Report(
        history.acknowledged().size(),
        history.elections(),
        history.crashes.get(),
        history.reads.get(),
        history.changes.get(),
        history.learnerReads.get(),
        history.joinedBySnapshot.get(),
        healing,
        text,
        history.violation().isPresent());
  }

  /**
   * @param number of this cluster among those that run at the same time
   */
  Report run(int number, Path directory) {
    FaultCluster cluster = new FaultCluster(number, size, seed, directory, seams, history);
    Load load = new Load(cluster, seed);
    long healing = 0;
    try {
      cluster.open();
      load.open();
      Nemesis nemesis = new Nemesis(cluster, mix, seed);
      nemesis.rageFor(faults);
      long healStart = System.nanoTime();
      if (history.violation().isEmpty()) {
        nemesis.heal();
        agree(cluster, load, nemesis);
      }
      healing = System.nanoTime() - healStart;
    } catch (RuntimeException e) {
      history.violated("HARNESS_FAILED", e + " " + List.of(e.getStackTrace()));
    } finally {
      load.close();
      cluster.close();
    }
    awaitAllAnswered(load);
    return report(Duration.ofNanos(healing));
  }

  private void agree(FaultCluster cluster, Load load, Nemesis nemesis) {
    long end = System.nanoTime() + HEAL_MAX.toNanos();
    int before = history.acknowledged().size();
    boolean progress = false;
    Optional<Membership> settled = Optional.empty();
    while (System.nanoTime() - end < 0 && history.violation().isEmpty()) {
      nemesis.keepAlive();
      if (settled.isEmpty() && nemesis.operator().isSettled()) {
        settled = settledMembership(cluster);
        settled.ifPresent(nemesis.operator()::retireStrangers);
      }
      // Up to here, for an addition on an idle cluster may wait for the next entry.
      if (settled.isPresent() && !progress && history.acknowledged().size() > before) {
        progress = true;
        load.stop();
      }
      if (progress && load.inFlight() == 0 && allEqual(cluster, settled.get())) {
        checkNothingLost(cluster);
        return;
      }
      // Agreement takes some round trips; there is nothing to be woken by.
      LockSupport.parkNanos(PACE_NANOS);
    }
    if (history.violation().isEmpty()) {
      String state = stateOf(cluster, load);
      history.violated(
          progress ? "NOT_CAUGHT_UP" : "NO_PROGRESS",
          state + "; inside: " + Autopsy.of(seed, cluster.group(), state));
    }
  }

  /** As one tells it who leads, and is followed by a majority, after all changes have ended. */
  private static Optional<Membership> settledMembership(FaultCluster cluster) {
    Optional<FaultNode> leader = cluster.leader();
    try {
      if (leader.isPresent()) {
        leader.get().consensus().readBarrier().get(1, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    return leader.map(node -> node.consensus().membership());
  }

  /** Whoever is a member runs, has applied everything, and knows the others. */
  private boolean allEqual(FaultCluster cluster, Membership membership) {
    long last = history.lastIndex();
    return cluster.nodes().stream().map(FaultNode::member).toList().equals(sorted(membership.all()))
        && cluster.nodes().stream()
            .allMatch(
                node ->
                    node.state().last() == last
                        && node.consensus().membership().equals(membership)
                        && history
                            .logs()
                            .membership(node.member())
                            .equals(Optional.of(LoggedMembership.stable(membership))));
  }

  private static List<MemberId> sorted(List<MemberId> members) {
    return members.stream().sorted().toList();
  }

  private void checkNothingLost(FaultCluster cluster) {
    Map<Long, Long> acknowledged = history.acknowledged();
    if (acknowledged.isEmpty()) {
      history.violated("NOTHING_ACKNOWLEDGED", "in all of the run");
    }
    for (FaultNode node : cluster.nodes()) {
      acknowledged.forEach(
          (request, index) -> {
            long found = node.state().indexOf(request);
            if (found != index) {
              history.violated(
                  "ACKNOWLEDGED_LOST",
                  "%s has request %d at %d, acknowledged was %d"
                      .formatted(node.member(), request, found, index));
            }
          });
    }
  }

  private String stateOf(FaultCluster cluster, Load load) {
    StringBuilder text = new StringBuilder();
    text.append("in flight ").append(load.inFlight()).append(", last ").append(history.lastIndex());
    for (FaultNode node : cluster.nodes()) {
      text.append("; ")
          .append(node.member())
          .append(' ')
          .append(node.consensus().role())
          .append(" term ")
          .append(node.consensus().term())
          .append(" leader ")
          .append(node.consensus().leader())
          .append(" at ")
          .append(node.state().last())
          .append(" of ")
          .append(node.consensus().membership());
    }
    return text.toString();
  }

  /** A proposer is told something, whatever happens to the member it asked. */
  private void awaitAllAnswered(Load load) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (load.inFlight() != 0 && System.nanoTime() - end < 0) {
      // Answers come from pools that outlive the members.
      LockSupport.parkNanos(PACE_NANOS);
    }
    if (load.inFlight() != 0) {
      history.violated("NOT_ANSWERED", load.inFlight() + " proposals");
    }
  }
}
