package io.quorate.server.session;

import io.quorate.server.dispatch.ReadGate.Demand;
import io.quorate.server.dispatch.ReadLevel;
import io.quorate.sql.catalog.SqlType;
import io.quorate.sql.exec.ResultColumn;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of EXPLAIN ROUTING: where this node would run a statement, and what it thinks of the
 * other members. It tells what is known here now and asks nobody. Stateless.
 *
 * <p>LATENCY_US and IN_FLIGHT are null: only a driver that chooses between nodes measures them.
 */
final class RoutingRows {
  private static final List<ResultColumn> COLUMNS =
      List.of(
          text("NODE"),
          text("ADDRESS"),
          text("ROLE"),
          text("ZONE"),
          text("DECISION"),
          text("REASON"),
          number("LATENCY_US"),
          number("IN_FLIGHT"),
          number("STALENESS_MS"));

  private static final String CHOSEN = "chosen";
  private static final String CANDIDATE = "candidate";
  private static final String REJECTED = "rejected";

  private RoutingRows() {}

  private static ResultColumn text(String label) {
    return new ResultColumn(label, SqlType.of(SqlType.Name.VARCHAR), false, "", "", "");
  }

  private static ResultColumn number(String label) {
    return new ResultColumn(label, SqlType.of(SqlType.Name.BIGINT), true, "", "", "");
  }

  static List<ResultColumn> columns() {
    return COLUMNS;
  }

  static Executed answerOfRead(Rooms rooms, Demand demand) {
    Here here =
        new Here(
            rooms.cluster().topology().self(),
            rooms.gate().isOpen(demand),
            rooms.gate().isBehind(),
            rooms.gauge().isQuorate(),
            demand);
    return executed(ofRead(rooms.cluster().facts(), here), demand.token());
  }

  static Executed answerOfWrite(
      Rooms rooms, long token, WriteRouting routing, boolean inTransaction) {
    String self = rooms.cluster().topology().self();
    List<ClusterFacts.Fact> members = rooms.cluster().facts();
    return executed(
        routing == WriteRouting.FORWARD || inTransaction
            ? ofWrite(members, self, inTransaction)
            : ofWriteThatStays(members, self, routing),
        token);
  }

  private static Executed executed(List<@Nullable Object[]> rows, long token) {
    return new Executed(COLUMNS, new OpenCursor.Page(rows, true), null, List.of(), Shown.of(token));
  }

  /**
   * What is known where the statement is explained.
   *
   * @param self name of this node
   * @param open whether a read passes at once
   * @param behind whether it would wait for the leader's answer in vain
   * @param quorate whether a majority was lately known to follow a leader
   */
  record Here(String self, boolean open, boolean behind, boolean quorate, Demand demand) {}

  private record Verdict(String decision, String reason) {}

  /** Of a read that this node was asked for. */
  static List<@Nullable Object[]> ofRead(List<ClusterFacts.Fact> members, Here here) {
    return members.stream()
        .map(
            member ->
                row(
                    member,
                    member.name().equals(here.self)
                        ? readHere(member, here)
                        : readThere(member, here.demand)))
        .toList();
  }

  private static Verdict readHere(ClusterFacts.Fact self, Here here) {
    Demand demand = here.demand;
    if (here.open || demand.level() == ReadLevel.SESSION) {
      return new Verdict(CHOSEN, asked(demand) + standing(self, demand));
    }
    if (!here.quorate) {
      return new Verdict(
          REJECTED, asked(demand) + "hears no leader that a majority follows" + age(self));
    }
    return here.behind
        ? new Verdict(REJECTED, asked(demand) + "applies late" + age(self))
        : new Verdict(CHOSEN, asked(demand) + "asks the leader first how far the log reaches");
  }

  private static String asked(Demand demand) {
    String level = demand.level().name();
    return "was asked; "
        + (demand.level() == ReadLevel.BOUNDED
            ? level + " " + demand.stalenessMax().toMillis() + " ms: "
            : level + ": ");
  }

