package io.quorate.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * One answer over HTTP: a status and a JSON object that says {@code error_code} first, or the page
 * of the metrics.
 *
 * @param allow the methods of the path, when the request's was none of them
 * @param page what is sent instead of the object
 */
record AdminAnswer(int status, ObjectNode body, Optional<String> allow, Optional<String> page) {

  private AdminAnswer(int status, ObjectNode body, Optional<String> allow) {
    this(status, body, allow, Optional.empty());
  }

  static AdminAnswer page(String text) {
    return new AdminAnswer(200, object(), Optional.empty(), Optional.of(text));
  }

  static AdminAnswer ok(String field, JsonNode value) {
    return ok().with(field, value);
  }

  static AdminAnswer ok() {
    return new AdminAnswer(200, object().put("error_code", 0), Optional.empty());
  }

  /** With the fields of {@code fields} beside the number. */
  static AdminAnswer ok(ObjectNode fields) {
    return new AdminAnswer(200, object().put("error_code", 0).setAll(fields), Optional.empty());
  }

  /**
   * A failure. Where neither a client nor an operator has a number for it, the HTTP status is its
   * number. The message stands under two names, since existing clients look for {@code error_msg}.
   */
  static AdminAnswer failure(int status, int code, String message) {
    ObjectNode body =
        object().put("error_code", code).put("error_message", message).put("error_msg", message);
    return new AdminAnswer(status, body, Optional.empty());
  }

  static AdminAnswer methodNotAllowed(String allow) {
    AdminAnswer failure = failure(405, 405, "this path answers " + allow + " only");
    return new AdminAnswer(405, failure.body(), Optional.of(allow));
  }

  AdminAnswer with(String field, JsonNode value) {
    ObjectNode extended = body.deepCopy();
    extended.set(field, value);
    return new AdminAnswer(status, extended, allow);
  }

  String text() {
    return page.orElseGet(body::toString);
  }

  String contentType() {
    return page.isPresent() ? MetricsPage.CONTENT_TYPE : "application/json";
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
