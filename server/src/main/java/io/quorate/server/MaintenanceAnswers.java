package io.quorate.server;

import io.quorate.server.cluster.MemberId;
import io.quorate.server.cluster.Peers;
import io.quorate.server.format.PeerAnswer;
import java.util.concurrent.CompletableFuture;

/** Answers other members for a node that takes part in nothing: so they take it for silent. */
final class MaintenanceAnswers implements Peers.Responder {
  @Override
  public CompletableFuture<byte[]> answer(MemberId from, byte[] question) {
    return CompletableFuture.completedFuture(
        PeerAnswer.newBuilder()
            .setError("this node is in mode admin and takes part in no cluster")
            .setRefused(true)
            .build()
            .toByteArray());
  }
}
