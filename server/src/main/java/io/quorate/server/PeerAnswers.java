package io.quorate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.format.AdmissionQuestion;
import io.quorate.server.format.InvitationQuestion;
import io.quorate.server.format.JoinQuestion;
import io.quorate.server.format.NodeStatus;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.format.StatementAnswer;
import io.quorate.server.format.StatementQuestion;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers what other members ask beside the log. Thread-safe; never blocks. */
final class PeerAnswers implements Peers.Responder {
  private final String cluster;
  private final boolean standalone;
  private final Consensus consensus;
  private final Function<MemberId, NodeStatus> status;
  private final Function<StatementQuestion, CompletableFuture<StatementAnswer>> statements;
  private final ClusterChanges changes;
  private final Function<PeerQuestion, CompletableFuture<PeerAnswer>> replica;
  private final WayBack wayBack;

  /**
   * @param status what this node tells of itself to whoever asks
   * @param statements runs what is handed on to this node, on other threads
   * @param replica answers what is asked about the rows
   * @param standalone whether nobody may join
   */
  PeerAnswers(
      String cluster,
      Consensus consensus,
      Function<MemberId, NodeStatus> status,
      Function<StatementQuestion, CompletableFuture<StatementAnswer>> statements,
      ClusterChanges changes,
      Function<PeerQuestion, CompletableFuture<PeerAnswer>> replica,
      WayBack wayBack,
      boolean standalone) {
    this.replica = replica;
    this.wayBack = wayBack;
    this.standalone = standalone;
    this.cluster = cluster;
    this.consensus = consensus;
    this.status = status;
    this.statements = statements;
    this.changes = changes;
  }

  @Override
  public CompletableFuture<byte[]> answer(MemberId from, byte[] bytes) {
    PeerQuestion question = questionOf(from, bytes);
    return switch (question.getQuestionCase()) {
      case STATUS -> now(PeerAnswer.newBuilder().setStatus(status.apply(from)));
      case JOIN -> join(question.getJoin());
      case ADMISSION -> now(admission(question.getAdmission()));
      case INVITATION -> now(invitation(question.getInvitation()));
      case STATEMENT ->
          statements
              .apply(question.getStatement())
              .thenApply(done -> PeerAnswer.newBuilder().setStatement(done).build().toByteArray());
      case CHANGE -> changes.answer(question.getChange()).thenApply(PeerAnswer::toByteArray);
      case STATE, SNAPSHOT -> replica.apply(question).thenApply(PeerAnswer::toByteArray);
      case QUESTION_NOT_SET -> now(error("this version does not know that question"));
    };
  }

  /** Whether {@link #join} would let it in. */
  private PeerAnswer.Builder admission(AdmissionQuestion question) {
    if (consensus.role() != Consensus.Role.LEADER) {
      Optional<MemberId> leader = consensus.leader();
      String who = leader.map(member -> member.name() + " does").orElse("nobody does now");
      return error(
              new QuorateException(
                  ErrorCode.LEADER_UNREACHABLE,
                  "Can't connect leader: this node does not lead, " + who))
          .setRefused(leader.isPresent());
    }
    try {
      requireOpen();
      if (!question.getCluster().isEmpty() && !question.getCluster().equals(cluster)) {
        throw new QuorateException(
            ErrorCode.INVALID_ROLE_CHANGE,
            "this is cluster %s, but the data directory of the node belongs to cluster %s; an empty one may join"
                .formatted(cluster, question.getCluster()));
      }
      changes.requireAdmissible(
          MemberId.parse(question.getMember()),
          roleOf(question.getLearner(), question.getWitness()));
      return PeerAnswer.newBuilder().setCluster(cluster);
    } catch (QuorateException e) {
      return error(e).setRefused(true);
    }
  }

  /** A node that takes part in something is not taken out of it by others. */
  private PeerAnswer.Builder invitation(InvitationQuestion question) {
    return error(
            new QuorateException(
                ErrorCode.INVALID_ROLE_CHANGE,
                "the node is %s %s, and cannot enter cluster %s; ADMIN SET ADMIN there first, with an empty data directory where it is of another cluster"
                    .formatted(
                        standalone ? "standalone, with cluster" : "a member of cluster",
                        cluster,
                        question.getCluster())))
        .setRefused(true);
  }

