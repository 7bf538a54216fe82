package io.quorate.driver.route;

/** How often nodes are asked whether they live, and how long they may be silent. Immutable. */
final class WatchTimes {
  /**
   * A read is taken from a silent node within about a second: a round until it is asked, the
   * patience, a round until that is seen. A write can be repeated too, but an election may come of
   * the same silence. What is bound to its node has nothing to gain.
   */
  static final WatchTimes USUAL = new WatchTimes(250, 600, 2_000, 5_000);

  /** A node that is asked answers within this, or is seen to at the next round. */
  private static final int ANSWER_MAX_MILLIS = 100;

  private static final int DIAL_MILLIS = 500;
  private static final int ROUNDS_TO_REDIAL = 4;

  private final int roundMillis;
  private final int readMillis;
  private final int writeMillis;
  private final int heldMillis;

  /**
   * @param roundMillis between two questions to a node
   * @param readMillis how long a node is silent before reads are taken from it
   * @param writeMillis the same for writes that commit by themselves
   * @param heldMillis the same for transactions and cursors, and all that has nowhere else to go
   */
  WatchTimes(int roundMillis, int readMillis, int writeMillis, int heldMillis) {
    this.roundMillis = roundMillis;
    this.readMillis = readMillis;
    this.writeMillis = writeMillis;
    this.heldMillis = heldMillis;
  }

  int roundMillis() {
    return roundMillis;
  }

  int answerMillis() {
    return Math.min(ANSWER_MAX_MILLIS, roundMillis);
  }

  /** To connect and greet; a node that needs longer is as good as silent. */
  int dialMillis() {
    return DIAL_MILLIS;
  }

  /** Until a node that took a dial and did not answer is dialled again. */
  int redialMillis() {
    return roundMillis * ROUNDS_TO_REDIAL;
  }

  /** From when on a node counts as silent. */
  int silentMillis() {
    return readMillis;
  }

  /**
   * How long a node may be silent before a call that waits there is broken off.
   *
   * @param elsewhere whether another node lives
   */
  int patienceMillis(Patience patience, boolean elsewhere) {
    if (!elsewhere) {
      return heldMillis;
    }
    switch (patience) {
      case READ:
        return readMillis;
      case WRITE:
        return writeMillis;
      case HELD:
        return heldMillis;
    }
    throw new IllegalStateException("unreachable: " + patience);
  }

  /** What a call that waits can lose. */
  enum Patience {
    /** Nothing: another node does as well. */
    READ,
    /** Little: it is done once, wherever it is repeated. */
    WRITE,
    /** All: a transaction, or the rest of some rows. */
    HELD
  }
}
