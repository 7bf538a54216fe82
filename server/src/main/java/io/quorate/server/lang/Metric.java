package io.quorate.server.lang;

import java.util.Comparator;
import java.util.List;

/**
 * One figure of this node, for who watches it.
 *
 * @param name in lower case with underscores; a promise
 * @param meaning for people, with the unit
 * @param member whom it is about; empty for the node itself
 */
public record Metric(String name, Kind kind, String meaning, String member, long value) {

  /** How it moves. */
  public enum Kind {
    /** Counts since the node was started. */
    COUNTER,
    /** Says how things are now. */
    GAUGE
  }

  public static Metric counter(String name, String meaning, long value) {
    return new Metric(name, Kind.COUNTER, meaning, "", value);
  }

  public static Metric gauge(String name, String meaning, long value) {
    return new Metric(name, Kind.GAUGE, meaning, "", value);
  }

  /** The same of another member. */
  public Metric of(String other) {
    return new Metric(name, kind, meaning, other, value);
  }

  /** Those of the node itself, by name. */
  public static List<Metric> ofNode(List<Metric> metrics) {
    return metrics.stream()
        .filter(metric -> metric.member.isEmpty())
        .sorted(Comparator.comparing(Metric::name))
        .toList();
  }
}
