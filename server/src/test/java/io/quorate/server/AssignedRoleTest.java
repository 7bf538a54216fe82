package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quorate.driver.ErrorCode;
import io.quorate.server.config.ConfigReader;
import io.quorate.server.config.ConfigSources;
import io.quorate.server.config.HostPort;
import io.quorate.server.config.IdentityConfig.Mode;
import io.quorate.server.config.IdentityConfig.Role;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.lang.QuorateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AssignedRoleTest {
  private static final List<HostPort> CONTACTS =
      List.of(HostPort.parse("127.0.0.1:8965"), HostPort.parse("[::1]:8966"));

  @TempDir Path directory;

  @Test
  void it_is_read_as_it_was_written() {
    assertThat(DataDirectory.assignedOf(directory)).isEmpty();
    for (AssignedRole role :
        List.of(
            new AssignedRole(Mode.ADMIN, Role.LEARNER, CONTACTS, true, false, false),
            new AssignedRole(Mode.CLUSTER, Role.VOTER, List.of(), false, true, true),
            new AssignedRole(Mode.STANDALONE, Role.VOTER, List.of(), false, false, false))) {
      DataDirectory.assign(directory, role);
      assertThat(DataDirectory.assignedOf(directory)).contains(role);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "mode=king", "mode=admin", "mode=cluster\nrole=voter\ncontacts=nowhere"})
  void what_is_none_keeps_the_node_from_starting(String text) throws Exception {
    Files.writeString(directory.resolve("role"), text);
    QuorateException failure =
        catchThrowableOfType(QuorateException.class, () -> DataDirectory.assignedOf(directory));
    assertThat(failure.code()).isEqualTo(ErrorCode.IO_ERROR);
    assertThat(failure).hasMessageContaining(directory.resolve("role").toString());
  }

  @Test
  void it_wins_over_the_configuration() {
    NodeConfig configured =
        ConfigReader.read(
                new ConfigSources(
                    Map.of("node.id", "n1", "cluster.join", "127.0.0.1:1"),
                    Map.of(),
                    null,
                    512L << 20))
            .config();
    AssignedRole back = new AssignedRole(Mode.CLUSTER, Role.LEARNER, CONTACTS, true, false, true);
    NodeConfig entering = back.in(configured, "Ron");
    assertThat(entering.node().id()).isEqualTo("Ron");
    assertThat(entering.node().role()).isEqualTo(Role.LEARNER);
    assertThat(entering.cluster().join()).isEqualTo(CONTACTS);
    assertThat(back.entered().in(configured, "Ron").cluster().join()).isEmpty();
    AssignedRole out = new AssignedRole(Mode.ADMIN, Role.LEARNER, CONTACTS, true, false, false);
    assertThat(out.in(configured, "n1").node().mode()).isEqualTo(Mode.ADMIN);
    assertThat(out.in(configured, "n1").cluster().join()).isEmpty();
  }
}
