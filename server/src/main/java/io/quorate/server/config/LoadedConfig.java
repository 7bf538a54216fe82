package io.quorate.server.config;

import java.util.List;

/**
 * A configuration and where each of its values came from.
 *
 * @param lines one a key, in the order of the records
 */
public record LoadedConfig(NodeConfig config, List<Line> lines) {
  public LoadedConfig {
    lines = List.copyOf(lines);
  }

  /** The configuration for people: aligned {@code key = value # origin} lines, secrets masked. */
  public String toDisplay() {
    return toDisplay(lines);
  }

  static String toDisplay(List<Line> lines) {
    int keyWidth = lines.stream().mapToInt(line -> line.key().length()).max().orElse(0);
    int valueWidth = lines.stream().mapToInt(line -> line.value().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append(line.key())
          .append(" ".repeat(keyWidth - line.key().length()))
          .append(" = ")
          .append(line.value())
          .append(" ".repeat(valueWidth - line.value().length()))
          .append("  # ")
          .append(line.origin())
          .append('\n');
    }
    return text.toString();
  }

  /** One key; the value is already masked where it is a secret. */
  public record Line(String key, String value, Origin origin) {}
}
