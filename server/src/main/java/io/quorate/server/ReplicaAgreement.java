package io.quorate.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.format.NodeStatus;
import io.quorate.server.format.StateMark;
import io.quorate.server.store.StateHash;
import io.quorate.server.store.StateMarks;
import io.quorate.server.store.StateMarks.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the marks of this node's rows against those that the other replicas tell. What a majority
 * of the voters with rows has at a revision is right; a node that has something else there throws
 * its rows away and gets those of another one. Where no hash has a majority, nobody can tell who is
 * right: that is an alarm, and nothing else.
 *
 * <p>Witnesses have no rows and no say. A learner has no say, and is held to what the voters have.
 *
 * <p>Thread-safe: answers arrive on the notifier, the timer compares.
 */
final class ReplicaAgreement {
  private static final Logger log = LoggerFactory.getLogger(ReplicaAgreement.class);

  /** Told with each answer: eight seconds of a thousand writes, one of eight thousand. */
  private static final int TOLD = 8;

  /** Revisions that are remembered of others; as many as a node remembers of itself. */
  private static final int REVISIONS = 64;

  private final MemberId self;
  private final Supplier<Membership> membership;
  private final Supplier<StateMarks> own;
  private final Quarantine quarantine;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final TreeMap<Long, Map<MemberId, StateHash>> told = new TreeMap<>();

  @GuardedBy("lock")
  private boolean quarantined;

  /** Members whose rows are not those of the others, or may not be. */
  private volatile int disagreeing;

  ReplicaAgreement(
      MemberId self,
      Supplier<Membership> membership,
      Supplier<StateMarks> own,
      Quarantine quarantine) {
    this.self = self;
    this.membership = membership;
    this.own = own;
    this.quarantine = quarantine;
  }

  /** That of a running node, which stops in quarantine, and begins again without its rows. */
  static ReplicaAgreement of(Node.Parts node, DataDirectory directory) {
    return new ReplicaAgreement(
        node.directory().member(),
        node.consensus()::membership,
        node.replica().store()::marks,
        (mark, agreed) -> {
          String line =
              "at revision %d the rows of this node have the hash %s, those of most voters %s"
                  .formatted(mark.revision(), mark.hash(), agreed);
          // The first thing is that nobody is shown a wrong row.
          node.replica().store().refuseViews(line + "; it gets theirs now, ask another node");
          try {
            new Divergence(mark.revision(), agreed).writeTo(directory);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } finally {
            node.replica().store().condemn(line);
          }
        });
  }

  /** What becomes of a node that has other rows than most. */
  @FunctionalInterface
  interface Quarantine {
    /**
     * Ends the use of this node's rows.
     *
     * @param agreed what the others have at the revision of the mark
     */
    void begin(Mark mark, StateHash agreed);
  }

  /** What a node tells of its marks; nothing where it holds no rows. */
  static List<StateMark> toTell(Node.Parts node) {
    return node.replica().holdsAllRows()
        ? node.replica().store().marks().newest(TOLD).stream().map(ReplicaAgreement::told).toList()
        : List.of();
  }

  static StateMark told(Mark mark) {
    return StateMark.newBuilder()
        .setRevision(mark.revision())
        .setHigh(mark.hash().high())
        .setLow(mark.hash().low())
        .build();
  }

  static StateHash hashOf(StateMark mark) {
    return new StateHash(mark.getHigh(), mark.getLow());
  }

  /** A member has said how it is. */
  void hear(MemberId member, NodeStatus status) {
    lock.lock();
    try {
      for (StateMark mark : status.getMarksList()) {
        told.computeIfAbsent(mark.getRevision(), revision -> new HashMap<>())
            .put(member, hashOf(mark));
      }
      while (told.size() > REVISIONS) {
        told.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  /** To be called again and again; begins the quarantine where it is due, once. */
  void compare() {
    Membership members = membership.get();
    if (members.witnesses().contains(self) || !members.contains(self)) {
      return;
    }
    StateMarks mine = own.get();
    lock.lock();
    try {
      int newest = 0;
      for (Map.Entry<Long, Map<MemberId, StateHash>> at : told.entrySet()) {
        Optional<StateHash> here = mine.at(at.getKey());
        Map<MemberId, StateHash> hashes = new HashMap<>(at.getValue());
        hashes.keySet().removeIf(member -> member.equals(self) || !members.contains(member));
        hashes.keySet().removeAll(members.witnesses());
        here.ifPresent(hash -> hashes.put(self, hash));
        Optional<StateHash> agreed = agreed(hashes, members.dataVoters());
        if (here.isPresent() && agreed.isPresent() && !here.equals(agreed)) {
          quarantineFor(new Mark(at.getKey(), here.get()), agreed.get());
          return;
        }
        if (hashes.size() > 1) {
          newest = differing(hashes.values(), agreed);
        }
      }
      tell(newest);
    } finally {
      lock.unlock();
    }
  }

  /** What more than half of the voters have. */
  static Optional<StateHash> agreed(Map<MemberId, StateHash> hashes, List<MemberId> voters) {
    Map<StateHash, Integer> votes = new HashMap<>();
    voters.stream()
        .map(hashes::get)
        .filter(hash -> hash != null)
        .forEach(hash -> votes.merge(hash, 1, Integer::sum));
    return votes.entrySet().stream()
        .filter(vote -> vote.getValue() > voters.size() / 2)
        .findFirst()
        .map(Map.Entry::getKey);
  }

  /** How many have not what was agreed on; all, where there is more than one and nothing was. */
  private static int differing(Collection<StateHash> hashes, Optional<StateHash> agreed) {
    if (agreed.isPresent()) {
      return (int) hashes.stream().filter(hash -> !hash.equals(agreed.get())).count();
    }
    return hashes.stream().distinct().count() > 1 ? hashes.size() : 0;
  }

  @GuardedBy("lock")
  private void quarantineFor(Mark mark, StateHash agreed) {
    if (!quarantined) {
      quarantined = true;
      log.atError()
          .addKeyValue("revision", mark.revision())
          .addKeyValue("hash", mark.hash())
          .addKeyValue("agreed", agreed)
          .log("the rows of this node are not those of the others; it throws them away");
      quarantine.begin(mark, agreed);
    }
  }

  private void tell(int now) {
    if (now > 0 && disagreeing == 0) {
      log.atError().addKeyValue("members", now).log("replicas have different rows");
    } else if (now == 0 && disagreeing > 0) {
      log.atInfo().log("replicas have the same rows again");
    }
    disagreeing = now;
  }

  /** Members whose rows differ from what was agreed on, or from each other's where nothing was. */
  int disagreeing() {
    return disagreeing;
  }
}
