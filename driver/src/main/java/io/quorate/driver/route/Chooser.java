package io.quorate.driver.route;

import io.quorate.driver.route.Choice.Verdict;
import io.quorate.driver.route.RoutePreference.WriteRouting;
import io.quorate.driver.route.RouteWish.Level;
import io.quorate.driver.wire.WireTopology.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Which node gets a request: a function of what is known, what is wanted, and chance. Statements
 * and {@code EXPLAIN ROUTING} ask the same.
 *
 * <p>Nodes are rejected, or ranked by what speaks against them; a heavier fault outweighs all
 * lighter ones together. Among the best, reads go by the power of two choices (Mitzenmacher 2001):
 * the one drawn is compared with where the connection reads already, and wins only when it is
 * clearly better, so that a pool spreads and a single connection stays.
 */
final class Chooser {
  /** A read at SESSION would wait there; somebody else answers sooner. */
  static final long LAG_MAX_MILLIS = 1_000;

  private static final int TROUBLE = 64;
  private static final int AWAY = 32;
  private static final int OLD = 16;
  private static final int STRANGER = 8;
  private static final int OTHER_ROLE = 4;
  private static final int NO_LINK = 2;
  private static final int OTHER_ZONE = 1;

  /** Below this, differences between nodes are the noise of a scheduler. */
  private static final long LATENCY_FLOOR_NANOS = 200_000;

  /** Latencies within this factor are alike: else the last of three equal nodes gets nothing. */
  private static final int ALIKE = 2;

  /** How much better another must be, to leave a node for it. */
  private static final int BETTER = 2;

  /** The same, when that costs a new socket. */
  private static final int BETTER_BY_A_LINK = 3;

  private Chooser() {}

  static Choice choose(ClusterSnapshot cluster, RouteWish wish, Random random) {
    List<Verdict> verdicts = new ArrayList<>(cluster.nodes().size());
    int best = Integer.MAX_VALUE;
    for (NodeView node : cluster.nodes()) {
      Verdict verdict = verdict(node, wish);
      verdicts.add(verdict);
      best = Math.min(best, verdict.rank());
    }
    if (best == Integer.MAX_VALUE) {
      return Choice.none(wish, verdicts);
    }
    List<NodeView> fitting = new ArrayList<>(verdicts.size());
    for (Verdict verdict : verdicts) {
      if (verdict.rank() == best) {
        fitting.add(verdict.node());
      }
    }
    if (fitting.size() == 1) {
      NodeView only = fitting.get(0);
      boolean leads = wish.way() != Exchange.Way.READER && only.leads();
      return Choice.of(wish, verdicts, only, leads ? Reason.LEADS : Reason.ONLY_ONE);
    }
    return draw(fitting, wish, verdicts, random);
  }

  private static Verdict verdict(NodeView node, RouteWish wish) {
    boolean meant = wish.preference().target() == ReadTarget.CONTACT && wish.isContact(node);
    if (node.role() == Role.WITNESS && !meant) {
      return Verdict.rejected(node, Reason.WITNESS);
    }
    if (wish.avoid().contains(node.address())) {
      return Verdict.rejected(node, Reason.FAILED_BEFORE);
    }
    // Asking a node again that has just answered is worth more than waiting for a dead one.
    if (!wish.avoid().isEmpty() && !node.trouble().isEmpty()) {
      return Verdict.rejected(node, Reason.IN_DOUBT);
    }
    return wish.way() == Exchange.Way.READER ? ofReader(node, wish) : ofLeader(node, wish);
  }

  private static Verdict ofReader(NodeView node, RouteWish wish) {
    ReadTarget target = wish.preference().target();
    if (target == ReadTarget.CONTACT) {
      if (!wish.isContact(node)) {
        return Verdict.rejected(node, Reason.NOT_CONTACT);
      }
    } else if (!target.othersToo() && !target.fits(node)) {
      return Verdict.rejected(node, Reason.NOT_TARGET);
    }
    int rank = 0;
    Reason reason = Reason.MORE_LOAD;
    String zone = wish.preference().zone();
    if (!zone.isEmpty() && !zone.equals(node.zone())) {
      rank += OTHER_ZONE;
      reason = Reason.OTHER_ZONE;
    }
    if (!target.fits(node)) {
      rank += OTHER_ROLE;
      reason = Reason.OTHER_ROLE;
    }
    if (!node.isMember() && target != ReadTarget.CONTACT) {
      rank += STRANGER;
      reason = Reason.STRANGER;
    }
    Reason old = tooOld(node, wish);
    if (old != null) {
      rank += OLD;
      reason = old;
    }
    return withTrouble(node, rank, reason);
  }

