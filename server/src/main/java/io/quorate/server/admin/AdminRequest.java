package io.quorate.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One request, read whole. Immutable, as long as nobody writes to the body that it was made of. */
final class AdminRequest {
  /** The published examples end their last field with a comma. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_TRAILING_COMMA).build();

  private final String method;
  private final String path;
  private final Map<String, String> parameters;
  private final byte[] body;

  /**
   * @param path without its escapes
   * @param parameters of the query, as {@link #parametersOf} has them
   * @param body as it came
   */
  AdminRequest(String method, String path, Map<String, String> parameters, byte[] body) {
    this.method = method;
    this.path = path;
    this.parameters = parameters;
    this.body = body;
  }

  /** Those of a query with its escapes, of several of one name the last; none without a query. */
  static Map<String, String> parametersOf(@Nullable String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : (query == null ? "" : query).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(unescaped(pair.substring(0, equals)), unescaped(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String unescaped(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  /** A parameter of the query; empty when it is not there, or has no value. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  /** Path and query with their escapes. */
  String target() {
    return parameters.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> escaped(each.getKey()) + "=" + escaped(each.getValue()))
        .collect(Collectors.joining("&", path + "?", ""));
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
