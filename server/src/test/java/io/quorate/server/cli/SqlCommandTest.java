package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.cluster.messaging.LoopbackPorts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not need a database; what does is shown by system tests. */
final class SqlCommandTest {
  @TempDir Path directory;
  private final Terminal terminal = Terminal.ofMain();

  @Test
  void a_url_of_no_driver_is_one_line_and_1() {
    assertThat(terminal.run("sql", "jdbc:none:x", "-e", "SELECT 1")).isEqualTo(1);
    assertThat(terminal.run("sql", "jdbc:none:x")).isEqualTo(1);
    assertThat(terminal.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("quorate: ") && line.endsWith("(SQLState 08001)"));
  }

  @Test
  void nobody_there_is_one_line_and_1() {
    int free = LoopbackPorts.find(1).get(0).getPort();

    assertThat(terminal.run("sql", "jdbc:quorate://127.0.0.1:" + free + "/", "-e", "SELECT 1"))
        .isEqualTo(1);
    assertThat(terminal.err()).contains("(SQLState 08001)").hasLineCount(1);
  }

  @Test
  void a_file_that_cannot_be_read_is_one_line_and_1() {
    assertThat(terminal.run("sql", "-f", directory.resolve("none.sql").toString())).isEqualTo(1);
    assertThat(terminal.err()).endsWith("none.sql cannot be read\n").hasLineCount(1);
  }

  @Test
  void a_line_and_a_file_exclude_each_other() {
    assertThat(terminal.run("sql", "-e", "SELECT 1", "-f", "x.sql")).isEqualTo(2);
    assertThat(terminal.err()).contains("mutually exclusive").hasLineCount(1);
  }
}