  /**
   * @throws QuorateException when nobody may join
   */
  private void requireOpen() {
    if (standalone) {
      throw new QuorateException(
          ErrorCode.LEADER_UNREACHABLE,
          "Can't connect leader: this node is standalone, and has no cluster to join");
    }
  }

  /**
   * The first question only asks which cluster this is; the second, with its id, asks to be let in.
   */
  private CompletableFuture<byte[]> join(JoinQuestion question) {
    if (standalone) {
      return now(error("this node is standalone, and has no cluster to join").setRefused(true));
    }
    if (question.getCluster().isEmpty()) {
      return now(PeerAnswer.newBuilder().setCluster(cluster));
    }
    if (!question.getCluster().equals(cluster)) {
      return now(
          error("this is cluster " + cluster + ", not " + question.getCluster()).setRefused(true));
    }
    MemberId joiner = MemberId.parse(question.getMember());
    if (consensus.role() != Consensus.Role.LEADER) {
      PeerAnswer.Builder elsewhere = error("this node does not lead");
      consensus.leader().ifPresent(leader -> elsewhere.setLeader(leader.toString()));
      return now(elsewhere);
    }
    return wayBack
        .problemOf(joiner)
        .thenCompose(
            problem ->
                problem.isPresent()
                    ? now(error(problem.get()).setRefused(isUnreachable(problem.get())))
                    : admit(joiner, roleOf(question.getLearner(), question.getWitness())));
  }

  private static boolean isUnreachable(QuorateException problem) {
    return problem.code() == ErrorCode.NODE_UNREACHABLE;
  }

  private CompletableFuture<byte[]> admit(MemberId joiner, IdentityConfig.Role role) {
    CompletableFuture<Void> change;
    try {
      change = changes.admit(joiner, role);
    } catch (QuorateException e) {
      return now(error(e).setRefused(isFinal(e.code())));
    }
    return change.handle(
        (done, problem) ->
            problem == null
                ? PeerAnswer.newBuilder().setCluster(cluster).build().toByteArray()
                : error(ErrorMapper.map(problem)).build().toByteArray());
  }

  private static IdentityConfig.Role roleOf(boolean learner, boolean witness) {
    if (witness) {
      return IdentityConfig.Role.WITNESS;
    }
    return learner ? IdentityConfig.Role.LEARNER : IdentityConfig.Role.VOTER;
  }

  /** Whether it is of no use to ask again before an operator has acted. */
  private static boolean isFinal(ErrorCode code) {
    return code.retryAdvice() == ErrorCode.RetryAdvice.NEVER;
  }

  static PeerQuestion questionOf(MemberId from, byte[] bytes) {
    try {
      return PeerQuestion.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new QuorateException(
          ErrorCode.INTERNAL_ERROR, "a question of " + from + " cannot be read", e);
    }
  }

  /**
   * @throws QuorateException what the answer says that a request failed of
   */
  static void requireDone(PeerAnswer answer) {
    if (!answer.getError().isEmpty()) {
      throw new QuorateException(
          codeOf(answer.getErrorNumber()).orElse(ErrorCode.NOT_SUPPORTED), answer.getError());
    }
  }

  static PeerAnswer.Builder error(QuorateException failure) {
    return error(String.valueOf(failure.getMessage())).setErrorNumber(failure.code().number());
  }

  /** The code that has the number; empty for 0, and for one of a later version. */
  static Optional<ErrorCode> codeOf(int number) {
    return Arrays.stream(ErrorCode.values()).filter(code -> code.number() == number).findFirst();
  }

  private static PeerAnswer.Builder error(String line) {
    return PeerAnswer.newBuilder().setError(line);
  }

  private static CompletableFuture<byte[]> now(PeerAnswer.Builder answer) {
    return CompletableFuture.completedFuture(answer.build().toByteArray());
  }
}
