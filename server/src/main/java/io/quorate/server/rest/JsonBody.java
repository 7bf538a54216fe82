package io.quorate.server.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quorate.driver.ErrorCode;
import io.quorate.server.lang.QuorateException;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON object of a request: strict, but that a comma may stand behind the last member.
 * Immutable.
 */
final class JsonBody {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final JsonNode object;

  private JsonBody(JsonNode object) {
    this.object = object;
  }

  /**
   * Reads a body.
   *
   * @throws QuorateException when it is not UTF-8, not JSON, or no object
   */
  static JsonBody of(byte[] body) {
    JsonNode read;
    try {
      read = MAPPER.readTree(Text.of(body, "the body"));
    } catch (JsonProcessingException e) {
      // Its message would show what the body says.
      String where =
          e.getLocation() == null
              ? ""
              : " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")";
      throw new QuorateException(
          ErrorCode.PROTOCOL_VIOLATION, "invalid body: it is no JSON" + where, e);
    }
    if (!read.isObject()) {
      throw invalid("it is no JSON object");
    }
    return new JsonBody(read);
  }

  static QuorateException invalid(String why) {
    return new QuorateException(ErrorCode.PROTOCOL_VIOLATION, "invalid body: " + why);
  }

  /** Refuses members of other names, which might mean something that would not be done. */
  void requireOnly(Set<String> names) {
    for (Iterator<String> given = object.fieldNames(); given.hasNext(); ) {
      String name = given.next();
      if (!names.contains(name)) {
        throw invalid("\"" + name + "\" is none of " + String.join(", ", names));
      }
    }
  }

  Optional<JsonNode> find(String name) {
    return Optional.ofNullable(object.get(name));
  }

  Optional<String> findText(String name) {
    JsonNode value = object.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw invalid("\"" + name + "\" is no string");
    }
    return Optional.of(Text.whole(value.textValue(), "\"" + name + "\""));
  }

  String requireText(String name) {
    return findText(name).orElseThrow(() -> invalid("\"" + name + "\" is missing"));
  }

  /** A whole number, or the other one where there is none of the name. */
  long number(String name, long otherwise, long most) {
    JsonNode value = object.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < 0
        || value.longValue() > most) {
      throw invalid("\"" + name + "\" is no whole number from 0 to " + most);
    }
    return value.longValue();
  }
}
