package io.quorate.server.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.format.Command;
import io.quorate.server.lang.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model of what consensus promises: one order of entries, at most one leader a term, terms that
 * rise. What a leader had not committed when it lost its office is kept up to some point and lost
 * behind it; its proposers are told that they cannot know. Entries once committed are never lost:
 * that is the library's part, judged by other tests.
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
  private final List<SimNode> nodes;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private @Nullable SimNode leader;
  private long term;

  SimLog(SimWorld world, List<SimNode> nodes) {
    this.world = world;
    this.nodes = nodes;
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
    if (!hasQuorum()) {
      return;
    }
    depose();
    term++;
    leader = node;
    commit(null);
    long elected = term;
    node.onReaching(lastIndex(), () -> startLeadership(node, elected));
    deliver();
  }

  private void startLeadership(SimNode node, long elected) {
    if (leader == node && term == elected) {
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
    for (SimNode node : nodes) {
      node.later(node::applySome);
    }
  }

  List<MemberId> members() {
    return nodes.stream().map(SimNode::member).toList();
  }

  boolean hasQuorum() {
    return nodes.stream().filter(SimNode::isUp).count() * 2 > nodes.size();
  }
}
