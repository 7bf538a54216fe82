package io.quorate.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.dispatch.ReadLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RoutingRowsTest {
  private static final List<ClusterFacts.Fact> MEMBERS =
      List.of(
          fact("n1", "leader", 120, true, 3),
          fact("n2", "follower", 118, true, 40),
          fact("n3", "follower", 60, true, 900),
          fact("n4", "learner", 120, true, -1),
          fact("n5", "follower", 10, false, 9000));

  private static ClusterFacts.Fact fact(
      String name, String role, long applied, boolean reachable, long staleness) {
    return new ClusterFacts.Fact(
        name,
        name + ":42",
        role,
        "alive",
        role.equals("leader"),
        3,
        applied,
        applied,
        0,
        name + ":8765",
        "",
        "",
        Instant.EPOCH,
        "z-" + name,
        reachable,
        staleness);
  }

  private static List<String> read(String self, boolean open, boolean quorate, Demand demand) {
    return lines(
        RoutingRows.ofRead(MEMBERS, new RoutingRows.Here(self, open, false, quorate, demand)));
  }

  private static List<String> lines(List<@Nullable Object[]> rows) {
    return rows.stream().map(row -> row[0] + " " + row[4] + ": " + row[5]).toList();
  }

  @Test
  void a_row_says_who_and_where_and_how_old() {
    assertThat(RoutingRows.columns())
        .extracting(column -> column.label())
        .containsExactly(
            "NODE",
            "ADDRESS",
            "ROLE",
            "ZONE",
            "DECISION",
            "REASON",
            "LATENCY_US",
            "IN_FLIGHT",
            "STALENESS_MS");
    List<@Nullable Object[]> rows = RoutingRows.ofWrite(MEMBERS, "n2", false);
    assertThat(rows.get(1))
        .containsExactly(
            "n2",
            "n2:8765",
            "follower",
            "z-n2",
            "candidate",
            "does not lead; was asked, and hands it on to n1",
            null,
            null,
            40L);
    assertThat(rows.get(3)[8]).isNull();
  }

  @Test
  void a_read_of_a_session_runs_where_it_is_asked_and_tells_what_the_others_lack() {
    assertThat(read("n2", true, true, new Demand(ReadLevel.SESSION, 118)))
        .containsExactly(
            "n1 candidate: was not asked; could serve it",
            "n2 chosen: was asked; SESSION: shows revision 118, the session has seen 118",
            "n3 candidate: is behind: revision 60 of 118",
            "n4 candidate: was not asked; could serve it",
            "n5 rejected: does not answer this node");
    assertThat(read("n3", false, true, new Demand(ReadLevel.SESSION, 118)))
        .contains("n3 chosen: was asked; SESSION: waits for revision 118, shows 60");
  }

  @Test
  void a_bounded_read_runs_here_asks_the_leader_or_is_rejected() {
    Demand demand = new Demand(ReadLevel.BOUNDED, 0, Duration.ofMillis(500));
    assertThat(read("n2", true, true, demand))
        .contains(
            "n2 chosen: was asked; BOUNDED 500 ms: at most 40 ms old",
            "n3 candidate: would ask the leader first; may be 900 ms old",
            "n4 candidate: would ask the leader first, and cannot tell how old its rows are");
    assertThat(read("n3", false, true, demand))
        .contains(
            "n3 chosen: was asked; BOUNDED 500 ms: asks the leader first how far the log reaches");
    assertThat(read("n3", false, false, demand))
        .contains(
            "n3 rejected: was asked; BOUNDED 500 ms: hears no leader that a majority follows;"
                + " may be 900 ms old");
    RoutingRows.Here behind = new RoutingRows.Here("n3", false, true, true, demand);
    assertThat(lines(RoutingRows.ofRead(MEMBERS, behind)))
        .contains("n3 rejected: was asked; BOUNDED 500 ms: applies late; may be 900 ms old");
  }

  @Test
  void a_linearizable_read_needs_a_majority_and_a_local_one_nothing() {
    assertThat(read("n2", false, true, new Demand(ReadLevel.LINEARIZABLE, 0)))
        .contains(
            "n2 chosen: was asked; LINEARIZABLE: asks the leader first how far the log reaches");
    assertThat(read("n2", false, false, new Demand(ReadLevel.LINEARIZABLE, 0)).get(1))
        .startsWith("n2 rejected: ");
    assertThat(read("n2", true, false, new Demand(ReadLevel.LOCAL, 999)))
        .contains("n2 chosen: was asked; LOCAL: shows what it has, revision 118");
  }

  @Test
  void a_write_goes_to_the_leader() {
    assertThat(lines(RoutingRows.ofWrite(MEMBERS, "n2", false)))
        .containsExactly(
            "n1 chosen: leads; n2 hands it on",
            "n2 candidate: does not lead; was asked, and hands it on to n1",
            "n3 candidate: does not lead; would hand it on too",
            "n4 rejected: a learner cannot lead",
            "n5 rejected: does not answer this node");
    assertThat(lines(RoutingRows.ofWriteThatStays(MEMBERS, "n2", WriteRouting.REFUSE)).get(1))
        .contains("rejected", "write_routing is refuse");
    assertThat(lines(RoutingRows.ofWrite(MEMBERS, "n1", true)))
        .contains("n1 chosen: leads, and has the transaction");
    assertThat(lines(RoutingRows.ofWrite(MEMBERS, "n4", false)))
        .contains("n4 candidate: a learner cannot lead; was asked, and hands it on to n1");
    assertThat(lines(RoutingRows.ofWrite(MEMBERS.subList(1, 3), "n2", false)))
        .contains("n2 candidate: does not lead; was asked, and waits until a leader is known");
  }
}
