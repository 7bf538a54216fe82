package io.quorate.server.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.ErrorMapper;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.session.Session;
import io.quorate.server.session.StatementRequest;
import io.quorate.server.session.StatementResult;
import io.quorate.server.session.StatementService;
import io.quorate.server.session.Topology;
import io.quorate.server.session.WriteIdentity;
import io.quorate.sql.catalog.KeyValueTable;
import io.quorate.sql.lang.SqlFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SYSTEM.KV as a key-value store. Thread-safe; blocks.
 *
 * <p>A node that does not lead reads, and sends writers to the one that does.
 */
final class KeyValues {
  /** For a client that tells no action: what the path says. */
  static final String SET = "set";

  private static final String DELETE = "delete";

  private static final String PUT_SQL =
      "INSERT INTO SYSTEM.KV (\"KEY\", \"VALUE\") VALUES (?, ?)"
          + " ON CONFLICT (\"KEY\") DO UPDATE SET \"VALUE\" = EXCLUDED.\"VALUE\"";
  private static final String DELETE_SQL = "DELETE FROM SYSTEM.KV WHERE \"KEY\" = ?";
  private static final String GET_SQL = "SELECT \"VALUE\" FROM SYSTEM.KV WHERE \"KEY\" = ?";

  private static final Map<String, String> HERE_ONLY = Map.of("write_routing", "redirect");

  private final StatementService service;
  private final RestSessions sessions;

  KeyValues(StatementService service, RestSessions sessions) {
    this.service = service;
    this.sessions = sessions;
  }

  /** The value of {@code key}, as this node has it; with {@code read_after}, of that at least. */
  RestAnswer get(String user, String query) {
    Map<String, String> parameters = Text.parameters(query);
    String key = parameters.getOrDefault("key", "");
    if (key.isEmpty()) {
      return Failures.answer(new QuorateException(ErrorCode.INVALID_PARAMETER, "Missing key"));
    }
    long readAfter = readAfter(parameters.getOrDefault("read_after", "0"));
    StatementResult found =
        sessions.with(
            user, Map.of(), session -> execute(session, GET_SQL, List.of(bounded(key)), readAfter));
    List<@Nullable Object[]> rows = found.rows().rows();
    return rows.isEmpty()
        ? RestAnswer.failure(
            RestAnswer.NOT_FOUND, RestAnswer.NOT_FOUND, "Key does not exist", "02000")
        : RestAnswer.ok(
            JsonNodeFactory.instance
                .objectNode()
                .put("key", key)
                .put("value", (String) rows.get(0)[0]));
  }

  private static long readAfter(String revision) {
    try {
      return Long.parseUnsignedLong(revision) < 0 ? Long.MAX_VALUE : Long.parseLong(revision);
    } catch (NumberFormatException e) {
      throw new QuorateException(
          ErrorCode.INVALID_PARAMETER, "read_after is no revision: a whole number", e);
    }
  }

  private static String bounded(String key) {
    if (key.codePointCount(0, key.length()) > KeyValueTable.KEY_CHARACTERS_MAX) {
      throw new QuorateException(
          ErrorCode.STRING_TOO_LONG,
          "a key has at most " + KeyValueTable.KEY_CHARACTERS_MAX + " characters");
    }
    return key;
  }

  /**
   * Sets or deletes a key.
   *
   * @param action of a body that names none; empty where it must
   */
  RestAnswer set(String user, RestRequest request, JsonBody body, String action) {
    String asked =
        body.findText("action")
            .or(() -> Optional.of(action).filter(known -> !known.isEmpty()))
            .orElseThrow(() -> JsonBody.invalid("\"action\" is missing: set or delete"));
    String key = bounded(body.requireText("key"));
    if (key.isEmpty()) {
      throw JsonBody.invalid("\"key\" is empty");
    }
    if (asked.equals(DELETE)) {
      return write(user, request, DELETE_SQL, List.of(key), "Delete successful");
    }
    if (asked.equals(SET)) {
      return write(
          user, request, PUT_SQL, List.of(key, body.requireText("value")), "Set successful");
    }
    throw JsonBody.invalid("\"action\" is neither set nor delete");
  }

  private RestAnswer write(
      String user, RestRequest request, String sql, List<Object> parameters, String done) {
    Optional<RestAnswer> elsewhere = elsewhere(request);
    if (elsewhere.isPresent()) {
      return elsewhere.get();
    }
    try {
      StatementResult result =
          sessions.with(user, HERE_ONLY, session -> execute(session, sql, parameters, 0));
      return RestAnswer.ok(
          RestAnswer.success().put("message", done).put("revision", result.revision()));
    } catch (QuorateException | SqlFailure e) {
      QuorateException failure = ErrorMapper.map(e);
      if (failure.code() != ErrorCode.NO_LEADER) {
        throw failure;
      }
      // Certainly not done here; who leads may have changed since the look above.
      return elsewhere(request).orElseThrow(() -> failure);
    }
  }

  /** Where the request belongs if not here, or that it belongs nowhere now. */
  private Optional<RestAnswer> elsewhere(RestRequest request) {
    Topology topology = service.topology();
    Optional<String> leader = topology.leader();
    if (leader.isEmpty()) {
      return Optional.of(noLeader("the cluster has no leader now"));
    }
    if (leader.get().equals(topology.self())) {
      return Optional.empty();
    }
    Topology.Member member =
        topology.members().stream()
            .filter(each -> each.name().equals(leader.get()))
            .findFirst()
            .orElse(null);
    if (member == null || member.address().isEmpty()) {
      return Optional.of(noLeader("the leader, " + leader.get() + ", has not been heard of yet"));
    }
    String query = request.query().isEmpty() ? "" : "?" + Text.escaped(request.query());
    String location =
        (member.tls() ? "https://" : "http://") + member.address() + request.path() + query;
    return Optional.of(
        RestAnswer.redirect(
            location,
            new QuorateException(
                ErrorCode.NO_LEADER, "this node does not lead, " + leader.get() + " does")));
  }

  private static RestAnswer noLeader(String why) {
    return Failures.answer(new QuorateException(ErrorCode.NO_LEADER, why)).with("Retry-After", "1");
  }

  private static StatementResult execute(
      Session session, String sql, List<Object> parameters, long readAfter) {
    return session.execute(
        new StatementRequest(
            sql, parameters, WriteIdentity.NONE, readAfter, 1, 0, RestLimits.KEY_TIMEOUT));
  }
}
