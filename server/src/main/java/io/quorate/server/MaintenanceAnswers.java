package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.admin.RoleRequest;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.format.InvitationQuestion;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Answers other members for a node that takes part in nothing, so that they take it for silent; but
 * it may be invited. Thread-safe; never blocks.
 */
final class MaintenanceAnswers implements Peers.Responder {
  private final Optional<RoleTransitions> roles;
  private final Executor threads;
  private final LongSupplier nanoClock;

  /**
   * @param roles empty where the node cannot be anything else
   * @param threads on which an invitation may block
   */
  MaintenanceAnswers(Optional<RoleTransitions> roles, Executor threads, LongSupplier nanoClock) {
    this.roles = roles;
    this.threads = threads;
    this.nanoClock = nanoClock;
  }

  @Override
  public CompletableFuture<byte[]> answer(MemberId from, byte[] bytes) {
    PeerQuestion question = PeerAnswers.questionOf(from, bytes);
    if (roles.isEmpty() || !question.hasInvitation()) {
      return CompletableFuture.completedFuture(
          PeerAnswer.newBuilder()
              .setError("this node is in mode admin and takes part in no cluster")
              .setRefused(true)
              .build()
              .toByteArray());
    }
    try {
      return CompletableFuture.supplyAsync(
          () -> enter(roles.get(), question.getInvitation()).toByteArray(), threads);
    } catch (RejectedExecutionException e) {
      QuorateException busy =
          new QuorateException(ErrorCode.OVERLOADED, "too many requests wait at the node");
      return CompletableFuture.completedFuture(PeerAnswers.error(busy).build().toByteArray());
    }
  }

  /** What an administrator would ask of the node that is invited. */
  static RoleRequest requestOf(InvitationQuestion invitation) {
    return new RoleRequest(
        roleOf(invitation), Optional.of(invitation.getNode()), Optional.of(invitation.getLeader()));
  }

  private static NodeRecord.Role roleOf(InvitationQuestion invitation) {
    if (invitation.getWitness()) {
      return NodeRecord.Role.WITNESS;
    }
    return invitation.getLearner() ? NodeRecord.Role.LEARNER : NodeRecord.Role.FOLLOWER;
  }

  private PeerAnswer enter(RoleTransitions node, InvitationQuestion invitation) {
    Duration patience = Duration.ofMillis(invitation.getTimeoutMillis());
    try {
      node.become(
          NodeRecord.Role.ADMIN,
          requestOf(invitation),
          Deadline.after(patience, nanoClock),
          CancelFlag.NEVER);
      return PeerAnswer.newBuilder().setCluster(invitation.getCluster()).build();
    } catch (QuorateException e) {
      return PeerAnswers.error(e).setRefused(true).build();
    }
  }
}
