package io.quorate.server.lang;

/**
 * What applying a command came to: the same on every replica, remembered with its request id, and
 * answered again to a repeated request.
 *
 * @param code what happened
 * @param updateCount rows changed, 0 where nothing was
 */
public record Outcome(Code code, long updateCount) {

  /**
   * The closed set of results. Stored by number, so an existing number never changes its meaning.
   */
  public enum Code {
    /** The command's effect is in the store. */
    APPLIED(0),
    /** Proposed under a leadership that has ended; no effect. The request may be proposed again. */
    FENCED(1),
    /**
     * Too old for the table of remembered requests to tell whether it ran before; no effect now.
     */
    EXPIRED(2);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    /** The number that is stored. */
    public int number() {
      return number;
    }

    /** The code stored under {@code number}. */
    public static Code of(int number) {
      for (Code code : values()) {
        if (code.number == number) {
          return code;
        }
      }
      throw new InvariantViolation("no outcome has the number " + number);
    }
  }
}
