package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.lang.ServerRow;
import io.quorate.server.session.ClusterFacts.Fact;
import io.quorate.server.tx.ServerEntry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerRowsTest {
  private static Fact fact(String name, String role, String clientAddress) {
    boolean leads = role.equals("leader");
    return new Fact(
        name,
        name + ":7",
        role,
        "alive",
        leads,
        1,
        1,
        1,
        0,
        clientAddress,
        name + ":2",
        name + ":3",
        Instant.EPOCH,
        "",
        true,
        0);
  }

  @Test
  void who_leads_is_first_and_the_others_are_in_the_order_of_their_names() {
    List<ServerEntry> members =
        ServerRows.members(
            List.of(
                fact("n1", "follower", "n1:1"),
                fact("n2", "leader", "n2:1"),
                fact("n3", "follower", "n3:1")));
    assertThat(members).extracting("member").containsExactly("n2:7", "n1:7", "n3:7");
    assertThat(members).extracting("id").containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({
    "leader, true, true",
    "follower, true, true",
    "standalone, true, true",
    "learner, true, false",
    "witness, false, true"
  })
  void what_a_member_does_is_told_by_its_role(String role, boolean data, boolean meta) {
    ServerEntry member = ServerRows.members(List.of(fact("n", role, "n:1"))).get(0);
    assertThat(member.serves(ServerEntry.DATA)).isEqualTo(data);
    assertThat(member.serves(ServerEntry.META)).isEqualTo(meta);
  }

  @Test
  void a_port_that_is_still_to_be_chosen_is_no_address() {
    assertThat(ServerRows.members(List.of(fact("n", "leader", "n:0"))).get(0).clientAddress())
        .isEmpty();
    assertThat(ServerRows.members(List.of(fact("n", "leader", "n:10"))).get(0).clientAddress())
        .isEqualTo("n:10");
  }

  @Test
  void data_nodes_come_before_meta_nodes_each_by_id() {
    int both = ServerEntry.DATA | ServerEntry.META;
    List<ServerEntry> registered =
        List.of(
            new ServerEntry(1, "a:7", both, "a:1", "a:2", "a:3"),
            new ServerEntry(2, "b:7", 0, "", "", ""),
            new ServerEntry(3, "c:7", ServerEntry.DATA, "c:1", "c:2", "c:3"),
            new ServerEntry(4, "d:7", ServerEntry.META, "d:1", "d:2", "d:3"),
            new ServerEntry(10, "e:7", both, "e:1", "e:2", "e:3"));
    assertThat(ServerRows.of(registered, List.of()))
        .containsExactly(
            new ServerRow("data_nodes", 1, "a:1", "a:3"),
            new ServerRow("data_nodes", 3, "c:1", "c:3"),
            new ServerRow("data_nodes", 10, "e:1", "e:3"),
            new ServerRow("meta_nodes", 1, "a:2", "a:3"),
            new ServerRow("meta_nodes", 4, "d:2", "d:3"),
            new ServerRow("meta_nodes", 10, "e:2", "e:3"));
  }
}
