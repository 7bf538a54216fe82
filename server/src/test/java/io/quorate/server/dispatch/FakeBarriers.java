package io.quorate.server.dispatch;

import io.quorate.driver.ErrorCode;
import io.quorate.server.cluster.UnusedConsensus;
import io.quorate.server.lang.QuorateException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Read barriers that the test answers when and as it likes. Confined to one thread. */
final class FakeBarriers extends UnusedConsensus {
  final List<CompletableFuture<Long>> asked = new ArrayList<>();

  @Override
  public CompletableFuture<Long> readBarrier() {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    asked.add(answer);
    return answer;
  }

  void answer(int which, long index) {
    asked.get(which).complete(index);
  }

  void fail(int which) {
    asked
        .get(which)
        .completeExceptionally(new QuorateException(ErrorCode.NO_LEADER, "nobody leads"));
  }
}
