package io.quorate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.Consensus.Membership;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.format.StateAnswer;
import io.quorate.server.format.StateQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.store.StateHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * CHECK CLUSTER: has the log mark one revision on all replicas, has each of them read all its rows,
 * and holds the hashes against each other. What a replica has read is held against the hash of the
 * changes that made it, so that no row is right by chance and none is passed over.
 *
 * <p>Thread-safe; blocks its caller for as long as the slowest node reads.
 */
final class ClusterCheck {
  private final Node.Parts node;
  private final ReplicaAnswers own;

  /**
   * @param own what this node would answer
   */
  ClusterCheck(Node.Parts node, ReplicaAnswers own) {
    this.node = node;
    this.own = own;
  }

  /** What is said of a member. */
  enum Verdict {
    /** It has what most voters have. */
    AGREES,
    /** Most voters have something else. */
    DIVERGED,
    /** No hash has a majority of the voters. */
    UNDECIDED,
    /** What it has read is not what was written there. */
    DAMAGED,
    /** It holds no rows. */
    WITNESS,
    /** It has not answered, or could not. */
    UNKNOWN
  }

  /**
   * A member.
   *
   * @param revision of the hash
   * @param hash null where there is none
   * @param detail why not, or up to which revision rows were read
   */
  record Row(String name, long revision, @Nullable StateHash hash, Verdict verdict, String detail) {
    String word() {
      return verdict.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks all members, by name.
   *
   * @throws QuorateException when no leader has marked the state by the deadline
   */
  List<Row> run(Deadline deadline) {
    long revision = mark(deadline);
    Membership members = node.consensus().membership();
    Map<MemberId, CompletableFuture<StateAnswer>> asked = new HashMap<>();
    for (MemberId member : members.all()) {
      if (!members.witnesses().contains(member)) {
        asked.put(member, ask(member, revision, deadline));
      }
    }
    Map<MemberId, StateAnswer> answers = new HashMap<>();
    Map<MemberId, QuorateException> failures = new HashMap<>();
    asked.forEach(
        (member, answer) -> {
          try {
            answers.put(member, answer.join());
          } catch (CompletionException e) {
            failures.put(member, ErrorMapper.map(e));
          }
        });
    Map<MemberId, StateHash> hashes = new HashMap<>();
    answers.forEach(
        (member, answer) -> hashes.put(member, ReplicaAgreement.hashOf(answer.getMark())));
    Optional<StateHash> agreed = ReplicaAgreement.agreed(hashes, members.dataVoters());
    List<Row> rows = new ArrayList<>();
    for (MemberId member : members.all()) {
      rows.add(row(member, revision, answers, failures, agreed));
    }
    rows.sort(Comparator.comparing(Row::name));
    return rows;
  }

  private static Row row(
      MemberId member,
      long revision,
      Map<MemberId, StateAnswer> answers,
      Map<MemberId, QuorateException> failures,
      Optional<StateHash> agreed) {
    StateAnswer answer = answers.get(member);
    if (answer != null) {
      StateHash hash = ReplicaAgreement.hashOf(answer.getMark());
      Verdict verdict =
          agreed
              .map(most -> most.equals(hash) ? Verdict.AGREES : Verdict.DIVERGED)
              .orElse(Verdict.UNDECIDED);
      return new Row(
          member.name(), revision, hash, verdict, "all rows of revision " + answer.getScanned());
    }
    QuorateException failure = failures.get(member);
    if (failure == null) {
      return new Row(member.name(), revision, null, Verdict.WITNESS, "holds no rows");
    }
    boolean damaged =
        failure.code() == ErrorCode.DATA_CORRUPTED || failure.code() == ErrorCode.REPLICA_DIVERGED;
    return new Row(
        member.name(),
        revision,
        null,
        damaged ? Verdict.DAMAGED : Verdict.UNKNOWN,
        String.valueOf(failure.getMessage()));
  }

  private long mark(Deadline deadline) {
    if (node.consensus().role() == Consensus.Role.LEADER) {
      return join(own.mark());
    }
    MemberId leader =
        node.consensus()
            .leader()
            .orElseThrow(
                () -> new QuorateException(ErrorCode.NO_LEADER, "no leader marks the state"));
    return join(send(leader, StateQuestion.getDefaultInstance(), deadline)).getMark().getRevision();
  }

  private CompletableFuture<StateAnswer> ask(MemberId member, long revision, Deadline deadline) {
    StateQuestion question =
        StateQuestion.newBuilder()
            .setRevision(revision)
            .setTimeoutMillis(deadline.remaining().toMillis())
            .build();
    return member.equals(node.directory().member())
        ? own.answer(question).thenApply(ClusterCheck::stateOf)
        : send(member, question, deadline);
  }

  private CompletableFuture<StateAnswer> send(
      MemberId member, StateQuestion question, Deadline deadline) {
    return node.hub()
        .ask(member, PeerQuestion.newBuilder().setState(question).build().toByteArray(), deadline)
        .thenApply(
            bytes -> {
              try {
                return stateOf(PeerAnswer.parseFrom(bytes));
              } catch (InvalidProtocolBufferException e) {
                throw new QuorateException(
                    ErrorCode.NOT_SUPPORTED, "it answers in another language", e);
              }
            });
  }

  private static StateAnswer stateOf(PeerAnswer answer) {
    PeerAnswers.requireDone(answer);
    return answer.getState();
  }

  private static <T> T join(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw ErrorMapper.map(e);
    }
  }
}
