package io.quorate.driver.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings of a session as names and values, in the order in which they are to be made. */
final class Settings {
  private Settings() {}

  static Map<String, String> copy(Map<String, String> settings) {
    return settings.isEmpty()
        ? Map.of()
        : Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  static void write(WireWriter writer, Map<String, String> settings) {
    writer.varint(settings.size());
    settings.forEach(
        (name, value) -> {
          writer.text(name);
          writer.text(value);
        });
  }

  static Map<String, String> read(WireReader reader) {
    int count = reader.items(WireLimits.SETTINGS_MAX);
    if (count == 0) {
      return Map.of();
    }
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      settings.put(reader.text(), reader.text());
    }
    return Collections.unmodifiableMap(settings);
  }
}
