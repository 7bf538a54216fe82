package io.quorate.server.store;

/** Marks that no store has made. */
public final class Marks {
  private Marks() {}

  /** Those, ascending. */
  public static StateMarks of(StateMarks.Mark... marks) {
    StateMarks all = StateMarks.NONE;
    for (StateMarks.Mark mark : marks) {
      all = all.with(mark.revision(), mark.hash());
    }
    return all;
  }
}
