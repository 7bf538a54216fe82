package io.quorate.server.cli.demo;

import io.quorate.server.cli.demo.DemoPlan.Member;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Asks a node whether it answers statements. */
final class NodeProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final HttpRequest readiness;

  NodeProbe(Member member) {
    readiness =
        HttpRequest.newBuilder(URI.create("http://" + member.adminAddress() + "/readyz"))
            .timeout(PATIENCE)
            .build();
  }

  /** Why the node is not ready yet; empty when it is. */
  Optional<String> problem() throws InterruptedException {
    try {
      HttpResponse<String> answer = http.send(readiness, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.empty() : Optional.of(answer.body());
    } catch (IOException e) {
      return Optional.of("no answer from its admin port");
    }
  }
}
