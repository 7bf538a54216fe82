package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a node may become while it runs, and with which number it is refused: FEATURES A.2. */
@Timeout(120)
final class RoleMatrixIT {
  private static final List<String> ROLES =
      List.of("admin", "standalone", "leader", "follower", "learner");

  /** A row for each role that a node has, a column for each that it is told to have. */
  private static final int[][] CODES = {
    {0, 0, 0, 0, 0},
    {0, 0, 8007, 8007, 8007},
    {0, 8007, 0, 7026, 7026},
    {0, 8007, 0, 0, 7026},
    {0, 8007, 0, 7026, 0},
  };

  @TempDir static Path bossDirectory;
  private static HostedNode boss;

  @TempDir Path directory;
  private HostedNode node;

  @BeforeAll
  static void openBoss() throws Exception {
    boss = HostedNode.open(bossDirectory, "boss", "admin");
    assertThat(boss.post("{\"role\":\"leader\",\"name\":\"boss\"}").code()).isZero();
    boss.awaitRole("leader");
  }

  @AfterAll
  static void closeBoss() {
    boss.close();
  }

  @BeforeEach
  void open() {
    node = HostedNode.open(directory, "n1", "admin");
  }

  @AfterEach
  void close() {
    node.close();
  }

  static Stream<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    for (int from = 0; from < ROLES.size(); from++) {
      for (int to = 0; to < ROLES.size(); to++) {
        for (String road : List.of("http", "sql")) {
          cells.add(Arguments.of(ROLES.get(from), ROLES.get(to), road, CODES[from][to]));
        }
      }
    }
    return cells.stream();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void a_node_becomes_what_it_may(String from, String to, String road, int code) throws Exception {
    if (from.equals("leader") && code == 0 && !to.equals("leader")) {
      // It is the only one of its cluster, which nobody misses.
      assertThat(node.become("leader", "").code()).isZero();
    } else if (!from.equals("admin")) {
      assertThat(node.become(from, boss.peer()).code()).isZero();
    }
    node.awaitRole(from);

    int answered =
        road.equals("http") ? node.become(to, boss.peer()).code() : node.sql(to, boss.peer());

    assertThat(answered).isEqualTo(code);
    node.awaitRole(code == 0 ? to : from);
    leaveBoss();
  }

  /** The next cell finds the boss alone, and leading. */
  private void leaveBoss() throws Exception {
    if (List.of("follower", "learner").contains(node.role()) || !boss.role().equals("leader")) {
      assertThat(node.become("admin", "").code()).isZero();
      node.awaitRole("admin");
    }
    boss.awaitRole("leader");
  }
}
