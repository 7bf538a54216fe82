package io.quorate.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration: a component of one of its records. Reads and prints its values.
 *
 * <p>Text is the common form of a value: a flag, a variable and a default are text, and what stands
 * in a file is turned into it once its TOML type has been checked.
 */
record SettingKey(String section, RecordComponent component) {

  /** All keys of a tree of records, in the order in which they are written. */
  static List<SettingKey> of(Class<? extends Record> tree) {
    List<SettingKey> keys = new ArrayList<>();
    for (RecordComponent room : tree.getRecordComponents()) {
      for (RecordComponent component : room.getType().getRecordComponents()) {
        keys.add(new SettingKey(room.getName(), component));
      }
    }
    return List.copyOf(keys);
  }

  /** As in {@code network.client_addr}. */
  String name() {
    return section
        + "."
        + component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** As in {@code QUORATE_NETWORK_CLIENT_ADDR}. */
  String variable() {
    return "QUORATE_" + name().replace('.', '_').toUpperCase(Locale.ROOT);
  }

  Setting setting() {
    return Objects.requireNonNull(
        component.getAnnotation(Setting.class), () -> name() + " has no @Setting");
  }

  /** The text of a value from a file, refused when its TOML type is another than the key's. */
  String textOf(JsonNode value) {
    Class<?> type = component.getType();
    if (type == List.class && value.isArray()) {
      List<String> texts = new ArrayList<>();
      for (JsonNode element : value) {
        if (!element.isTextual()) {
          throw refusal(expectation(), element.toString());
        }
        texts.add(element.textValue());
      }
      return String.join(",", texts);
    }
    boolean text = value.isTextual() && type != List.class && type != boolean.class;
    boolean number = value.isIntegralNumber() && (type == long.class || type == int.class);
    boolean fits = text || number || (value.isBoolean() && type == boolean.class);
    if (!fits) {
      throw refusal(expectation(), value.toString());
    }
    return value.asText();
  }

  /** The value that {@code text} stands for; null when the key is left unset. */
  @Nullable Object parse(String text, long heapBytes) {
    try {
      return parseAs(component.getType(), text.strip(), heapBytes);
    } catch (ConfigException e) {
      throw refusal(e.getMessage(), '"' + text + '"');
    }
  }

  private @Nullable Object parseAs(Class<?> type, String text, long heapBytes) {
    if (type == List.class) {
      return parseList(text);
    } else if (type == String.class) {
      return text;
    } else if (text.isEmpty() && setting().value().isEmpty()) {
      return null;
    } else if (type == Path.class) {
      return parsePath(text);
    } else if (type == HostPort.class) {
      return HostPort.parse(text);
    } else if (type == Duration.class) {
      return Quantity.parseDuration(text);
    } else if (type == long.class) {
      return Quantity.parseBytes(text);
    } else if (type == int.class) {
      return setting().count()
          ? Quantity.parseCount(text)
          : Quantity.parseMebibytes(text, heapBytes);
    }
    return choices().stream()
        .filter(choice -> nameOf(choice).equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> new ConfigException(expectation()));
  }

  private static List<HostPort> parseList(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(part -> HostPort.parse(part.strip())).toList();
  }

  private static Path parsePath(String text) {
    try {
      return Path.of(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("a path", e);
    }
  }

  private List<Object> choices() {
    Class<?> type = component.getType();
    return type == boolean.class ? List.of(true, false) : List.of(type.getEnumConstants());
  }

  /** What the key wants, as the end of "x is …". */
  private String expectation() {
    Class<?> type = component.getType();
    if (type == List.class) {
      return "a list of addresses such as [\"127.0.0.1:8965\"]";
    } else if (type == HostPort.class) {
      return "an address such as \"127.0.0.1:8765\"";
    } else if (type == Duration.class) {
      return "a duration such as \"250ms\"";
    } else if (type == long.class) {
      return "a size such as \"64MiB\"";
    } else if (type == int.class && setting().count()) {
      return "a whole number";
    } else if (type == int.class) {
      return "a number of MiB, or a share of the heap such as \"25%\"";
    } else if (type == Path.class) {
      return "a path in quotes";
    } else if (type == String.class) {
      return "a text in quotes";
    }
    return choices().stream().map(SettingKey::nameOf).collect(Collectors.joining(" or "));
  }

  private ConfigException refusal(@Nullable String expectation, String value) {
    String shown = setting().secret() ? "what it was given" : value;
    return new ConfigException(name() + " is " + expectation + ", not " + shown);
  }

  /** The key's value in a whole configuration. */
  @Nullable Object valueIn(NodeConfig config) {
    try {
      Object room = NodeConfig.class.getMethod(section).invoke(config);
      return component.getAccessor().invoke(room);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a component of a record is read by its accessor", e);
    }
  }

  /** The value as a user would write it, or a mask. */
  String display(@Nullable Object value) {
    if (value == null || value.equals("") || value.equals(List.of())) {
      return "(unset)";
    }
    return setting().secret() ? "********" : nameOf(value);
  }

  static String nameOf(Object value) {
    if (value instanceof Duration duration) {
      return Quantity.format(duration);
    } else if (value instanceof Long bytes) {
      return Quantity.format(bytes);
    } else if (value instanceof Enum<?> choice) {
      return choice.name().toLowerCase(Locale.ROOT);
    } else if (value instanceof List<?> list) {
      return list.stream().map(Object::toString).collect(Collectors.joining(","));
    }
    return value.toString();
  }
}
