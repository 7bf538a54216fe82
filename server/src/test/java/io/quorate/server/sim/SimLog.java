package io.quorate.server.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.format.Command;
import io.quorate.server.lang.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model of what consensus promises: one order of entries, at most one leader a term, terms that
 * rise, members that come and go one at a time. What a leader had not committed when it lost its
 * office is kept up to some point and lost behind it; its proposers are told that they cannot know.
 * Entries once committed are never lost: that is the library's part, judged by other tests.
 */
final class SimLog {
  /**
   * An entry; {@code command} is null for the log's own, which the state machine does not see.
   *
   * @param parsed the command again, read once
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
  record Entry(long index, long term, byte @Nullable [] command, Command parsed) {
    static Entry of(long index, long term, byte @Nullable [] command) {
      try {
        Command parsed =
            command == null ? Command.getDefaultInstance() : Command.parseFrom(command);
        return new Entry(index, term, command, parsed);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
  private record Pending(long term, byte[] command, ProposalListener listener) {}

  private final SimWorld world;
  private final List<Entry> committed = new ArrayList<>();
  private final Set<SimNode> voters = new LinkedHashSet<>();
  private final Set<SimNode> learners = new LinkedHashSet<>();

  /** What those who are members no more may still learn of. */
  private final Map<SimNode, Long> leftAt = new HashMap<>();

  private final Deque<Pending> pending = new ArrayDeque<>();
  private @Nullable SimNode leader;
  private long term;
  private boolean transferring;
  private int changes;

  /** Highest term of which the leader has applied the first entry. */
  private long readyTerm;

  SimLog(SimWorld world) {
    this.world = world;
  }

  /** The membership that the cluster begins with. */
  void begin(List<SimNode> first) {
    voters.addAll(first);
  }

  long lastIndex() {
    return committed.size();
  }

  Entry entry(long index) {
    return committed.get((int) index - 1);
  }

  /** A hash of the whole log: equal runs have equal logs. */
  int fingerprint() {
    int hash = 1;
    for (Entry entry : committed) {
      hash = 31 * hash + Long.hashCode(entry.term);
      hash = 31 * hash + Arrays.hashCode(entry.command);
    }
    return hash;
  }

  long term() {
    return term;
  }

  @Nullable SimNode leader() {
    return leader;
  }

  /**
   * Begins a leadership of {@code node}: the old leader loses its office, and an entry of the log's
   * own is committed.
   */
  void elect(SimNode node) {
    if (!hasQuorum() || !voters.contains(node) || !node.isUp()) {
      return;
    }
    depose();
    term++;
    leader = node;
    transferring = false;
    commit(null);
    long elected = term;
    node.onReaching(lastIndex(), () -> startLeadership(node, elected));
    deliver();
  }

  private void startLeadership(SimNode node, long elected) {
    if (leader == node && term == elected) {
      readyTerm = elected;
      node.state().leadershipStarted(elected);
    }
  }

  /**
   * The leader loses its office; some of what it had proposed is committed all the same, in order.
   */
  void depose() {
    SimNode old = leader;
    if (old == null) {
      return;
    }
    leader = null;
    int kept = hasQuorum() ? world.random().nextInt(pending.size() + 1) : 0;
    List<Pending> doubtful = new ArrayList<>(pending);
    pending.clear();
    for (int i = 0; i < kept; i++) {
      commit(doubtful.get(i).command);
    }
    old.dropListeners(doubtful.stream().map(Pending::listener).toList());
  }

  void propose(SimNode node, byte[] command, long proposedTerm, ProposalListener listener) {
    if (leader != node || term != proposedTerm) {
      node.later(() -> listener.refused(Refusal.NOT_LEADER));
    } else if (transferring) {
      node.later(() -> listener.refused(Refusal.TRANSFERRING));
    } else if (world.oneIn(50)) {
      node.later(() -> listener.refused(Refusal.OVERLOADED));
    } else {
      pending.add(new Pending(proposedTerm, command, listener));
      world.after(world.between(50, 2000), this::commitSome);
    }
  }

