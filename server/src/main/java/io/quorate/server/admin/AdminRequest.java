package io.quorate.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.io.IOException;
import java.util.Optional;

/** One request, read whole. Immutable, as long as nobody writes to the body that it was made of. */
final class AdminRequest {
  /** The published examples end their last field with a comma. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_TRAILING_COMMA).build();

  private final String method;
  private final String path;
  private final byte[] body;

  /**
   * @param path without its escapes
   * @param body as it came
   */
  AdminRequest(String method, String path, byte[] body) {
    this.method = method;
    this.path = path;
    this.body = body;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  /** What stands behind the last slash of the path. */
  String lastPart() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * A field of the body, which must be a JSON object; empty when the object does not have it.
   *
   * @throws QuorateException when the body is no JSON object, or the field no text
   */
  Optional<String> field(String name) {
    JsonNode value = object().get(name);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new QuorateException(
          ErrorCode.FIELD_REQUIRED, "Field '" + name + "' must be a text in quotes");
    }
    return Optional.of(value.textValue());
  }

  /** As {@link #field}, where the body must have it. */
  String requiredField(String name) {
    return field(name)
        .orElseThrow(
            () ->
                new QuorateException(ErrorCode.FIELD_REQUIRED, "Field '" + name + "' is required"));
  }

  private JsonNode object() {
    JsonNode object;
    try {
      object = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw notJson(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw notJson("it is no text", e);
    }
    if (!object.isObject()) {
      throw new QuorateException(
          ErrorCode.INVALID_JSON, "the body must be a JSON object such as {\"name\": \"n2\"}");
    }
    return object;
  }

  private static QuorateException notJson(String why, Exception cause) {
    return new QuorateException(
        ErrorCode.INVALID_JSON, "the body is not valid JSON: " + why, cause);
  }
}
