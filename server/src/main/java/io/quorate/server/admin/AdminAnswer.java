package io.quorate.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * One answer over HTTP: a status and a JSON object that says {@code error_code} first, or the page
 * of the metrics.
 *
 * @param header that the status wants, such as the methods of a path that was asked by another
 * @param page what is sent instead of the object
 */
record AdminAnswer(int status, ObjectNode body, Optional<Header> header, Optional<String> page) {

  /** One header. */
  record Header(String name, String value) {}

  private AdminAnswer(int status, ObjectNode body, Optional<Header> header) {
    this(status, body, header, Optional.empty());
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

  /**
   * @param allow the methods that the path has
   * @param hint how it gets another one; empty where it never does
   */
  static AdminAnswer methodNotAllowed(String allow, String hint) {
    AdminAnswer failure = failure(405, 405, "this path answers " + allow + " only" + hint);
    return new AdminAnswer(405, failure.body(), Optional.of(new Header("Allow", allow)));
  }

  /** Sends the client to another node, with the same method and body. */
  static AdminAnswer redirect(String location, int code, String why) {
    AdminAnswer failure = failure(307, code, why);
    return new AdminAnswer(307, failure.body(), Optional.of(new Header("Location", location)));
  }

  AdminAnswer with(String field, JsonNode value) {
    ObjectNode extended = body.deepCopy();
    extended.set(field, value);
    return new AdminAnswer(status, extended, header);
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
