package io.quorate.server.cluster;

import io.quorate.server.lang.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The replicated log as the rest of the server sees it: one total order of commands, kept by a
 * majority. Implemented over JRaft, and by a seeded model in the simulator.
 */
public interface Consensus extends AutoCloseable {

  /** The roles of Raft; a learner receives the log and has no vote. */
  enum Role {
    LEADER,
    FOLLOWER,
    CANDIDATE,
    LEARNER,
    /** The log has failed or is closed; this node takes no further part. */
    FAILED
  }

  /**
   * Appends {@code command} if this node leads {@code term}. Returns at once; exactly one method of
   * {@code listener} is called, from a thread that must not be blocked.
   */
  void propose(byte[] command, long term, ProposalListener listener);

  /**
   * Completes once this replica has applied whatever was acknowledged anywhere before the call
   * (ReadIndex, Raft dissertation 6.4): what is read here afterwards is linearizable. The value is
   * the index reached, which may belong to an entry of the log's own. Asks the leader, so it fails
   * on a node that reaches none.
   */
  CompletableFuture<Long> readBarrier();

  Role role();

  /** The current term as this node knows it. */
  long term();

  /** How many leaderships, its own among them, this node has seen begin since it was opened. */
  long leaderships();

  /** Who leads as far as this node knows. */
  Optional<MemberId> leader();

  /** The membership in force as this node knows it. */
  Membership membership();

  /** Adds a voter after it has caught up. Only on the leader; one change at a time. */
  CompletableFuture<Void> addVoter(MemberId member);

  /**
   * Adds a witness, as {@link #addVoter} adds a voter: it votes and keeps the log, and holds no
   * rows. Only on the leader; one change at a time.
   */
  CompletableFuture<Void> addWitness(MemberId member);

  /** Adds a learner. Only on the leader; one change at a time. */
  CompletableFuture<Void> addLearner(MemberId member);

  /** Removes a voter or learner. Only on the leader; one change at a time. */
  CompletableFuture<Void> remove(MemberId member);

  /**
   * Hands leadership to {@code member}. Only on the leader; completes when the request is accepted.
   */
  CompletableFuture<Void> transferLeadership(MemberId member);

  /**
   * Stands for election soon, where nobody leads and members do not stand by themselves; does
   * nothing elsewhere. Whoever lacks what a majority has is not elected.
   */
  void stand();

  /** Whether members stand for election by themselves. */
  boolean electsItself();

  /** Writes a snapshot of the state and lets the log behind the one before it go. */
  CompletableFuture<Void> snapshot();

  /** Stops taking part. Blocks until the threads that call {@link ReplicatedState} have ended. */
  @Override
  void close();

  /**
   * Voters and learners, each sorted.
   *
   * @param witnesses those of the voters that hold no rows
   */
  record Membership(List<MemberId> voters, List<MemberId> learners, List<MemberId> witnesses) {
    public Membership {
      voters = voters.stream().sorted().toList();
      learners = learners.stream().sorted().toList();
      witnesses = witnesses.stream().sorted().toList();
    }

    /** One whose voters all hold rows. */
    public Membership(List<MemberId> voters, List<MemberId> learners) {
      this(voters, learners, List.of());
    }

    /** The voters that hold rows, and so may lead for longer than it takes to hand over. */
    public List<MemberId> dataVoters() {
      return voters.stream().filter(voter -> !witnesses.contains(voter)).toList();
    }

    /** Voters, then learners. */
    public List<MemberId> all() {
      return Stream.concat(voters.stream(), learners.stream()).toList();
    }

    public boolean contains(MemberId member) {
      return voters.contains(member) || learners.contains(member);
    }

    /** The names that are taken. */
    public Set<String> names() {
      return all().stream().map(MemberId::name).collect(Collectors.toSet());
    }
  }

  /** Told what became of a proposal. Three cases, for a caller must act differently on each. */
  interface ProposalListener {

    /** Committed and applied on this node. */
    void applied(long index, Outcome outcome);

    /** Certainly not in the log, now or later: may be proposed again freely. */
    void refused(Refusal reason);

    /** It may or may not commit. Only a repetition with the same request id is safe. */
    void inDoubt(String why);
  }

  /** Why a proposal was certainly not taken. */
  enum Refusal {
    NOT_LEADER,
    TRANSFERRING,
    OVERLOADED,
    /** Larger than an entry of the log may be. */
    TOO_LARGE,
    CLOSED
  }
}
