package io.quorate.sql.exec;

import java.util.function.LongSupplier;

/**
 * What the steps of one execution have done: how often each ran, how many rows it gave, and how
 * long it took by itself; and the memory that they keep together. One thread's own.
 */
public final class StepCounts {
  private static final int NO_STEP = -1;

  private final LongSupplier nanoClock;
  private final MemoryMeter meter;
  private final long[] runs;
  private final long[] rows;
  private final long[] nanos;
  private int current = NO_STEP;
  private long since;

  /**
   * Of an execution that begins.
   *
   * @param stepCount of the plan; a step is known by its number, from 0
   */
  public StepCounts(int stepCount, ExecutionContext context, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.meter = new MemoryMeter(context.memoryBytesMax());
    this.runs = new long[stepCount];
    this.rows = new long[stepCount];
    this.nanos = new long[stepCount];
  }

  /** For an execution whose steps are not counted, only what they keep. */
  public static StepCounts none(ExecutionContext context) {
    return new StepCounts(0, context, () -> 0);
  }

  public MemoryMeter meter() {
    return meter;
  }

  /** A step begins to give its rows, perhaps once more. */
  public void addRun(int step) {
    runs[step]++;
  }

  public void addRow(int step) {
    rows[step]++;
  }

  /**
   * From now on the time is a step's, whatever it was before.
   *
   * @return whose it was, for {@link #leave}
   */
  int enter(int step) {
    int before = current;
    pass(step);
    return before;
  }

  void leave(int before) {
    pass(before);
  }

  private void pass(int step) {
    long now = nanoClock.getAsLong();
    if (current != NO_STEP) {
      nanos[current] += now - since;
    }
    current = step;
    since = now;
  }

  public long runs(int step) {
    return runs[step];
  }

  public long rows(int step) {
    return rows[step];
  }

  /** Without the time of the steps that it gets its rows from. */
  public long nanos(int step) {
    return nanos[step];
  }
}
