package io.quorate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.format.JoinQuestion;
import io.quorate.server.format.PeerAnswer;
import io.quorate.server.format.PeerQuestion;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.QuorateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a fresh node becomes a member: it asks whoever it reaches which cluster this is, then asks
 * the leader to let it in, until a deadline. Confined to the thread that opens the node, which it
 * blocks.
 */
final class ClusterJoin {
  private static final Duration QUESTION = Duration.ofSeconds(2);

  /** To be let in takes a catch-up, which the leader waits for. */
  private static final Duration ADMISSION = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final MemberId self;
  private final Peers peers;
  private final Supplier<List<MemberId>> reachable;
  private final LongSupplier nanoClock;
  private String lastProblem = "no member answered";

  /**
   * @param reachable the members whose address is known at the moment
   */
  ClusterJoin(
      MemberId self, Peers peers, Supplier<List<MemberId>> reachable, LongSupplier nanoClock) {
    this.self = self;
    this.peers = peers;
    this.reachable = reachable;
    this.nanoClock = nanoClock;
  }

  /** The id of the cluster that the contact points belong to. */
  String requireCluster(Deadline deadline) {
    return findCluster(deadline).orElseThrow(() -> refused("no cluster was found"));
  }

  /** As {@link #requireCluster}, or empty when nobody answers by the deadline. */
  Optional<String> findCluster(Deadline deadline) {
    JoinQuestion question = JoinQuestion.newBuilder().setMember(self.toString()).build();
    while (!deadline.expired()) {
      for (MemberId member : reachable.get()) {
        PeerAnswer answer = ask(member, question, QUESTION);
        if (answer != null && !answer.getCluster().isEmpty()) {
          return Optional.of(answer.getCluster());
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return Optional.empty();
  }

  /** Asks the leader of {@code cluster} to make this node a member, in that role. */
  void enter(String cluster, IdentityConfig.Role role, Deadline deadline) {
    JoinQuestion question =
        JoinQuestion.newBuilder()
            .setMember(self.toString())
            .setCluster(cluster)
            .setLearner(role == IdentityConfig.Role.LEARNER)
            .setWitness(role == IdentityConfig.Role.WITNESS)
            .build();
    MemberId next = null;
    while (!deadline.expired()) {
      List<MemberId> asked = next == null ? reachable.get() : List.of(next);
      next = null;
      for (MemberId member : asked) {
        PeerAnswer answer = ask(member, question, ADMISSION);
        if (answer != null && answer.getError().isEmpty()) {
          return;
        }
        if (answer != null && answer.getRefused()) {
          ErrorCode code =
              PeerAnswers.codeOf(answer.getErrorNumber()).orElse(ErrorCode.LEADER_UNREACHABLE);
          throw new QuorateException(code, notIn(cluster) + "; " + lastProblem);
        }
        if (answer != null && !answer.getLeader().isEmpty()) {
          next = MemberId.parse(answer.getLeader());
          break;
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw refused(notIn(cluster));
  }

  private String notIn(String cluster) {
    return "cluster " + cluster + " did not let " + self + " in";
  }

  private @Nullable PeerAnswer ask(MemberId member, JoinQuestion question, Duration patience) {
    byte[] bytes = PeerQuestion.newBuilder().setJoin(question).build().toByteArray();
    try {
      PeerAnswer answer =
          PeerAnswer.parseFrom(
              peers
                  .ask(member, bytes, Deadline.after(patience, nanoClock))
                  .get(patience.toMillis() + 1000, TimeUnit.MILLISECONDS));
      if (!answer.getError().isEmpty()) {
        lastProblem = member + " says: " + answer.getError();
      }
      return answer;
    } catch (ExecutionException | TimeoutException | CompletionException e) {
      lastProblem = member + " does not answer";
      return null;
    } catch (InvalidProtocolBufferException e) {
      lastProblem = member + " answers in another language";
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(ErrorCode.CANCELLED, "interrupted while joining", e);
    }
  }

  private QuorateException refused(String what) {
    return new QuorateException(ErrorCode.LEADER_UNREACHABLE, what + "; " + lastProblem);
  }
}