  private static String standing(ClusterFacts.Fact member, Demand demand) {
    if (demand.level() == ReadLevel.LOCAL) {
      return "shows what it has, revision " + member.applied();
    }
    if (member.applied() < demand.token()) {
      return "waits for revision " + demand.token() + ", shows " + member.applied();
    }
    return demand.level() == ReadLevel.BOUNDED
        ? "at most " + member.stalenessMillis() + " ms old"
        : "shows revision " + member.applied() + ", the session has seen " + demand.token();
  }

  private static String age(ClusterFacts.Fact member) {
    return member.stalenessMillis() < 0
        ? ", and cannot tell how old its rows are"
        : "; may be " + member.stalenessMillis() + " ms old";
  }

  private static Verdict readThere(ClusterFacts.Fact member, Demand demand) {
    if (!member.reachable()) {
      return new Verdict(REJECTED, "does not answer this node");
    }
    if (demand.level() != ReadLevel.LOCAL && member.applied() < demand.token()) {
      return new Verdict(
          CANDIDATE, "is behind: revision " + member.applied() + " of " + demand.token());
    }
    long staleness = member.stalenessMillis();
    boolean stale = staleness < 0 || staleness > demand.stalenessMax().toMillis();
    return demand.level() == ReadLevel.BOUNDED && stale
        ? new Verdict(CANDIDATE, "would ask the leader first" + age(member))
        : new Verdict(CANDIDATE, "was not asked; could serve it");
  }

  /**
   * Of a write, or of what belongs to a transaction that may write.
   *
   * @param inTransaction whether one is open
   */
  static List<@Nullable Object[]> ofWrite(
      List<ClusterFacts.Fact> members, String self, boolean inTransaction) {
    Optional<ClusterFacts.Fact> leader =
        members.stream().filter(ClusterFacts.Fact::leader).findFirst();
    return members.stream()
        .map(member -> row(member, write(member, leader, self, inTransaction)))
        .toList();
  }

  /** Of a write that this node is not to pass on. */
  static List<@Nullable Object[]> ofWriteThatStays(
      List<ClusterFacts.Fact> members, String self, WriteRouting routing) {
    return members.stream().map(member -> row(member, stays(member, self, routing))).toList();
  }

  private static Verdict stays(ClusterFacts.Fact member, String self, WriteRouting routing) {
    boolean here = member.name().equals(self);
    if (member.leader()) {
      return here
          ? new Verdict(CHOSEN, "leads")
          : new Verdict(CANDIDATE, "leads; " + self + " passes no write on");
    }
    return new Verdict(
        REJECTED, here ? "does not lead; write_routing is " + routing.text() : "does not lead");
  }

  private static Verdict write(
      ClusterFacts.Fact member,
      Optional<ClusterFacts.Fact> leader,
      String self,
      boolean inTransaction) {
    boolean here = member.name().equals(self);
    if (member.leader()) {
      String what = inTransaction ? "leads, and has the transaction" : "leads";
      return new Verdict(CHOSEN, here ? what : what + "; " + self + " hands it on");
    }
    if (member.role().toLowerCase(Locale.ROOT).equals("learner")) {
      return new Verdict(
          here ? CANDIDATE : REJECTED, "a learner cannot lead" + (here ? handsOn(leader) : ""));
    }
    if (member.role().toLowerCase(Locale.ROOT).equals("witness")) {
      return new Verdict(
          here ? CANDIDATE : REJECTED, "a witness holds no rows" + (here ? handsOn(leader) : ""));
    }
    if (here) {
      return new Verdict(CANDIDATE, "does not lead" + handsOn(leader));
    }
    return member.reachable()
        ? new Verdict(CANDIDATE, "does not lead; would hand it on too")
        : new Verdict(REJECTED, "does not answer this node");
  }

  private static String handsOn(Optional<ClusterFacts.Fact> leader) {
    return leader
        .map(other -> "; was asked, and hands it on to " + other.name())
        .orElse("; was asked, and waits until a leader is known");
  }

  private static @Nullable Object[] row(ClusterFacts.Fact member, Verdict verdict) {
    return new @Nullable Object[] {
      member.name(),
      member.clientAddress(),
      member.role(),
      member.zone(),
      verdict.decision,
      verdict.reason,
      null,
      null,
      member.stalenessMillis() < 0 ? null : member.stalenessMillis()
    };
  }
}