  private void commitSome() {
    SimNode leading = leader;
    if (leading == null || !hasQuorum() || pending.isEmpty()) {
      return;
    }
    int count = world.between(1, pending.size());
    for (int i = 0; i < count; i++) {
      Pending next = pending.remove();
      Invariant.check(next.term == term, "an entry of term %s is pending in %s", next.term, term);
      commit(next.command);
      leading.listen(lastIndex(), next.listener);
    }
    deliver();
    if (!pending.isEmpty()) {
      world.after(world.between(50, 2000), this::commitSome);
    }
  }

  private void commit(byte @Nullable [] command) {
    committed.add(Entry.of(committed.size() + 1, term, command));
  }

  /** Lets each node hear, at its own time, that there is more. */
  void deliver() {
    for (SimNode node : members()) {
      node.heard(lastIndex());
      node.later(node::applySome);
    }
  }

  // Who belongs to it

  List<SimNode> members() {
    return Stream.concat(voters.stream(), learners.stream()).toList();
  }

  List<SimNode> voters() {
    return List.copyOf(voters);
  }

  List<SimNode> learners() {
    return List.copyOf(learners);
  }

  boolean isMember(SimNode node) {
    return voters.contains(node) || learners.contains(node);
  }

  Membership membership() {
    return new Membership(
        voters.stream().map(SimNode::member).toList(),
        learners.stream().map(SimNode::member).toList());
  }

  boolean hasQuorum() {
    return voters.stream().filter(SimNode::isUp).count() * 2 > voters.size();
  }

  int changes() {
    return changes;
  }

  /** The last index that reaches this node. */
  long reach(SimNode node) {
    return isMember(node) ? lastIndex() : leftAt.getOrDefault(node, 0L);
  }

  /**
   * Where a leader with a majority is there to do it; the voters' sets of before count till then.
   */
  void addVoter(SimNode node) {
    change(() -> voters.add(node));
  }

  void addLearner(SimNode node) {
    change(() -> learners.add(node));
  }

  void promote(SimNode node) {
    change(
        () -> {
          learners.remove(node);
          voters.add(node);
        });
  }

  /** If it leads, it gives way. */
  void remove(SimNode node) {
    change(
        () -> {
          leftAt.put(node, lastIndex());
          voters.remove(node);
          learners.remove(node);
        });
    if (leader == node && !isMember(node)) {
      depose();
    }
  }

  private void change(Runnable made) {
    if (leader != null && hasQuorum()) {
      commit(null);
      made.run();
      changes++;
      deliver();
    }
  }

  /** Writes are refused until {@code to} leads, or until it is given up. */
  void transfer(SimNode to) {
    SimNode from = leader;
    if (from == null || from == to || !voters.contains(to)) {
      return;
    }
    transferring = true;
    long ending = term;
    world.after(
        world.between(100, 5000),
        () -> {
          if (leader == from && term == ending) {
            commitAll();
            transferring = false;
            elect(to);
          }
        });
  }

  /** The one who takes over has the log to its end. */
  private void commitAll() {
    SimNode leading = leader;
    while (leading != null && hasQuorum() && !pending.isEmpty()) {
      Pending next = pending.remove();
      commit(next.command);
      leading.listen(lastIndex(), next.listener);
    }
  }

  // How far it reaches

  /**
   * Asks the leader how far the log reaches, for {@code node}: now and then the answer is lost;
   * else it comes at once or late, and counts when the node has applied that much.
   */
  CompletableFuture<Long> readBarrier(SimNode node) {
    CompletableFuture<Long> barrier = new CompletableFuture<>();
    if (world.oneIn(3)) {
      answer(node, barrier);
    } else if (!world.oneIn(12)) {
      world.after(world.between(20, 3000), () -> answer(node, barrier));
    }
    return barrier;
  }

  private void answer(SimNode node, CompletableFuture<Long> barrier) {
    if (leader == null || readyTerm != term || !hasQuorum() || !isMember(node)) {
      barrier.completeExceptionally(new IllegalStateException("no leader answers"));
    } else {
      long index = lastIndex();
      if (node.isUp() && node.position() >= index) {
        barrier.complete(index);
      } else {
        node.onReaching(index, () -> barrier.complete(index));
      }
    }
  }
}
