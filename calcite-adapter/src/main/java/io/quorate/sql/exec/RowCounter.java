package io.quorate.sql.exec;

import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.TransformedEnumerator;

/** Counts the rows that a step gives. Immutable; public because generated code calls it. */
public final class RowCounter {
  private final int step;

  public RowCounter(int step) {
    this.step = step;
  }

  /** The rows, counted in {@link StepCounts} as they pass. */
  public Enumerable<Object> count(DataContext context, Enumerable<Object> rows) {
    StepCounts counts = ((StatementContext) context).counts();
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        counts.addRun(step);
        int before = counts.enter(step);
        try {
          return new Counted(rows.enumerator(), counts, step);
        } finally {
          counts.leave(before);
        }
      }
    };
  }

  private static final class Counted extends TransformedEnumerator<Object, Object> {
    private final StepCounts counts;
    private final int step;

    Counted(Enumerator<Object> rows, StepCounts counts, int step) {
      super(rows);
      this.counts = counts;
      this.step = step;
    }

    @Override
    public boolean moveNext() {
      int before = counts.enter(step);
      try {
        boolean found = super.moveNext();
        if (found) {
          counts.addRow(step);
        }
        return found;
      } finally {
        counts.leave(before);
      }
    }

    @Override
    public Object current() {
      int before = counts.enter(step);
      try {
        return super.current();
      } finally {
        counts.leave(before);
      }
    }

    @Override
    protected Object transform(Object row) {
      return row;
    }
  }
}
