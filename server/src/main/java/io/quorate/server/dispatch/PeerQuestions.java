package io.quorate.server.dispatch;

import io.quorate.server.format.PeerQuestion;
import io.quorate.server.format.StatusQuestion;

/** Questions that always read the same. */
public final class PeerQuestions {
  private static final PeerQuestion STATUS =
      PeerQuestion.newBuilder().setStatus(StatusQuestion.getDefaultInstance()).build();

  private PeerQuestions() {}

  /** How a node is; every node answers it, if only by saying that it does not. */
  public static byte[] status() {
    return STATUS.toByteArray();
  }
}
