package io.quorate.server.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.server.system.QuidemScript.Block;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calcite's own scripts, which are not ours to keep: {@code -Dquidem.scripts} names the folder that
 * they are in. Every result must be theirs to the letter, but for those of {@code
 * quidem-exceptions.txt}, which must not.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class QuidemSystemTest {
  private static final List<String> SCRIPTS =
      List.of("agg", "join", "misc", "outer", "set-op", "sort", "sub-query", "winagg");

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void what_the_scripts_say_of_the_scott_schema_holds_but_for_what_is_listed() throws Exception {
    String folder = System.getProperty("quidem.scripts");
    assumeTrue(
        folder != null,
        "no scripts: -Dquidem.scripts=folder names where Calcite's are; docs/conformance.md");
    QuidemExceptions exceptions = QuidemExceptions.read();
    List<String> unexpected = new ArrayList<>();
    SystemCluster.run(
        directory,
        cluster -> {
          cluster.startThree(node -> {});
          try (Connection connection = DriverManager.getConnection(cluster.url())) {
            createScott(connection);
          }
          for (String name : SCRIPTS) {
            QuidemScript script = QuidemScript.read(Path.of(folder, name + ".iq"));
            try (Connection connection = DriverManager.getConnection(cluster.url())) {
              connection.setSchema("scott");
              unexpected.addAll(run(script, connection, exceptions));
            }
          }
        });
    assertThat(unexpected).isEmpty();
  }

  private static List<String> run(
      QuidemScript script, Connection connection, QuidemExceptions exceptions) {
    Map<Block, String> failures = script.failures(connection);
    List<String> unexpected = new ArrayList<>();
    int listed = 0;
    for (Block block : script.blocks()) {
      String place = script.name() + ":" + block.line();
      boolean isListed = exceptions.has(script.name(), block);
      listed += isListed ? 1 : 0;
      String printed = failures.get(block);
      if (printed == null && isListed && exceptions.failsAlways(script.name(), block)) {
        unexpected.add(place + " is listed as an exception, but comes out right");
      } else if (printed != null && !isListed) {
        // Of a change too: what is asked behind it would only be a riddle.
        unexpected.add(
            "%s: expected\n%s\nbut was\n%s"
                .formatted(place, String.join("\n", block.expected()), printed));
      }
    }
    if (listed < exceptions.count(script.name())) {
      unexpected.add(script.name() + ": the list names statements that are not there");
    }
    Figures.print(
        "%s: %d queries, %d as expected, exceptions %s"
            .formatted(
                script.name(),
                script.queries().size(),
                script.queries().stream().filter(block -> !failures.containsKey(block)).count(),
                exceptions.reasons(script.name())));
    return unexpected;
  }

  /** As {@code net.hydromatic:scott-data-hsqldb} has them, from which Calcite takes its own. */
  private static void createScott(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA \"scott\"");
      connection.setSchema("scott");
      for (String sql : read("scott.sql").split(";\\s*", -1)) {
        statement.execute(sql);
      }
    }
  }

  static String read(String resource) throws IOException {
    try (InputStream file = QuidemSystemTest.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    }
  }
}
