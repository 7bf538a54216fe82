package io.quorate.driver.route;

/** What a connection says about where its statements go. Immutable. */
public final class RoutePreference {
  /** Anywhere, and writes by whoever passes them on. */
  public static final RoutePreference NONE =
      new RoutePreference(ReadTarget.ANY, "", WriteRouting.FORWARD);

  private final ReadTarget target;
  private final String zone;
  private final WriteRouting writeRouting;

  /** What a node that does not lead does with a write: the values of {@code write_routing}. */
  public enum WriteRouting {
    FORWARD,
    REDIRECT,
    REFUSE
  }

  /**
   * @param zone label of the nodes to read from as long as one of them will do; empty for all
   */
  public RoutePreference(ReadTarget target, String zone, WriteRouting writeRouting) {
    this.target = target;
    this.zone = zone;
    this.writeRouting = writeRouting;
  }

  ReadTarget target() {
    return target;
  }

  String zone() {
    return zone;
  }

  WriteRouting writeRouting() {
    return writeRouting;
  }
}
