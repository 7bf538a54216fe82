package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a node may become while it runs, and with which number it is refused: FEATURES A.2. */
@Tag("slow")
@Timeout(120)
final class RoleMatrixIT {
  private static final List<String> ROLES =
      List.of("admin", "standalone", "leader", "follower", "learner", "witness");

  /** A row for each role that a node has, a column for each that it is told to have. */
  private static final int[][] CODES = {
    {0, 0, 0, 0, 0, 0},
    {0, 0, 8007, 8007, 8007, 8007},
    {0, 8007, 0, 7026, 7026, 7026},
    {0, 8007, 0, 0, 7026, 7026},
    {0, 8007, 0, 7026, 0, 7026},
    {0, 8007, 7026, 7026, 7026, 0},
  };

  @TempDir static Path directory;
  private static HostedNode boss;
  private static int opened;

  /** One after the other; the next begins where a directory can be of no use for a cell. */
  private static HostedNode node;

  /** Whose cluster the node's directory belongs to: its own, the boss's, or empty for none. */
  private static String cluster = "";

  @BeforeAll
  static void openBoss() throws Exception {
    boss = HostedNode.open(directory.resolve("boss"), "boss", "admin");
    assertThat(boss.post("{\"role\":\"leader\",\"name\":\"boss\"}").code()).isZero();
    boss.awaitRole("leader");
    node = open();
  }

  @AfterAll
  static void close() {
    node.close();
    boss.close();
  }

  private static HostedNode open() {
    opened++;
    cluster = "";
    return HostedNode.open(directory.resolve("n" + opened), "n" + opened, "admin");
  }

  /** In an order in which each cell finds the node in its role, or not far from it. */
  static Stream<Arguments> cells() {
    return Stream.of("http", "sql")
        .flatMap(
            road ->
                Stream.concat(
                    Stream.of(Arguments.of("admin", "admin", road, 0)),
                    Stream.of("leader", "standalone", "follower", "learner", "witness")
                        .flatMap(role -> cellsOf(role, road))));
  }

  /** Into the role, what changes nothing there, what does, and out of it. */
  private static Stream<Arguments> cellsOf(String role, String road) {
    int row = ROLES.indexOf(role);
    List<Arguments> cells = new ArrayList<>();
    cells.add(Arguments.of("admin", role, road, CODES[0][row]));
    for (int to = 1; to < ROLES.size(); to++) {
      cells.add(
          CODES[row][to] == 0 && to != row ? cells.size() : 1,
          Arguments.of(role, ROLES.get(to), road, CODES[row][to]));
    }
    cells.add(Arguments.of(role, "admin", road, CODES[row][0]));
    return cells.stream();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void a_node_becomes_what_it_may(String from, String to, String road, int code) throws Exception {
    String role = from.equals("admin") ? to : from;
    if (!role.equals("admin")) {
      belongTo(
          switch (role) {
            case "follower", "learner" -> "boss's";
            case "witness" -> "boss's, without rows";
            default -> "own";
          });
    }
    bring(from);

    int answered =
        road.equals("http") ? node.become(to, boss.peer()).code() : node.sql(to, boss.peer());

    assertThat(answered).isEqualTo(code);
    node.awaitRole(code == 0 ? to : from);
  }

  /** A directory that belongs to another cluster is of no use. */
  private static void belongTo(String needed) {
    if (!cluster.isEmpty() && !cluster.equals(needed)) {
      node.close();
      node = open();
    }
    cluster = needed;
  }

  private static void bring(String role) throws Exception {
    if (node.role().equals(role)) {
      return;
    }
    assertThat(node.become("admin", "").code()).isZero();
    node.awaitRole("admin");
    boss.awaitRole("leader");
    assertThat(node.become(role, boss.peer()).code()).isZero();
    node.awaitRole(role);
  }
}
