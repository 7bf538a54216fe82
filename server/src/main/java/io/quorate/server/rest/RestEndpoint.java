package io.quorate.server.rest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.BasicCredentials;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.EntryRefused;
import io.quorate.server.session.StatementService;
import io.quorate.server.session.Topology;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What applications ask over HTTP, request in and answer out. Thread-safe; answering blocks as long
 * as the statement runs.
 */
public final class RestEndpoint implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RestEndpoint.class);

  /** Of the body of a request; what is larger is to be refused by {@link #refuse}. */
  public static final int BODY_BYTES_MAX = RestLimits.BODY_BYTES;

  private static final String READING = "GET, HEAD";
  private static final String WRITING = "POST";

  private static final String SET = "/set";
  private static final String SET_OF_INSIDB = "/db/api/v1/set";
  private static final String GET = "/get";
  private static final String SQL = "/sql";
  private static final String PING = "/ping";
  private static final String PING_OF_INSIDB = "/db/api/v1/ping";

  /** The methods of each path. */
  private static final Map<String, String> METHODS =
      Map.of(
          SET,
          WRITING,
          SET_OF_INSIDB,
          WRITING,
          GET,
          READING,
          SQL,
          WRITING,
          PING,
          READING,
          PING_OF_INSIDB,
          READING);

  private final StatementService service;
  private final Entrance entrance;
  private final LongSupplier nanoClock;
  private final long begunNanos;
  private final RestSessions sessions;
  private final KeyValues keyValues;
  private final SqlStatements statements;

  /**
   * @param entrance decides whose requests are answered
   * @param nanoClock monotonic
   */
  public RestEndpoint(StatementService service, Entrance entrance, LongSupplier nanoClock) {
    this.service = service;
    this.entrance = entrance;
    this.nanoClock = nanoClock;
    this.begunNanos = nanoClock.getAsLong();
    this.sessions = new RestSessions(service);
    this.keyValues = new KeyValues(service, sessions);
    this.statements = new SqlStatements(sessions, nanoClock);
  }

  /** Whether a path is answered here. */
  public static boolean knows(String path) {
    return METHODS.containsKey(path);
  }

  /** Whether the body of a request is looked at. */
  public static boolean takesBody(String method, String path) {
    return method.equals(WRITING) && WRITING.equals(METHODS.get(path));
  }

  /** Answers a request of a known path. Blocks; what goes wrong becomes an answer. */
  public RestAnswer answer(RestRequest request, byte[] body) {
    String methods = requireNonNull(METHODS.get(request.path()));
    if (!Arrays.asList(methods.split(", ", -1)).contains(request.method())) {
      return RestAnswer.notAllowed(methods);
    }
    try {
      String user = enter(request);
      return switch (request.path()) {
        case SET -> keyValues.set(user, request, JsonBody.of(body), "");
        case SET_OF_INSIDB -> keyValues.set(user, request, JsonBody.of(body), KeyValues.SET);
        case GET -> keyValues.get(user, request.query());
        case SQL -> statements.answer(user, JsonBody.of(body));
        default -> ping(user);
      };
    } catch (EntryRefused e) {
      return RestAnswer.refused(e);
    } catch (InvariantViolation e) {
      // A bug of the node, which must not go on.
      throw e;
    } catch (RuntimeException e) {
      return failure(e);
    } catch (StackOverflowError e) {
      return failure(
          new QuorateException(ErrorCode.LIMIT_EXCEEDED, "the statement is nested too deeply", e));
    }
  }

  /** The answer to a request that was refused before it was read. */
  public RestAnswer refuse(QuorateException reason) {
    return reason.code() == ErrorCode.LIMIT_EXCEEDED
        ? RestAnswer.failure(RestAnswer.TOO_LARGE, reason)
        : Failures.answer(reason);
  }

  private static RestAnswer failure(RuntimeException cause) {
    QuorateException failure = ErrorMapper.map(cause);
    if (failure.code() == ErrorCode.INTERNAL_ERROR) {
      log.atError().setCause(cause).log("request failed");
    }
    return Failures.answer(failure);
  }

  /** Who asks. */
  private String enter(RestRequest request) throws EntryRefused {
    Optional<BasicCredentials> sent = request.credentials();
    if (!entrance.asksForPassword()) {
      return entrance.canonical(sent.map(BasicCredentials::user).orElse(""));
    }
    if (sent.isEmpty()) {
      throw entrance.nothingSent("", request.address());
    }
    return entrance.enter(sent.get().user(), sent.get().password(), request.address());
  }

  private RestAnswer ping(String user) {
    Topology topology = service.topology();
    ObjectNode answer =
        RestAnswer.success()
            .put("status", "ok")
            .put("node", topology.self())
            .put("cluster", topology.cluster())
            .put("leader", topology.leader().orElse(null))
            .put("user", user)
            .put(
                "uptime_seconds", Duration.ofNanos(nanoClock.getAsLong() - begunNanos).toSeconds());
    return RestAnswer.ok(answer);
  }

  /** Cancels the statements that run. Idempotent. */
  @Override
  public void close() {
    sessions.cancelAll();
  }
}
