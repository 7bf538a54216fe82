package io.quorate.server.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.server.cli.demo.DemoPlan.Member;
import io.quorate.server.config.IdentityConfig.Role;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DemoPlanTest {
  private static final Path DIRECTORY = Path.of("/demo");

  @Test
  void addresses_follow_from_the_port_and_the_number_of_the_node() {
    Member second = new DemoPlan(DIRECTORY, 3, 0, 0, 8765).members().get(1);

    assertThat(second.name()).isEqualTo("n2");
    assertThat(second.directory()).isEqualTo(Path.of("/demo/n2"));
    assertThat(second.pidFile()).isEqualTo(Path.of("/demo/n2/pid"));
    assertThat(second.logFile()).isEqualTo(Path.of("/demo/n2/quorate.log"));
    assertThat(second.clientAddress()).isEqualTo("127.0.0.1:8766");
    assertThat(second.adminAddress()).isEqualTo("127.0.0.1:8866");
    assertThat(second.peerAddress()).isEqualTo("127.0.0.1:8966");
    assertThat(second.url()).isEqualTo("jdbc:quorate://127.0.0.1:8766/?target=contact");
  }

  @Test
  void no_two_nodes_share_a_port() {
    List<Member> members =
        new DemoPlan(
                DIRECTORY, DemoPlan.VOTERS_MAX, 0, DemoPlan.NODES_MAX - DemoPlan.VOTERS_MAX, 8765)
            .members();

    assertThat(members.stream().flatMap(member -> member.ports().stream())).doesNotHaveDuplicates();
  }

  @Test
  void learners_come_behind_the_voters_and_are_in_the_url() {
    DemoPlan plan = new DemoPlan(DIRECTORY, 1, 0, 2, 8765);

    assertThat(plan.members())
        .extracting(Member::role)
        .containsExactly(Role.VOTER, Role.LEARNER, Role.LEARNER);
    assertThat(plan.url())
        .isEqualTo("jdbc:quorate://127.0.0.1:8765,127.0.0.1:8766,127.0.0.1:8767/");
  }

  @Test
  void witnesses_come_behind_those_with_data() {
    assertThat(new DemoPlan(DIRECTORY, 2, 1, 1, 8765).members())
        .extracting(Member::role)
        .containsExactly(Role.VOTER, Role.VOTER, Role.WITNESS, Role.LEARNER);
  }

  @Test
  void what_cannot_be_is_refused_in_one_line() {
    assertThatThrownBy(() -> new DemoPlan(DIRECTORY, 0, 3, 0, 8765)).hasMessageContaining("1 node");
    assertThatThrownBy(() -> new DemoPlan(DIRECTORY, 8, 0, 2, 8765)).hasMessageContaining("most 9");
    assertThatThrownBy(() -> new DemoPlan(DIRECTORY, 4, 2, 0, 8765))
        .hasMessageContaining("at most 5 voters");
    assertThatThrownBy(() -> new DemoPlan(DIRECTORY, 3, 0, 0, 65_300))
        .isInstanceOf(DemoFailedException.class)
        .hasMessageContaining("--port 65300");
    assertThatThrownBy(() -> new DemoPlan(DIRECTORY, 3, 0, 0, 0)).hasMessageContaining("--port 0");
  }
}
