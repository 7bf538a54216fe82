package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.DataDirectory.Identity;
import io.quorate.server.DataDirectory.Stage;
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
      directory.belongTo("c1", Stage.JOINING);
      directory.becomeMember();
      assertThatThrownBy(() -> directory.belongTo("c2", Stage.FOUNDING))
          .isInstanceOf(InvariantViolation.class);
    }
    try (DataDirectory again = open("n1")) {
      assertThat(again.identity().cluster()).isEqualTo("c1");
      assertThat(again.identity().stage()).isEqualTo(Stage.MEMBER);
    }
  }

  @Test
  void a_member_without_its_log_is_refused() throws IOException {
    try (DataDirectory directory = open("n1")) {
      directory.belongTo("c1", Stage.FOUNDING);
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

  @Test
  void peers_are_remembered() throws IOException {
    try (DataDirectory directory = open("n1")) {
      assertThat(directory.peers()).isEmpty();
      directory.rememberPeers(List.of("127.0.0.1:1", "127.0.0.1:2"));
      assertThat(directory.peers()).containsExactly("127.0.0.1:1", "127.0.0.1:2");
    }
  }
}
