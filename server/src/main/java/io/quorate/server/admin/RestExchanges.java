package io.quorate.server.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.rest.RestAnswer;
import io.quorate.server.rest.RestEndpoint;
import io.quorate.server.rest.RestRequest;
import io.quorate.server.security.BasicCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of {@link RestEndpoint} on the admin port. Thread-safe.
 *
 * <p>All of a request is done on one worker, from reading its body to sending its answer: a
 * statement may take a minute, a body and an answer have megabytes, and the threads that answer
 * whether the node is well wait for none of them.
 */
final class RestExchanges {
  private static final Logger log = LoggerFactory.getLogger(RestExchanges.class);

  /** Of the admin port itself, for administrators, who get it while all workers here are busy. */
  private static final String PING = "/ping";

  /** Read and dropped of a body that is too large: who still sends does not read the answer. */
  private static final int DISCARDED_BYTES_MAX = 64 << 20;

  private static final int CHUNK_BYTES = 16 << 10;

  private final RestEndpoint rest;
  private final Executor workers;

  RestExchanges(Applications applications) {
    this.rest = applications.rest();
    this.workers = applications.workers();
  }

  /** Whether requests of this path are answered here. */
  static boolean knows(@Nullable String path) {
    return path != null && RestEndpoint.knows(path) && !path.equals(PING);
  }

  /**
   * Lets a worker answer the request. Does not block.
   *
   * @param begun completed when one begins, exceptionally when none takes it; if it is complete
   *     then, somebody else has answered
   */
  void take(HttpExchange exchange, CompletableFuture<Boolean> begun) {
    try {
      workers.execute(
          () -> {
            if (begun.complete(true)) {
              answer(exchange);
            }
          });
    } catch (RejectedExecutionException e) {
      begun.completeExceptionally(e);
    }
  }

  private void answer(HttpExchange exchange) {
    try {
      RestAnswer answer = answerOf(exchange);
      if (answer.delay().isZero()) {
        send(exchange, answer);
      } else {
        Executor later =
            CompletableFuture.delayedExecutor(
                answer.delay().toMillis(), TimeUnit.MILLISECONDS, task -> run(task, exchange));
        later.execute(() -> finish(exchange, answer));
      }
    } catch (IOException e) {
      breakOff(exchange, e);
    }
  }

  private RestAnswer answerOf(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getRawPath();
    byte[] body = new byte[0];
    if (RestEndpoint.takesBody(method, path)) {
      body = bodyOf(exchange);
      if (body.length > RestEndpoint.BODY_BYTES_MAX) {
        return rest.refuse(
            new QuorateException(
                ErrorCode.LIMIT_EXCEEDED,
                "a request has at most " + RestEndpoint.BODY_BYTES_MAX + " bytes"));
      }
    }
    String query = exchange.getRequestURI().getRawQuery();
    return rest.answer(
        new RestRequest(
            method,
            path,
            query == null ? "" : query,
            BasicCredentials.parse(exchange.getRequestHeaders().getFirst("Authorization")),
            exchange.getRemoteAddress().getAddress().getHostAddress()),
        body);
  }

  /** At most one byte more than may be. */
  private static byte[] bodyOf(HttpExchange exchange) throws IOException {
    try (InputStream in = exchange.getRequestBody()) {
      byte[] body = in.readNBytes(RestEndpoint.BODY_BYTES_MAX + 1);
      byte[] dropped = new byte[CHUNK_BYTES];
      int left = DISCARDED_BYTES_MAX;
      for (int count = 0; count >= 0 && left > 0; count = in.read(dropped)) {
        left -= count;
      }
      return body;
    }
  }

  /** Where the node ends before an answer that is held back, nobody is answered. */
  private void run(Runnable task, HttpExchange exchange) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      log.atDebug().setCause(e).log("a refusal is not sent");
      exchange.close();
    }
  }

  private static void finish(HttpExchange exchange, RestAnswer answer) {
    try {
      send(exchange, answer);
    } catch (IOException e) {
      breakOff(exchange, e);
    }
  }

  private static void send(HttpExchange exchange, RestAnswer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    answer.headers().forEach(headers::set);
    AdminServer.send(exchange, answer.status(), answer.body());
  }

  private static void breakOff(HttpExchange exchange, IOException cause) {
    log.atDebug().setCause(cause).log("request of an application broken off");
    exchange.close();
  }
}
