package io.quorate.server.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.security.BasicCredentials;
import io.quorate.server.security.EntryRefused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a port sends. Immutable, but for the bytes of the body. */
public final class RestAnswer {
  static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int TOO_LARGE = 413;
  static final int UNAVAILABLE = 503;
  private static final int TEMPORARY_REDIRECT = 307;

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Duration delay;

  private RestAnswer(int status, Map<String, String> headers, byte[] body, Duration delay) {
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
    this.delay = delay;
  }

  private RestAnswer(int status, byte[] body) {
    this(status, Map.of("Content-Type", "application/json"), body, Duration.ZERO);
  }

  /** Of JSON that is written already. */
  static RestAnswer ok(byte[] json) {
    return new RestAnswer(OK, json);
  }

  static RestAnswer ok(ObjectNode json) {
    return new RestAnswer(OK, bytes(json));
  }

  /** An object that says that nothing went wrong. */
  static ObjectNode success() {
    return JsonNodeFactory.instance.objectNode().put("error_code", 0);
  }

  static RestAnswer failure(int status, QuorateException failure) {
    return failure(
        status,
        failure.code().number(),
        String.valueOf(failure.getMessage()),
        failure.code().sqlState());
  }

  static RestAnswer failure(int status, int code, String message, String sqlState) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("error_code", code)
            .put("error_msg", message)
            .put("sqlstate", sqlState);
    return new RestAnswer(status, bytes(json));
  }

  static RestAnswer refused(EntryRefused refused) {
    RestAnswer failure = failure(UNAUTHORIZED, refused.toFailure());
    return new RestAnswer(
        UNAUTHORIZED,
        failure.with("WWW-Authenticate", BasicCredentials.CHALLENGE).headers,
        failure.body,
        refused.delay());
  }

  static RestAnswer notAllowed(String methods) {
    return failure(METHOD_NOT_ALLOWED, METHOD_NOT_ALLOWED, "this path answers " + methods, "08P01")
        .with("Allow", methods);
  }

  /** For the client to send the same request there. */
  static RestAnswer redirect(String location, QuorateException reason) {
    return failure(TEMPORARY_REDIRECT, reason).with("Location", location);
  }

  RestAnswer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new RestAnswer(status, more, body, delay);
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /** The bytes themselves, the caller's from now on. */
  public byte[] body() {
    return body;
  }

  /** How long it is to be held back. */
  public Duration delay() {
    return delay;
  }
}
