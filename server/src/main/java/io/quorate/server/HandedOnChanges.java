package io.quorate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.admin.MembershipChange;
import io.quorate.server.cluster.Consensus;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.format.ChangeQuestion;
import io.quorate.server.format.ChangeQuestion.Kind;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.sql.lang.CancelFlag;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands changes of the membership on to the leader, and takes those of others, at most one hop.
 * Thread-safe; {@link #askLeader} blocks its callers, never longer than their deadline and a
 * second.
 */
final class HandedOnChanges {
  /** The leader's own answer that the time is over should arrive, and say more than ours would. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** An answer that was on its way when the leadership ended has arrived by then. */
  private static final int SLICES_DEPOSED = 25;

  private final MemberId self;
  private final Consensus consensus;
  private final Peers peers;
  private final Executor threads;
  private final LongSupplier nanoClock;
  private final BiConsumer<MembershipChange, ChangePatience> here;

  /**
   * @param threads on which what other members hand on may block
   * @param here makes a change where this node leads
   */
  HandedOnChanges(
      MemberId self,
      Consensus consensus,
      Peers peers,
      Executor threads,
      LongSupplier nanoClock,
      BiConsumer<MembershipChange, ChangePatience> here) {
    this.self = self;
    this.consensus = consensus;
    this.peers = peers;
    this.threads = threads;
    this.nanoClock = nanoClock;
    this.here = here;
  }

  /**
   * Asks the leader for it, once.
   *
   * @throws QuorateException what the leader says, or that nobody leads, or that the outcome is
   *     unknown
   */
  void askLeader(MembershipChange change, ChangePatience patience) {
    MemberId leader =
        otherLeader()
            .orElseThrow(
                () ->
                    new QuorateException(
                        ErrorCode.NO_LEADER, "no node leads at the moment; try again"));
    Duration left = patience.deadline().remaining();
    ChangeQuestion.Builder question =
        ChangeQuestion.newBuilder()
            .setKind(kindOf(change))
            .setNode(change.node())
            .setTimeoutMillis(left.toMillis());
    if (change instanceof MembershipChange.Add add) {
      question.setAddress(add.address());
    } else if (change instanceof MembershipChange.LimitFollowers limit) {
      question.setFollowers(limit.followers());
    }
    Deadline due = Deadline.after(left.plus(GRACE), nanoClock);
    byte[] bytes = PeerQuestion.newBuilder().setChange(question).build().toByteArray();
    PeerAnswer answer =
        answerOf(leader, peers.ask(leader, bytes, due), new ChangePatience(due, patience.cancel()));
    PeerAnswers.requireDone(answer);
    if (change instanceof MembershipChange.Transfer) {
      // Who asks this node next is told of the new leader.
      var unused =
          new ChangePatience(Deadline.after(GRACE, nanoClock), CancelFlag.NEVER)
              .poll(
                  () ->
                      consensus
                          .leader()
                          .filter(now -> now.name().equalsIgnoreCase(change.node()))
                          .isPresent());
    }
  }

  private Optional<MemberId> otherLeader() {
    return consensus.leader().filter(member -> !member.equals(self));
  }

  private boolean leads(MemberId member) {
    return consensus.leader().filter(member::equals).isPresent();
  }

  private PeerAnswer answerOf(
      MemberId leader, CompletableFuture<byte[]> answer, ChangePatience patience) {
    int deposed = 0;
    while (!answer.isDone() && !patience.deadline().expired() && deposed <= SLICES_DEPOSED) {
      if (patience.isCancelled()) {
        throw unanswered(leader, "it was cancelled here", null);
      }
      ChangePatience.slice(answer);
      // A frame to a node that is gone is lost without a word.
      deposed = leads(leader) ? 0 : deposed + 1;
    }
    if (!answer.isDone()) {
      throw unanswered(leader, "it has not answered", null);
    }
    try {
      return PeerAnswer.parseFrom(answer.join());
    } catch (CompletionException e) {
      throw unanswered(leader, String.valueOf(ErrorMapper.map(e).getMessage()), e);
    } catch (InvalidProtocolBufferException e) {
      throw unanswered(leader, "its answer cannot be read", e);
    }
  }

  private static QuorateException unanswered(
      MemberId leader, String why, @Nullable Throwable cause) {
    String line =
        "whether the leader, %s, made the change is unknown: %s; ADMIN SHOW NODES tells"
            .formatted(leader.name(), why);
    return cause == null
        ? new QuorateException(ErrorCode.OUTCOME_UNKNOWN, line)
        : new QuorateException(ErrorCode.OUTCOME_UNKNOWN, line, cause);
  }

  private static Kind kindOf(MembershipChange change) {
    if (change instanceof MembershipChange.Remove) {
      return Kind.REMOVE;
    } else if (change instanceof MembershipChange.Promote promote) {
      return promote.whenReady() ? Kind.PROMOTE_WHEN_READY : Kind.PROMOTE;
    } else if (change instanceof MembershipChange.Add add) {
      return switch (add.role()) {
        case VOTER -> Kind.ADD_VOTER;
        case LEARNER -> Kind.ADD_LEARNER;
        case WITNESS -> Kind.ADD_WITNESS;
      };
    }
    return change instanceof MembershipChange.Transfer ? Kind.TRANSFER : Kind.LIMIT_FOLLOWERS;
  }

  /** Makes what another member hands on, where this node leads. Does not block. */
  CompletableFuture<PeerAnswer> answer(ChangeQuestion question) {
    try {
      return CompletableFuture.supplyAsync(() -> made(question), threads);
    } catch (RejectedExecutionException e) {
      QuorateException busy =
          new QuorateException(ErrorCode.OVERLOADED, "too many requests wait at the leader");
      return CompletableFuture.completedFuture(PeerAnswers.error(busy).build());
    }
  }

  private PeerAnswer made(ChangeQuestion question) {
    Deadline deadline = Deadline.after(Duration.ofMillis(question.getTimeoutMillis()), nanoClock);
    try {
      if (consensus.role() != Consensus.Role.LEADER) {
        throw new QuorateException(
            ErrorCode.NO_LEADER, self.name() + " does not lead any more; try again");
      }
      here.accept(changeOf(question), new ChangePatience(deadline, CancelFlag.NEVER));
      return PeerAnswer.getDefaultInstance();
    } catch (QuorateException e) {
      return PeerAnswers.error(e).build();
    }
  }

  private static MembershipChange changeOf(ChangeQuestion question) {
    String node = question.getNode();
    String address = question.getAddress();
    return switch (question.getKind()) {
      case ADD_VOTER -> new MembershipChange.Add(node, address, IdentityConfig.Role.VOTER);
      case ADD_LEARNER -> new MembershipChange.Add(node, address, IdentityConfig.Role.LEARNER);
      case ADD_WITNESS -> new MembershipChange.Add(node, address, IdentityConfig.Role.WITNESS);
      case REMOVE -> new MembershipChange.Remove(node);
      case PROMOTE -> new MembershipChange.Promote(node, false);
      case PROMOTE_WHEN_READY -> new MembershipChange.Promote(node, true);
      case TRANSFER -> new MembershipChange.Transfer(node);
      case LIMIT_FOLLOWERS -> new MembershipChange.LimitFollowers(question.getFollowers());
      case NONE, UNRECOGNIZED ->
          throw new QuorateException(
              ErrorCode.NOT_SUPPORTED, "this version does not know that change");
    };
  }
}