  /** Why its rows may be older than the level allows; null when they are not known to be. */
  private static @Nullable Reason tooOld(NodeView node, RouteWish wish) {
    boolean bounded = wish.level() == Level.BOUNDED;
    if (bounded
        && wish.stalenessMaxMillis() >= 0
        && node.stalenessMillis() > wish.stalenessMaxMillis()) {
      return Reason.STALE;
    }
    // What was never told is no reason: before the first answer nothing is known of anybody.
    if ((bounded || wish.level() == Level.LINEARIZABLE) && node.hasSpoken() && !node.quorate()) {
      return Reason.NOT_QUORATE;
    }
    if (bounded && node.hasSpoken() && node.stalenessMillis() < 0) {
      return Reason.UNPROVEN;
    }
    if (wish.level() == Level.SESSION && node.stalenessMillis() > LAG_MAX_MILLIS) {
      return Reason.LAGS;
    }
    return null;
  }

  private static Verdict ofLeader(NodeView node, RouteWish wish) {
    WriteRouting routing = wish.preference().writeRouting();
    if (wish.way() == Exchange.Way.LEADER && routing == WriteRouting.REFUSE) {
      if (wish.preference().target() == ReadTarget.CONTACT && !wish.isContact(node)) {
        return Verdict.rejected(node, Reason.NOT_CONTACT);
      }
      boolean here =
          wish.home() == null ? wish.isContact(node) : node.address().equals(wish.home());
      return withTrouble(node, here ? 0 : OTHER_ROLE, Reason.CONNECTED);
    }
    if (node.leads()) {
      return withTrouble(node, 0, Reason.LEADS);
    }
    int rank = OTHER_ROLE + (wish.hasOpen(node) ? 0 : NO_LINK) + (node.isMember() ? 0 : STRANGER);
    Reason reason = routing == WriteRouting.REDIRECT ? Reason.NAMES_THE_LEADER : Reason.PASSES_ON;
    return withTrouble(node, rank, reason);
  }

  private static Verdict withTrouble(NodeView node, int rank, Reason reason) {
    if (!node.trouble().isEmpty()) {
      return Verdict.candidate(node, rank + TROUBLE, Reason.TROUBLE);
    }
    return node.reachable()
        ? Verdict.candidate(node, rank, reason)
        : Verdict.candidate(node, rank + AWAY, Reason.AWAY);
  }

  private static Choice draw(
      List<NodeView> fitting, RouteWish wish, List<Verdict> verdicts, Random random) {
    int home = homeAmong(fitting, wish);
    if (home >= 0) {
      NodeView here = fitting.get(home);
      NodeView other = fitting.get(anotherThan(home, fitting.size(), random));
      int factor = wish.hasOpen(other) ? BETTER : BETTER_BY_A_LINK;
      return isBetter(other, here, factor)
          ? Choice.of(wish, verdicts, other, Reason.LESS_LOAD)
          : Choice.of(wish, verdicts, here, Reason.HOME);
    }
    int first = random.nextInt(fitting.size());
    NodeView one = fitting.get(first);
    NodeView other = fitting.get(anotherThan(first, fitting.size(), random));
    return Choice.of(wish, verdicts, isBetter(other, one, 1) ? other : one, Reason.LESS_LOAD);
  }

  /** Whether it has less load by more than this factor. */
  private static boolean isBetter(NodeView node, NodeView than, int factor) {
    long near = node.latencyNanos() + LATENCY_FLOOR_NANOS;
    long far = than.latencyNanos() + LATENCY_FLOOR_NANOS;
    if (near < far * ALIKE && far < near * ALIKE) {
      return (node.inFlight() + 1) * factor < than.inFlight() + 1;
    }
    return load(node) * factor < load(than);
  }

  private static int homeAmong(List<NodeView> fitting, RouteWish wish) {
    for (int i = 0; i < fitting.size(); i++) {
      NodeView node = fitting.get(i);
      if (node.address().equals(wish.home()) && wish.hasOpen(node)) {
        return i;
      }
    }
    return -1;
  }

  private static int anotherThan(int index, int size, Random random) {
    int drawn = random.nextInt(size - 1);
    return drawn < index ? drawn : drawn + 1;
  }

  /** Latency in nanoseconds times requests, this one among them. */
  static long load(NodeView node) {
    return (node.latencyNanos() + LATENCY_FLOOR_NANOS) * (node.inFlight() + 1);
  }
}
