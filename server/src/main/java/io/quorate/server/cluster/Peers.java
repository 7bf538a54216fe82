package io.quorate.server.cluster;

import io.quorate.server.lang.Deadline;
import java.util.concurrent.CompletableFuture;

/** Questions and answers between members, beside the log. */
public interface Peers {

  /**
   * Asks {@code member} and completes with its answer; fails with a {@code QuorateException} when
   * none comes before the deadline or the member is lost. Never blocks.
   */
  CompletableFuture<byte[]> ask(MemberId member, byte[] question, Deadline deadline);

  /** Sets who answers the others' questions; called from a bounded pool and may block briefly. */
  void answerWith(Responder responder);

  /** Answers a question of another member. */
  interface Responder {
    CompletableFuture<byte[]> answer(MemberId from, byte[] question);
  }
}
