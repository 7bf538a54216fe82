package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.SessionState;
import io.quorate.driver.wire.WireTopology;
import io.quorate.driver.wire.WireTopology.Member;
import io.quorate.driver.wire.WireTopology.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClusterTest {
  private final Cluster cluster =
      new Cluster(
          "c",
          new RouteOptions(
              List.of(NodeAddress.parse("n1:1")), "", "", Map.of(), ReadTarget.ANY, 1_000, 0));

  private static NodeAddress address(String name) {
    return NodeAddress.parse(name + ":1");
  }

  private static Member member(String name) {
    return new Member(name, name + ":1", Role.VOTER, "", true);
  }

  private void tell(String self, long epoch, boolean quorate, String leader, String... names) {
    List<Member> members = new ArrayList<>();
    for (String name : names) {
      members.add(member(name));
    }
    WireTopology topology = new WireTopology(epoch, "c", self, leader, members);
    cluster.learn(
        cluster.state(address(self)),
        new SessionState(1, false, new Freshness(1, 0, quorate), topology, Map.of()));
    cluster.state(address(self)).told(new Freshness(1, 0, quorate));
  }

  private List<String> members() {
    return cluster.snapshot().nodes().stream()
        .filter(NodeView::isMember)
        .map(NodeView::name)
        .collect(Collectors.toList());
  }

  private String leader() {
    return cluster.snapshot().leader().map(NodeView::name).orElse("");
  }

  @Test
  void a_contact_point_is_known_before_anybody_answers() {
    assertThat(cluster.snapshot().nodes())
        .extracting(NodeView::address)
        .containsExactly(address("n1"));
    assertThat(members()).isEmpty();
  }

  @Test
  void older_news_of_a_node_does_not_count() {
    tell("n1", 7, true, "n1", "n1", "n2", "n3");
    tell("n1", 6, true, "n2", "n1", "n2");
    assertThat(members()).containsExactly("n1", "n2", "n3");
    assertThat(leader()).isEqualTo("n1");
    tell("n1", 8, true, "n2", "n1", "n2");
    assertThat(members()).containsExactly("n1", "n2");
    assertThat(leader()).isEqualTo("n2");
  }

  @Test
  void epochs_of_two_nodes_are_not_compared() {
    tell("n1", 700, true, "n1", "n1", "n2", "n3");
    tell("n2", 5, true, "n2", "n1", "n2", "n3");
    assertThat(leader()).isEqualTo("n2");
    tell("n2", 4, true, "n3", "n1", "n2", "n3");
    assertThat(leader()).isEqualTo("n2");
  }

  @Test
  void who_says_again_that_it_leads_tells_nothing_new_while_another_one_does() {
    tell("n1", 1, true, "n1", "n1", "n2", "n3");
    tell("n2", 1, true, "n2", "n1", "n2", "n3");
    tell("n1", 2, true, "n1", "n1", "n2");
    assertThat(leader()).isEqualTo("n2");
    assertThat(members()).containsExactly("n1", "n2");
    cluster.state(address("n2")).failed("refused");
    tell("n1", 3, true, "n1", "n1", "n2");
    assertThat(leader()).isEqualTo("n1");
  }

  @Test
  void a_leader_is_deposed_for_those_who_asked_it_before_another_one_came() {
    long before = System.nanoTime();
    assertThat(cluster.isDeposed(address("n1"), before, 0)).isFalse();
    tell("n1", 1, true, "n1", "n1", "n2");
    long asked = System.nanoTime();
    tell("n1", 2, true, "", "n1", "n2");
    assertThat(cluster.isDeposed(address("n1"), asked, 0)).isFalse();
    tell("n2", 1, true, "n2", "n1", "n2");
    assertThat(cluster.isDeposed(address("n1"), asked, 0)).isTrue();
    assertThat(cluster.isDeposed(address("n1"), asked, 60_000_000_000L)).isFalse();
    assertThat(cluster.isDeposed(address("n1"), System.nanoTime(), 0)).isFalse();
    assertThat(cluster.isDeposed(address("n2"), asked, 0)).isFalse();
  }

  @Test
  void a_node_that_is_cut_off_does_not_draw_the_map() {
    tell("n1", 1, true, "n1", "n1", "n2", "n3");
    tell("n2", 2, false, "", "n2");
    assertThat(members()).containsExactly("n1", "n2", "n3");
    cluster.state(address("n1")).failed("refused");
    tell("n2", 3, false, "", "n2");
    assertThat(members()).containsExactly("n2");
  }

  @Test
  void who_does_not_know_the_leader_does_not_make_it_forgotten_unless_it_is_the_leader() {
    tell("n1", 1, true, "n1", "n1", "n2");
    tell("n2", 1, true, "", "n1", "n2");
    assertThat(leader()).isEqualTo("n1");
    tell("n1", 2, true, "", "n1", "n2");
    assertThat(leader()).isEmpty();
  }

  @Test
  void a_hint_names_the_leader_even_if_it_is_no_member_yet() {
    tell("n1", 1, true, "n1", "n1", "n2");
    assertThat(cluster.learnLeader("n4:1", address("n1"))).isTrue();
    assertThat(cluster.snapshot().leader().map(NodeView::address)).contains(address("n4"));
    assertThat(cluster.learnLeader("n1:1", address("n1"))).isFalse();
    assertThat(cluster.learnLeader("", address("n1"))).isFalse();
    assertThat(cluster.learnLeader("no address", address("n1"))).isFalse();
  }

  @Test
  void nodes_that_come_and_go_leave_nothing_behind() {
    for (int i = 0; i < 1_000; i++) {
      tell("n1", i + 1, true, "n1", "n1", "x" + i);
      cluster.state(address("x" + i)).failed("refused");
    }
    assertThat(cluster.nodesKept()).isEqualTo(2);
    assertThat(cluster.tellersKept()).isLessThanOrEqualTo(2);
  }

  @Test
  void a_node_keeps_its_numbers_over_news_of_others() {
    tell("n1", 1, true, "n1", "n1", "n2");
    NodeState state = cluster.state(address("n2"));
    state.requestBegins();
    tell("n1", 2, true, "n1", "n1", "n2", "n3");
    assertThat(cluster.state(address("n2"))).isSameAs(state);
    assertThat(cluster.snapshot().nodes())
        .filteredOn(node -> node.name().equals("n2"))
        .extracting(NodeView::inFlight)
        .containsExactly(1);
  }

  @Test
  void a_contact_point_by_another_name_is_the_member_that_answers_there() {
    NodeAddress alias = NodeAddress.parse("localhost:9");
    Cluster behind =
        new Cluster(
            "c", new RouteOptions(List.of(alias), "", "", Map.of(), ReadTarget.CONTACT, 1_000, 0));
    behind.met(alias, address("n1"));
    assertThat(behind.contacts()).containsExactly(address("n1"));
    assertThat(behind.snapshot().nodes())
        .extracting(NodeView::address)
        .containsExactly(address("n1"));
    assertThat(behind.state(alias)).isSameAs(behind.state(address("n1")));
    assertThat(behind.state(alias).dial()).isEqualTo(address("n1"));
    behind.state(alias).notReachedAt(address("n1"));
    assertThat(behind.state(alias).dial()).isEqualTo(alias);
    behind.state(alias).notReachedAt(alias);
    assertThat(behind.state(alias).dial()).isEqualTo(address("n1"));
  }

  @Test
  void latency_follows_slowly_and_staleness_grows_with_time() {
    NodeState state = new NodeState(address("n1"));
    assertThat(state.freshness(System.nanoTime())).isNull();
    state.roundTrip(1_000);
    state.roundTrip(2_000);
    assertThat(state.latencyNanos()).isEqualTo(1_250);
    state.roundTrip(250);
    assertThat(state.latencyNanos()).isEqualTo(750);
    Freshness told = new Freshness(1, 40, true);
    long before = System.nanoTime();
    state.told(told);
    assertThat(state.freshness(before)).isEqualTo(told);
    state.told(Freshness.UNKNOWN);
    assertThat(state.freshness(System.nanoTime() + 60_000_000))
        .satisfies(
            later -> {
              assertThat(later.revision()).isEqualTo(1);
              assertThat(later.stalenessMillis()).isGreaterThanOrEqualTo(100);
              assertThat(later.quorate()).isTrue();
            });
    Freshness unknown = new Freshness(2, -1, false);
    state.told(unknown);
    assertThat(state.freshness(System.nanoTime() + 60_000_000)).isEqualTo(unknown);
  }
}
