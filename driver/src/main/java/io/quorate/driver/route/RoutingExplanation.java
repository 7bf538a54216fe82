package io.quorate.driver.route;

import io.quorate.driver.route.Choice.Decision;
import io.quorate.driver.route.Choice.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code EXPLAIN ROUTING}: which node this connection would send the statement to, and
 * what that node says it would do with it. The columns are the node's.
 */
final class RoutingExplanation {
  private static final int NODE = 0;
  private static final int ROLE = 2;
  private static final int ZONE = 3;
  private static final int DECISION = 4;
  private static final int REASON = 5;
  private static final int STALENESS = 8;
  private static final int COLUMNS = 9;

  private RoutingExplanation() {}

  /**
   * Puts the two together.
   *
   * @param choice by which the question itself was sent
   * @param told the chosen node's answer
   */
  static RouteResult of(Choice choice, RouteResult told) {
    if (told.signature().size() != COLUMNS || told.cursor() != null) {
      return told;
    }
    Map<String, @Nullable Object[]> there = new LinkedHashMap<>();
    for (@Nullable Object[] row : told.rows()) {
      there.put(String.valueOf(row[NODE]), row);
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Verdict verdict : choice.verdicts()) {
      rows.add(row(choice, verdict, there.remove(verdict.node().name())));
    }
    // Members that take no clients, or that are new: the driver had no say in them.
    for (@Nullable Object[] unknown : there.values()) {
      @Nullable Object[] row = unknown.clone();
      row[DECISION] = Decision.REJECTED.name().toLowerCase(Locale.ROOT);
      row[REASON] = "the driver knows no way to it; there: " + unknown[REASON];
      rows.add(row);
    }
    return told.withRows(rows);
  }

  private static @Nullable Object[] row(
      Choice choice, Verdict verdict, @Nullable Object @Nullable [] there) {
    NodeView node = verdict.node();
    @Nullable Object[] row = new @Nullable Object[COLUMNS];
    row[NODE] = node.name();
    row[1] = node.address().toString();
    row[ROLE] = Reason.roleOf(node);
    row[ZONE] = node.zone();
    row[DECISION] = verdict.decision().name().toLowerCase(Locale.ROOT);
    row[6] = node.latencyNanos() == 0 ? null : node.latencyNanos() / 1_000;
    row[7] = (long) node.inFlight();
    row[STALENESS] = node.stalenessMillis() < 0 ? null : node.stalenessMillis();
    if (there != null && node.stalenessMillis() < 0) {
      row[STALENESS] = there[STALENESS];
    }
    row[REASON] = choice.reason(verdict) + (there == null ? "" : added(verdict, there));
    return row;
  }

  /** What the chosen node makes of the others matters only if it would hand the request on. */
  private static String added(Verdict verdict, @Nullable Object[] there) {
    if (verdict.decision() == Decision.CHOSEN) {
      return "; there: " + ("rejected".equals(there[DECISION]) ? "refused, " : "") + there[REASON];
    }
    return "chosen".equals(there[DECISION]) ? "; gets it in the end: " + there[REASON] : "";
  }
}
