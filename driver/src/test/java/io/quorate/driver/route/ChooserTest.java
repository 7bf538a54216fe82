package io.quorate.driver.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.route.Choice.Decision;
import io.quorate.driver.route.Choice.Verdict;
import io.quorate.driver.route.Exchange.Way;
import io.quorate.driver.route.RoutePreference.WriteRouting;
import io.quorate.driver.route.RouteWish.Level;
import io.quorate.driver.wire.Freshness;
import io.quorate.driver.wire.WireTopology.Member;
import io.quorate.driver.wire.WireTopology.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChooserTest {
  private static final int DRAWS = 6_000;

  /** A node to be described; by default a follower in no zone that does well. */
  private static final class Node {
    private final String name;
    private Role role = Role.VOTER;
    private String zone = "";
    private boolean leads;
    private boolean reachable = true;
    private long latencyNanos = 100_000;
    private int inFlight;
    private long stalenessMillis = 5;
    private boolean quorate = true;
    private boolean silent;
    private String trouble = "";

    Node(String name) {
      this.name = name;
    }

    Node leads() {
      leads = true;
      return this;
    }

    Node role(Role is) {
      role = is;
      return this;
    }

    Node zone(String is) {
      zone = is;
      return this;
    }

    Node away() {
      reachable = false;
      return this;
    }

    Node load(long micros, int requests) {
      latencyNanos = micros * 1_000;
      inFlight = requests;
      return this;
    }

    Node stale(long millis) {
      stalenessMillis = millis;
      return this;
    }

    Node silent() {
      silent = true;
      return this;
    }

    Node cutOff() {
      quorate = false;
      return this;
    }

    Node trouble(String why) {
      trouble = why;
      return this;
    }

    NodeView view() {
      return new NodeView(
          address(name),
          new Member(name, address(name).toString(), role, zone, reachable),
          leads,
          latencyNanos,
          inFlight,
          silent ? null : new Freshness(1, stalenessMillis, quorate),
          trouble);
    }
  }

  private final Random random = new Random(7);

  private static Node node(String name) {
    return new Node(name);
  }

  private static NodeAddress address(String name) {
    return NodeAddress.parse(name + ":1");
  }

  private static ClusterSnapshot cluster(Node... nodes) {
    List<NodeView> views = new ArrayList<>();
    for (Node node : nodes) {
      views.add(node.view());
    }
    return new ClusterSnapshot(views);
  }

  private static RoutePreference target(String target) {
    return new RoutePreference(ReadTarget.of(target).orElseThrow(), "", WriteRouting.FORWARD);
  }

  private static RouteWish read() {
    return RouteWish.of(Way.READER, RoutePreference.NONE);
  }

  private static RouteWish read(String target) {
    return RouteWish.of(Way.READER, target(target));
  }

  private static RouteWish inZone(String zone) {
    return RouteWish.of(
        Way.READER, new RoutePreference(ReadTarget.ANY, zone, WriteRouting.FORWARD));
  }

  private static RouteWish write(WriteRouting routing) {
    return RouteWish.of(Way.LEADER, new RoutePreference(ReadTarget.ANY, "", routing));
  }

  private Map<String, Integer> draws(ClusterSnapshot cluster, RouteWish wish) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < DRAWS; i++) {
      NodeView chosen = Chooser.choose(cluster, wish, random).chosen();
      counts.merge(String.valueOf(chosen), 1, Integer::sum);
    }
    return counts;
  }

  private static Verdict verdict(Choice choice, String node) {
    return choice.verdicts().stream()
        .filter(v -> v.node().name().equals(node))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "leader, n1",
    "follower, n2",
    "learner, n3",
    "prefer-leader, n1",
    "prefer-follower, n2",
    "prefer-learner, n3"
  })
  void a_role_is_where_reads_go(String target, String node) {
    ClusterSnapshot cluster =
        cluster(node("n1").leads(), node("n2"), node("n3").role(Role.LEARNER));
    assertThat(draws(cluster, read(target))).containsOnlyKeys(node);
    Choice choice = Chooser.choose(cluster, read(target), random);
    boolean strict = !target.startsWith("prefer");
    assertThat(choice.verdicts())
        .filteredOn(v -> !v.node().name().equals(node))
        .allSatisfy(
            v -> {
              assertThat(v.decision()).isEqualTo(strict ? Decision.REJECTED : Decision.CANDIDATE);
              assertThat(choice.reason(v)).contains(target);
            });
  }

  @Test
  void a_preferred_role_that_is_missing_is_done_without_and_a_demanded_one_is_not() {
    ClusterSnapshot cluster = cluster(node("n1").leads(), node("n2"));
    assertThat(draws(cluster, read("prefer-learner"))).containsOnlyKeys("n1", "n2");
    assertThat(Chooser.choose(cluster, read("learner"), random).chosen()).isNull();
  }

  @Test
  void a_witness_that_is_the_contact_is_asked_by_who_wants_the_contact() {
    ClusterSnapshot cluster = cluster(node("n1").role(Role.WITNESS), node("n2").leads());
    RouteWish wish = read("contact").withContacts(Set.of(address("n1")));
    assertThat(draws(cluster, wish)).containsOnlyKeys("n1");
    assertThat(draws(cluster, read("contact").withContacts(Set.of(address("n2")))))
        .containsOnlyKeys("n2");
  }

  @Test
  void a_witness_gets_nothing_at_all() {
    ClusterSnapshot cluster = cluster(node("n1").role(Role.WITNESS), node("n2").trouble("refused"));
    for (RouteWish wish : List.of(read(), write(WriteRouting.FORWARD))) {
      Choice choice = Chooser.choose(cluster, wish, random);
      assertThat(choice.chosen()).hasToString("n2");
      assertThat(verdict(choice, "n1").reason()).isEqualTo(Reason.WITNESS);
    }
  }

  @Test
  void the_own_zone_is_read_from_while_it_lives() {
    Node near = node("n2").zone("a");
    assertThat(draws(cluster(node("n1").zone("b"), near, node("n3")), inZone("a")))
        .containsOnlyKeys("n2");
    near.trouble("refused");
    assertThat(draws(cluster(node("n1").zone("b"), near, node("n3")), inZone("a")))
        .containsOnlyKeys("n1", "n3");
  }

  @Test
  void a_bounded_read_goes_to_nodes_within_the_bound() {
    ClusterSnapshot cluster =
        cluster(node("n1").stale(101), node("n2").stale(100), node("n3").stale(900));
    RouteWish wish = read().withLevel(Level.BOUNDED, 100);
    assertThat(draws(cluster, wish)).containsOnlyKeys("n2");
    Choice choice = Chooser.choose(cluster, wish, random);
    assertThat(choice.reason(verdict(choice, "n3"))).contains("900 ms", "100 ms");
    assertThat(verdict(choice, "n3").decision()).isEqualTo(Decision.CANDIDATE);
  }

  @Test
  void a_node_that_was_not_heard_of_is_not_taken_for_stale() {
    ClusterSnapshot cluster = cluster(node("n1").silent(), node("n2").stale(5));
    assertThat(draws(cluster, read().withLevel(Level.BOUNDED, 100))).containsOnlyKeys("n1", "n2");
  }

  @Test
  void a_node_that_cannot_tell_how_old_its_rows_are_is_the_last_to_be_asked_for_a_bound() {
    ClusterSnapshot cluster = cluster(node("n1").stale(-1), node("n2").stale(5));
    RouteWish wish = read().withLevel(Level.BOUNDED, 100);
    assertThat(draws(cluster, wish)).containsOnlyKeys("n2");
    Choice choice = Chooser.choose(cluster, wish, random);
    assertThat(choice.reason(verdict(choice, "n1"))).contains("cannot tell yet");
    assertThat(draws(cluster, read())).containsOnlyKeys("n1", "n2");
    assertThat(draws(cluster(node("n1").stale(-1), node("n2").stale(101)), wish))
        .containsOnlyKeys("n1", "n2");
  }

  @Test
  void a_replica_that_is_far_behind_is_left_alone_at_session_and_not_at_local() {
    ClusterSnapshot cluster = cluster(node("n1"), node("n2").stale(Chooser.LAG_MAX_MILLIS + 1));
    assertThat(draws(cluster, read())).containsOnlyKeys("n1");
    assertThat(draws(cluster, read().withLevel(Level.LOCAL, -1))).containsOnlyKeys("n1", "n2");
  }

  @Test
  void a_node_that_is_cut_off_cannot_be_asked_for_the_newest() {
    ClusterSnapshot cluster = cluster(node("n1").cutOff(), node("n2"));
    assertThat(draws(cluster, read().withLevel(Level.LINEARIZABLE, -1))).containsOnlyKeys("n2");
    assertThat(draws(cluster, read().withLevel(Level.LOCAL, -1))).containsOnlyKeys("n1", "n2");
  }

  @Test
  void trouble_outweighs_all_else() {
    ClusterSnapshot cluster =
        cluster(
            node("n1").zone("a").trouble("silent for 700 ms"),
            node("n2").zone("a").away(),
            node("n3").role(Role.LEARNER).zone("b").stale(60_000));
    RouteWish wish =
        RouteWish.of(
                Way.READER,
                new RoutePreference(ReadTarget.PREFER_FOLLOWER, "a", WriteRouting.FORWARD))
            .withLevel(Level.BOUNDED, 10);
    Choice choice = Chooser.choose(cluster, wish, random);
    assertThat(choice.order()).extracting(NodeView::name).containsExactly("n3", "n2", "n1");
    assertThat(choice.reason(verdict(choice, "n1"))).contains("silent for 700 ms");
  }

  @Test
  void a_node_where_the_request_failed_is_not_asked_again() {
    ClusterSnapshot cluster = cluster(node("n1"), node("n2"), node("n3").trouble("refused"));
    Choice choice = Chooser.choose(cluster, read().withAvoid(Set.of(address("n1"))), random);
    assertThat(choice.order()).extracting(NodeView::name).containsExactly("n2");
    assertThat(verdict(choice, "n1").reason()).isEqualTo(Reason.FAILED_BEFORE);
    assertThat(verdict(choice, "n3").reason()).isEqualTo(Reason.IN_DOUBT);
  }

  @Test
  void contact_is_the_nodes_of_the_url_and_no_others() {
    RouteWish wish = read("contact").withContacts(Set.of(address("n2")));
    ClusterSnapshot cluster = cluster(node("n1").leads(), node("n2"), node("n3"));
    assertThat(draws(cluster, wish)).containsOnlyKeys("n2");
    assertThat(Chooser.choose(cluster, wish.withAvoid(Set.of(address("n2"))), random).chosen())
        .isNull();
  }

  @Test
  void equal_nodes_get_equal_shares() {
    Map<String, Integer> counts = draws(cluster(node("n1"), node("n2"), node("n3")), read());
    assertThat(counts).containsOnlyKeys("n1", "n2", "n3");
    assertThat(counts.values()).allSatisfy(n -> assertThat(n).isBetween(1_800, 2_200));
  }

  /** Of three, each pair is drawn as often; the worst wins none, the best both of its two. */
  @Test
  void two_are_drawn_and_the_less_loaded_one_is_taken() {
    Map<String, Integer> counts =
        draws(
            cluster(node("n1").load(100, 0), node("n2").load(100, 4), node("n3").load(100, 9)),
            read());
    assertThat(counts).containsOnlyKeys("n1", "n2");
    assertThat(counts.get("n1")).isBetween(3_800, 4_200);
    assertThat(counts.get("n2")).isBetween(1_800, 2_200);
  }

  @Test
  void a_far_node_is_taken_when_the_near_ones_are_full() {
    assertThat(draws(cluster(node("n1").load(100, 99), node("n2").load(5_000, 0)), read()))
        .containsOnlyKeys("n2");
    assertThat(draws(cluster(node("n1").load(100, 9), node("n2").load(5_000, 0)), read()))
        .containsOnlyKeys("n1");
  }

  /** Requests that stay under way: what power of two choices is for. */
  @Test
  void many_connections_spread_evenly_while_their_requests_last() {
    Node[] nodes = {node("n1"), node("n2"), node("n3"), node("n4"), node("n5")};
    for (int i = 0; i < 500; i++) {
      NodeView chosen = Chooser.choose(cluster(nodes), read(), random).chosen();
      for (Node node : nodes) {
        if (node.name.equals(String.valueOf(chosen))) {
          node.inFlight++;
        }
      }
    }
    assertThat(nodes).allSatisfy(n -> assertThat(n.inFlight).isBetween(95, 105));
  }

  @Test
  void a_connection_stays_until_another_node_is_clearly_better() {
    RouteWish both = read().withLinks(Set.of(address("n1"), address("n2")), address("n1"));
    RouteWish one = read().withLinks(Set.of(address("n1")), address("n1"));
    ClusterSnapshot alike = cluster(node("n1").load(100, 1), node("n2").load(100, 0));
    assertThat(draws(alike, both)).containsOnlyKeys("n1");
    ClusterSnapshot better = cluster(node("n1").load(100, 2), node("n2").load(100, 0));
    assertThat(draws(better, both)).containsOnlyKeys("n2");
    assertThat(draws(better, one)).containsOnlyKeys("n1");
    ClusterSnapshot farBetter = cluster(node("n1").load(100, 3), node("n2").load(100, 0));
    assertThat(draws(farBetter, one)).containsOnlyKeys("n2");
    assertThat(Chooser.choose(alike, one, random).verdicts().get(0).reason())
        .isEqualTo(Reason.HOME);
  }

  @Test
  void differences_of_microseconds_move_nobody() {
    RouteWish wish = read().withLinks(Set.of(address("n1"), address("n2")), address("n1"));
    assertThat(draws(cluster(node("n1").load(150, 0), node("n2").load(30, 0)), wish))
        .containsOnlyKeys("n1");
  }

  @Test
  void writes_go_to_the_leader() {
    ClusterSnapshot cluster = cluster(node("n1"), node("n2").leads().load(9_000, 50), node("n3"));
    for (WriteRouting routing : List.of(WriteRouting.FORWARD, WriteRouting.REDIRECT)) {
      Choice choice = Chooser.choose(cluster, write(routing), random);
      assertThat(choice.chosen()).hasToString("n2");
      assertThat(verdict(choice, "n2").reason()).isEqualTo(Reason.LEADS);
    }
  }

  @Test
  void without_a_leader_writes_go_where_a_link_is_and_are_passed_on() {
    ClusterSnapshot cluster =
        cluster(node("n1"), node("n2").leads().trouble("refused"), node("n3"));
    RouteWish wish =
        write(WriteRouting.FORWARD).withLinks(Set.of(address("n3"), address("n2")), null);
    Choice choice = Chooser.choose(cluster, wish, random);
    assertThat(choice.order()).extracting(NodeView::name).containsExactly("n3", "n1", "n2");
    assertThat(verdict(choice, "n1").reason()).isEqualTo(Reason.PASSES_ON);
  }

  @Test
  void a_connection_that_refuses_to_be_sent_on_writes_where_it_is() {
    ClusterSnapshot cluster = cluster(node("n1").leads(), node("n2"), node("n3"));
    RouteWish wish = write(WriteRouting.REFUSE).withLinks(Set.of(address("n3")), address("n3"));
    assertThat(draws(cluster, wish)).containsOnlyKeys("n3");
  }

  @Test
  void one_that_refuses_and_keeps_to_its_contacts_writes_nowhere_else() {
    ClusterSnapshot cluster = cluster(node("n1").leads(), node("n2"), node("n3"));
    RouteWish wish =
        RouteWish.of(
                Exchange.Way.LEADER,
                new RoutePreference(ReadTarget.CONTACT, "", WriteRouting.REFUSE))
            .withContacts(Set.of(address("n3")));
    assertThat(draws(cluster, wish)).containsOnlyKeys("n3");
    assertThat(
            Chooser.choose(cluster, wish.withAvoid(Set.of(address("n3"))), new Random(1)).chosen())
        .isNull();
  }

  @Test
  void the_same_seed_makes_the_same_choices() {
    ClusterSnapshot cluster = cluster(node("n1"), node("n2"), node("n3"));
    Random one = new Random(42);
    Random other = new Random(42);
    for (int i = 0; i < 100; i++) {
      assertThat(Chooser.choose(cluster, read(), one).chosen())
          .isSameAs(Chooser.choose(cluster, read(), other).chosen());
    }
  }
}
