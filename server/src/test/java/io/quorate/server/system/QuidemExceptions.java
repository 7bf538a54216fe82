package io.quorate.server.system;

import io.quorate.server.system.QuidemScript.Block;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Statements of Calcite's scripts that do not come out as they say, with the reasons why they need
 * not. The file has the reasons, each behind {@code =}, or {@code ~} where chance decides, and
 * below each its statements: script, line, and how the statement begins.
 */
final class QuidemExceptions {
  private static final Pattern STATEMENT = Pattern.compile("([a-z-]+\\.iq):(\\d+) (.+)");

  private final Map<String, Listed> listed;

  private QuidemExceptions(Map<String, Listed> listed) {
    this.listed = listed;
  }

  private record Listed(String beginning, String reason, boolean always) {}

  static QuidemExceptions read() throws IOException {
    Map<String, Listed> listed = new LinkedHashMap<>();
    String reason = "";
    boolean always = true;
    for (String line : QuidemSystemTest.read("quidem-exceptions.txt").lines().toList()) {
      Matcher statement = STATEMENT.matcher(line);
      if (line.startsWith("= ") || line.startsWith("~ ")) {
        reason = line.substring(2);
        always = line.startsWith("=");
      } else if (statement.matches()) {
        String place = statement.group(1) + ":" + statement.group(2);
        if (listed.put(place, new Listed(statement.group(3), reason, always)) != null) {
          throw new IllegalStateException(place + " is listed twice");
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        throw new IllegalStateException("neither reason nor statement: " + line);
      }
    }
    return new QuidemExceptions(listed);
  }

  /** Whether the list says that this statement fails. */
  boolean has(String script, Block block) {
    Listed entry = listed.get(script + ":" + block.line());
    return entry != null && block.statement().startsWith(entry.beginning());
  }

  /** Whether it fails each time, and not only now and then. */
  boolean failsAlways(String script, Block block) {
    Listed entry = listed.get(script + ":" + block.line());
    return entry != null && entry.always();
  }

  /** How many of a script there are, by reason. */
  Map<String, Integer> reasons(String script) {
    Map<String, Integer> counts = new TreeMap<>();
    listed.forEach(
        (place, entry) -> {
          if (place.startsWith(script + ":")) {
            counts.merge(entry.reason(), 1, Integer::sum);
          }
        });
    return counts;
  }

  /** How many of a script there are. */
  int count(String script) {
    return reasons(script).values().stream().mapToInt(Integer::intValue).sum();
  }
}
