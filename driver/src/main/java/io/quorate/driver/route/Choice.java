package io.quorate.driver.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which node gets a request, which others could, and why the rest cannot. Immutable. */
final class Choice {
  /** What became of a node. */
  enum Decision {
    CHOSEN,
    CANDIDATE,
    REJECTED
  }

  /** A node and what was made of it. Immutable. */
  static final class Verdict {
    private final NodeView node;
    private final Decision decision;
    private final int rank;
    private final Reason reason;
    private final String detail;

    private Verdict(NodeView node, Decision decision, int rank, Reason reason, String detail) {
      this.node = node;
      this.decision = decision;
      this.rank = rank;
      this.reason = reason;
      this.detail = detail;
    }

    /**
     * @param rank the lower, the sooner it is taken
     */
    static Verdict candidate(NodeView node, int rank, Reason reason) {
      return new Verdict(node, Decision.CANDIDATE, rank, reason, "");
    }

    static Verdict rejected(NodeView node, Reason reason) {
      return new Verdict(node, Decision.REJECTED, Integer.MAX_VALUE, reason, "");
    }

    NodeView node() {
      return node;
    }

    Decision decision() {
      return decision;
    }

    int rank() {
      return rank;
    }

    Reason reason() {
      return reason;
    }
  }

  private final RouteWish wish;
  private final List<Verdict> verdicts;
  private final @Nullable NodeView chosen;
  private final Reason why;

  private Choice(RouteWish wish, List<Verdict> verdicts, @Nullable NodeView chosen, Reason why) {
    this.wish = wish;
    this.verdicts = verdicts;
    this.chosen = chosen;
    this.why = why;
  }

  static Choice none(RouteWish wish, List<Verdict> verdicts) {
    return new Choice(wish, verdicts, null, Reason.ONLY_ONE);
  }

  /** Of all these one is taken, for that reason. */
  static Choice of(RouteWish wish, List<Verdict> verdicts, NodeView chosen, Reason why) {
    return new Choice(wish, verdicts, chosen, why);
  }

  /** One that is settled before any choice: the others are rejected, for the same reason. */
  static Choice settled(
      RouteWish wish, ClusterSnapshot cluster, NodeAddress node, Reason why, Reason others) {
    List<Verdict> verdicts = new ArrayList<>();
    NodeView chosen = null;
    for (NodeView view : cluster.nodes()) {
      if (view.address().equals(node)) {
        chosen = view;
        verdicts.add(new Verdict(view, Decision.CHOSEN, 0, why, ""));
      } else {
        verdicts.add(Verdict.rejected(view, others));
      }
    }
    return new Choice(wish, verdicts, chosen, why);
  }

  /** The same, after some could not be reached and another was. */
  Choice corrected(NodeAddress reached, Map<NodeAddress, String> failed) {
    if (failed.isEmpty() && chosen != null && chosen.address().equals(reached)) {
      return this;
    }
    List<Verdict> all = new ArrayList<>();
    NodeView instead = null;
    for (Verdict verdict : verdicts()) {
      NodeView node = verdict.node;
      String failure = failed.get(node.address());
      if (node.address().equals(reached)) {
        instead = node;
        all.add(new Verdict(node, Decision.CHOSEN, verdict.rank, Reason.REACHED, ""));
      } else if (failure != null) {
        all.add(new Verdict(node, Decision.REJECTED, verdict.rank, Reason.NOT_REACHED, failure));
      } else {
        all.add(verdict);
      }
    }
    return new Choice(wish, all, instead, Reason.REACHED);
  }

  /** Null when none will do. */
  @Nullable NodeView chosen() {
    return chosen;
  }

  /** In the order of the snapshot. Made when asked for; most choices are only followed. */
  List<Verdict> verdicts() {
    List<Verdict> all = new ArrayList<>(verdicts);
    all.replaceAll(
        verdict ->
            isFirst(verdict)
                ? new Verdict(verdict.node, Decision.CHOSEN, verdict.rank, why, "")
                : verdict);
    return all;
  }

  private boolean isFirst(Verdict verdict) {
    return verdict.node == chosen && verdict.decision == Decision.CANDIDATE;
  }

  /** Why none will do, in a line. */
  String rejections() {
    List<String> lines = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      lines.add(verdict.node + " " + reason(verdict));
    }
    return String.join("; ", lines);
  }

  /** All that could be taken, in the order in which to try them. */
  List<NodeView> order() {
    List<Verdict> fitting = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      if (verdict.decision == Decision.CANDIDATE && !isFirst(verdict)) {
        fitting.add(verdict);
      }
    }
    fitting.sort(
        Comparator.<Verdict>comparingInt(verdict -> verdict.rank)
            .thenComparingLong(verdict -> Chooser.load(verdict.node)));
    List<NodeView> order = new ArrayList<>();
    if (chosen != null) {
      order.add(chosen);
    }
    fitting.forEach(verdict -> order.add(verdict.node));
    return order;
  }

  /** For a person, in a line. */
  String reason(Verdict verdict) {
    return verdict.detail.isEmpty()
        ? verdict.reason.text(verdict.node, wish)
        : verdict.reason.text(verdict.node, wish) + ": " + verdict.detail;
  }
}
