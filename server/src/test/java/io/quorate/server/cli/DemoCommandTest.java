package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before a node is started; that the demo works is shown by a system test. */
final class DemoCommandTest {
  @TempDir Path directory;
  private final Terminal terminal = Terminal.ofMain();

  @Test
  void a_size_that_makes_no_sense_is_one_line_and_2() {
    for (String scale : new String[] {"0", "-1", "1.5", "NaN", "much"}) {
      assertThat(run("--scale", scale)).isEqualTo(2);
    }
    assertThat(run("--sample", "sales")).isEqualTo(2);
    assertThat(terminal.err()).hasLineCount(6).contains("--scale", "[TPCH, NONE]");
  }

  @Test
  void witnesses_count_as_voters() {
    assertThat(run("--nodes", "4", "--witnesses", "2")).isEqualTo(1);
    assertThat(terminal.err()).contains("at most 5 voters, witnesses included").hasLineCount(1);
  }

  @Test
  void a_port_that_is_taken_is_one_line_and_1_and_nothing_is_started() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run("--nodes", "1", "--port", Integer.toString(taken.getLocalPort())))
          .isEqualTo(1);
      assertThat(terminal.err())
          .startsWith("quorate: port " + taken.getLocalPort() + ", which node n1 would use")
          .hasLineCount(1);
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void nodes_of_different_clusters_in_one_directory_are_one_line_and_1() throws Exception {
    write("n1", "c1");
    write("n2", "c2");
    write("n3", "c1");

    assertThat(run("--sample", "none")).isEqualTo(1);
    assertThat(terminal.err())
        .endsWith("holds nodes of different clusters: n1 and n3 of cluster c1, n2 of cluster c2\n")
        .hasLineCount(1);
  }

  private void write(String node, String cluster) throws Exception {
    Path home = Files.createDirectory(directory.resolve(node));
    Files.writeString(
        home.resolve("identity"), "name=%s\nnumber=1\ncluster=%s\n".formatted(node, cluster));
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "demo";
    all[1] = "--no-shell";
    all[2] = "--dir";
    all[3] = directory.toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return terminal.run(all);
  }
}
