package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.DataDirectory.Identity;
import io.quorate.server.DataDirectory.Stage;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.IdentityConfig.Mode;
import io.quorate.server.config.IdentityConfig.Role;
import io.quorate.server.lang.InvariantViolation;
import io.quorate.server.lang.QuorateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir Path path;

  private DataDirectory open(String name) {
    return DataDirectory.open(path, name, new SplittableRandom(1));
  }

  @Test
  void a_number_is_drawn_once_and_kept() {
    Identity drawn;
    try (DataDirectory fresh = open("n1")) {
      drawn = fresh.identity();
    }
    try (DataDirectory again = DataDirectory.open(path, "n1", new SplittableRandom(2))) {
      assertThat(again.identity()).isEqualTo(drawn);
    }
    assertThat(drawn.stage()).isEqualTo(Stage.NEW);
  }

  @Test
  void it_is_refused_while_another_node_holds_it_and_to_a_node_of_another_name() {
    try (DataDirectory held = open("n1")) {
      assertThat(held.identity().member().name()).isEqualTo("n1");
      assertThatThrownBy(() -> open("n1"))
          .isInstanceOf(QuorateException.class)
          .hasMessageContaining("in use");
    }
    assertThatThrownBy(() -> open("n2"))
        .isInstanceOf(QuorateException.class)
        .hasMessageContaining("belongs to node n1, not n2");
  }

  @Test
  void it_belongs_to_one_cluster_for_good() {
    try (DataDirectory directory = open("n1")) {
      assertThatThrownBy(() -> directory.belongTo("c1", Stage.FOUNDING, true))
          .hasMessageContaining("a witness begins no cluster");
      directory.belongTo("c1", Stage.JOINING, false);
      directory.becomeMember();
      assertThatThrownBy(() -> directory.belongTo("c2", Stage.FOUNDING, false))
          .isInstanceOf(InvariantViolation.class);
    }
    try (DataDirectory again = open("n1")) {
      assertThat(again.identity().cluster()).isEqualTo("c1");
      assertThat(again.identity().stage()).isEqualTo(Stage.MEMBER);
    }
  }

  @Test
  void it_has_rows_or_is_a_witnesss_for_good() {
    try (DataDirectory directory = open("w")) {
      directory.requireKind(false);
      directory.requireKind(true);
      directory.belongTo("c1", Stage.JOINING, true);
      directory.becomeMember();
    }
    try (DataDirectory again = open("w")) {
      assertThat(again.identity().witness()).isTrue();
      again.requireKind(true);
      assertThatThrownBy(() -> again.requireKind(false))
          .isInstanceOf(QuorateException.class)
          .hasMessageContaining("is a witness's of cluster c1 and has no rows");
    }
  }

  @Test
  void a_member_without_its_log_is_refused() throws IOException {
    try (DataDirectory directory = open("n1")) {
      directory.belongTo("c1", Stage.FOUNDING, false);
      directory.requireLog();
      directory.becomeMember();
      assertThatThrownBy(directory::requireLog)
          .isInstanceOf(QuorateException.class)
          .hasMessageContaining("the log of member n1:")
          .hasMessageContaining("is gone");

      Files.createFile(directory.log().resolve("00000000000000000001.log"));
      directory.requireLog();
    }
  }

  private static final AssignedRole ENTERING =
      new AssignedRole(
          Mode.CLUSTER, Role.VOTER, List.of(new HostPort("127.0.0.1", 8965)), true, false, false);

  /** One of a node that began a cluster of its own. */
  private Identity founded(long emptyAt) throws IOException {
    try (DataDirectory directory = open("n1")) {
      directory.belongTo("c1", Stage.FOUNDING, false);
      directory.becomeMember();
      directory.rememberPeers(List.of("127.0.0.1:1"));
      Files.writeString(directory.log().resolve("vote"), "given");
      Files.createDirectories(directory.snapshots().resolve("one"));
      Files.writeString(directory.rows(), "none");
      directory.giveUpCluster("n7", emptyAt, ENTERING);
      return directory.identity();
    }
  }

  @Test
  void a_cluster_that_is_given_up_leaves_a_fresh_directory() throws IOException {
    Identity before = founded(0);

    DataDirectory.settleGivenUp(path, new SplittableRandom(2));

    try (DataDirectory fresh = open("n7")) {
      assertThat(fresh.identity().stage()).isEqualTo(Stage.NEW);
      assertThat(fresh.identity().cluster()).isEmpty();
      assertThat(fresh.identity().member().number()).isNotEqualTo(before.member().number());
      assertThat(fresh.assigned()).hasValue(ENTERING);
      assertThat(fresh.peers()).isEmpty();
      for (Path room : List.of(fresh.log(), fresh.snapshots(), path.resolve("store"))) {
        assertThat(room).isEmptyDirectory();
      }
      // Done once: it belongs to another cluster from here on.
      fresh.belongTo("c2", Stage.JOINING, false);
    }
    DataDirectory.settleGivenUp(path, new SplittableRandom(3));
    assertThat(DataDirectory.clusterOf(path)).hasValue("c2");
  }

  @Test
  void it_is_given_up_to_the_end_where_a_crash_came_between() throws IOException {
    var unused = founded(0);
    byte[] order = Files.readAllBytes(path.resolve("given-up"));
    DataDirectory.settleGivenUp(path, new SplittableRandom(2));
    Files.write(path.resolve("given-up"), order);
    Files.delete(path.resolve("role"));
    Files.writeString(path.resolve("log").resolve("left"), "behind");

    DataDirectory.settleGivenUp(path, new SplittableRandom(3));

    assertThat(path.resolve("log")).isEmptyDirectory();
    assertThat(DataDirectory.assignedOf(path)).hasValue(ENTERING);
    assertThat(path.resolve("given-up")).doesNotExist();
  }

  /** The log ends behind the revision at which nothing was stored. */
  @Test
  void it_is_kept_where_the_log_has_grown_since() throws IOException {
    Identity before = founded(-1);

    DataDirectory.settleGivenUp(path, new SplittableRandom(2));

    try (DataDirectory kept = open("n1")) {
      assertThat(kept.identity()).isEqualTo(before);
      assertThat(kept.assigned()).isEmpty();
      assertThat(kept.rows()).hasContent("none");
    }
    assertThat(path.resolve("given-up")).doesNotExist();
  }

  @Test
  void it_is_not_touched_while_a_node_holds_it() throws IOException {
    var unused = founded(0);
    try (DataDirectory held = open("n1")) {
      assertThatThrownBy(() -> DataDirectory.settleGivenUp(path, new SplittableRandom(2)))
          .hasMessageContaining("in use");
      assertThat(held.rows()).hasContent("none");
    }
  }

  @Test
  void peers_are_remembered() throws IOException {
    try (DataDirectory directory = open("n1")) {
      assertThat(directory.peers()).isEmpty();
      directory.rememberPeers(List.of("127.0.0.1:1", "127.0.0.1:2"));
      assertThat(directory.peers()).containsExactly("127.0.0.1:1", "127.0.0.1:2");
    }
  }
}
