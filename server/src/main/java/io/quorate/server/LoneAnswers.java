package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.format.InvitationQuestion;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.replica.Replica;
import io.quorate.server.store.StoreView;
import io.quorate.sql.lang.CancelFlag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Answers invitations for a node that has begun a cluster because nobody told it of another one,
 * and that holds no row: it gives that up and enters the other. Everything else is left to the
 * usual answers. Thread-safe; never blocks.
 */
final class LoneAnswers implements Peers.Responder {
  private final Peers.Responder usual;
  private final LongSupplier emptyAt;
  private final RoleTransitions roles;
  private final Executor threads;
  private final LongSupplier nanoClock;

  /**
   * @param emptyAt a revision at which the node is the only one of its cluster and holds no row;
   *     negative where that is not so
   * @param threads on which an invitation may block
   */
  LoneAnswers(
      Peers.Responder usual,
      LongSupplier emptyAt,
      RoleTransitions roles,
      Executor threads,
      LongSupplier nanoClock) {
    this.usual = usual;
    this.emptyAt = emptyAt;
    this.roles = roles;
    this.threads = threads;
    this.nanoClock = nanoClock;
  }

  /** The present revision, if the node leads itself alone and stores nothing; else -1. */
  static long emptyAt(MemberId self, Consensus consensus, Replica replica) {
    if (consensus.role() != Consensus.Role.LEADER
        || !consensus.membership().all().equals(List.of(self))) {
      return -1;
    }
    try (StoreView view = replica.store().openView()) {
      return view.tables().length == 0 ? view.revision() : -1;
    }
  }

  @Override
  public CompletableFuture<byte[]> answer(MemberId from, byte[] bytes) {
    PeerQuestion question = PeerAnswers.questionOf(from, bytes);
    if (!question.hasInvitation() || emptyAt.getAsLong() < 0) {
      return usual.answer(from, bytes);
    }
    try {
      return CompletableFuture.supplyAsync(
          () -> enter(question.getInvitation()).toByteArray(), threads);
    } catch (RejectedExecutionException e) {
      QuorateException busy =
          new QuorateException(ErrorCode.OVERLOADED, "too many requests wait at the node");
      return CompletableFuture.completedFuture(PeerAnswers.error(busy).build().toByteArray());
    }
  }

  private PeerAnswer enter(InvitationQuestion invitation) {
    Duration patience = Duration.ofMillis(invitation.getTimeoutMillis());
    try {
      roles.giveUp(
          MaintenanceAnswers.requestOf(invitation),
          emptyAt,
          Deadline.after(patience, nanoClock),
          CancelFlag.NEVER);
      return PeerAnswer.newBuilder().setCluster(invitation.getCluster()).build();
    } catch (QuorateException e) {
      return PeerAnswers.error(e).setRefused(true).build();
    }
  }
}
